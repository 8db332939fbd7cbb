import type { PlaceEntry } from "../../model/entries";
import { podsIn } from "../../model/pods";
import type { StatedPolytope } from "../../model/site/polytope";
import type { StatedWorkload } from "../../model/site/workload";
import { clientKeysAt } from "../fdb/client";
import { hostsOf, listensAt } from "../fdb/met";
import { frontendYaml } from "./frontend";
import { files, workloads } from "./places";
import { type Beside, featuresYaml, fieldsYaml } from "./worker";

/** Workloads of Polytope with what they are told of others: who vouches for users, and where the FDB is. */
export function retrieving(said: StatedWorkload, place: PlaceEntry): StatedWorkload {
  const [polytope] = place.polytope;
  const [container, ...others] = said.containers;
  if (!polytope || !container) return said;
  const texts = textsOf(said.workload, polytope.said, place);
  return { ...said, containers: [{ ...container, files: { ...container.files, ...texts } }, ...others] };
}

function textsOf(workload: string, said: StatedPolytope, place: PlaceEntry): Readonly<Record<string, string>> {
  const at = `# ${workload} of ${place.id}`;
  if (workload === workloads.frontend) return { [files.frontend]: frontendYaml(at, said, urlOf(said.asks, place)) };
  const asked = place.fdb.find((each) => each.said.fdb === said.fdb);
  const fdb = asked && clientKeysAt(place, asked.said);
  if (!fdb) return {};
  if (workload === workloads.fields) return { [files.worker]: fieldsYaml(at, fdb) };
  if (workload !== workloads.features || !said.features) return {};
  const { gribjump, options } = said.features;
  return { [files.worker]: featuresYaml(at, fdb, besides(said.fdb, gribjump, place), options) };
}

/** How a service on pods is met by other pods of its cluster; what is none is told elsewhere. */
function urlOf(service: string, place: PlaceEntry): string {
  const found = place.services.find(({ said }) => said.service === service)?.said;
  const pods = podsIn(place).find(({ workload }) => found && "workload" in found.on && found.on.workload === workload);
  return `http://${service}.${pods?.namespace}.svc.cluster.local:${found?.traffic.from}`;
}

/** Each store of an FDB with GribJump on it. */
function besides(name: string, gribjump: string, place: PlaceEntry): readonly Beside[] {
  const fdb = place.fdb.find(({ said }) => said.fdb === name)?.said;
  const port = place.services.find(({ said }) => said.service === gribjump)?.said.traffic.from;
  return (fdb ? hostsOf(place, fdb.store) : []).map(({ address }) => ({
    fdb: `${address}:${fdb ? listensAt(place, fdb.store).port : 0}`,
    gribjump: `${address}:${port}`,
  }));
}
