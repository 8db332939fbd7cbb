import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { tlsFiles } from "../../model/site/certificate";
import { serverAccount } from "../../model/site/ecflow";
import type { StatedWorkload } from "../../model/site/workload";
import { connectionsOfPods } from "../hpc/connections";
import { rendered } from "../hpc/rendered";
import { plansFor } from "../multio/include";
import { inPod } from "./pod";

/** A workload, and what its server reads where it logs in to supercomputers: this follows from what stands elsewhere. */
export function loggingIn(said: StatedWorkload, place: PlaceEntry, registers: Registers): StatedWorkload {
  const isServer = place.ecflow.some(({ said: { on } }) => "workload" in on && on.workload === said.workload);
  const connections = isServer ? connectionsOfPods(said.workload, serverAccount, place, registers) : [];
  const [server, ...others] = said.containers;
  if (!server || connections.length === 0) return said;
  const at = `# ${said.workload} of ${place.id}`;
  const files = {
    ...rendered(at, connections, { roots: tlsFiles(inPod.tls).issuers }),
    ...plansFor(
      at,
      connections,
      place.multio.map(({ said }) => said),
    ),
  };
  return { ...said, containers: [{ ...server, files: { ...server.files, ...files } }, ...others] };
}
