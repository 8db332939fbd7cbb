import { dirname } from "node:path/posix";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { StatedWorkload } from "../../model/site/workload";
import { connectionsOfPods } from "../hpc/connections";
import { controlFolder, files } from "../hpc/places";
import { logins } from "../hpc/rendered";
import { orderOf } from "./order";

/** Where everything is in the pod of the job: the program and Troika in its image. */
const inPod = { program: "/opt/databridge-modules", order: "/etc/databridge-modules", account: "modules" } as const;

/** Keys of login nodes that are known by their fingerprints are fetched first, and held against these. What goes on later, or is done by somebody else just now, has not failed. */
const command = `platform-hpc pin && { python3 ${inPod.program}/program --order ${inPod.order} deploy || { code=$?; test $code = 3 || test $code = 75; }; }`;

/** The job that installs software, with what it is told and what it logs in by: this follows from what stands elsewhere. */
export function deploying(said: StatedWorkload, place: PlaceEntry, registers: Registers): StatedWorkload {
  const found = place.modules.find((each) => each.said.workload === said.workload);
  const [container, ...others] = said.containers;
  if (!found || !container) return said;
  const connections = connectionsOfPods(said.workload, inPod.account, place, registers);
  const order = orderOf({ said: found.said, place, places: files });
  const texts = {
    ...container.files,
    ...logins(`# ${said.workload} of ${place.id}`, connections),
    ...Object.fromEntries(Object.entries(order).map(([name, text]) => [`${inPod.order}/${name}`, text])),
  };
  const scratch = [...container.scratch, "/tmp", controlFolder(inPod.account), dirname(files.fetched)];
  return {
    ...said,
    containers: [{ ...container, command: ["/bin/sh", "-ec", command], files: texts, scratch }, ...others],
  };
}
