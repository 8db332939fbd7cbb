import { dirname } from "node:path/posix";
import { type StatedEcflow, serverAccount } from "../../model/site/ecflow";
import { submitting } from "../hpc/ecflow";
import { controlFolder, files as hpcFiles, program } from "../hpc/places";
import { aboutText } from "./about";
import { environment, environmentCfg, whiteList } from "./server";

/** Where everything is in the pod of a server. */
export const inPod = {
  folder: "/etc/ecflow",
  /** The volume. */
  volume: "/srv/home",
  /** What is made at each start. */
  run: "/run/ecflow",
  tls: "/run/tls",
  secrets: "/run/secrets/ecflow",
  port: 3141,
} as const;

/** What `platform-ecflow serve` has done each hour, where a host has timers. */
const beside = [
  [program, "pin"],
  [program, "trust"],
];

/**
 * Files and variables of the container; `platform-ecflow serve` reads them.
 * @param logsIn whether its jobs run at supercomputers
 */
export function containerOf(said: StatedEcflow, logsIn: boolean) {
  const { folder, run, tls, secrets, port } = inPod;
  const at = `# ecFlow server ${said.server}`;
  const env = environment({ port, host: "localhost", home: said.home, folder, run });
  const about = `${folder}/server.json`;
  return {
    command: ["platform-ecflow", "serve", about],
    env,
    files: {
      [about]: aboutText({
        said,
        port,
        names: [],
        folder: secrets,
        tls,
        variables: env,
        run,
        ...(logsIn ? { beside } : {}),
      }),
      [`${folder}/lists`]: whiteList(at, said.users),
      [`${folder}/server_environment.cfg`]: environmentCfg(at, said, logsIn ? submitting : {}),
    },
    scratch: [run, "/tmp", ...(logsIn ? [controlFolder(serverAccount), dirname(hpcFiles.fetched)] : [])],
  };
}
