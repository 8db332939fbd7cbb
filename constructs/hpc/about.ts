import { isFingerprint } from "../../model/site/host-keys";
import { type Connection, jumpOf, machinesOf, tunnelOf } from "./connections";
import { type Places, stateFolder } from "./places";
import { clientIn, outputIn, reportsIn } from "./suites";

/** What \`platform-hpc\` of the role \`hpc\` reads. No value in it is secret. */
export const about = (connections: readonly Connection[], roots: string, at: Places): string =>
  `${JSON.stringify(
    {
      ssh: at.ssh,
      known: at.known,
      fetched: at.fetched,
      roots,
      machines: machinesOf(connections).map(({ alias, hosts, hostKeys }) => ({
        alias,
        hosts,
        fingerprints: hostKeys.filter(isFingerprint),
      })),
      connections: Object.fromEntries(connections.map((connection) => [connection.name, connectionOf(connection)])),
    },
    undefined,
    2,
  )}\n`;

function connectionOf(connection: Connection) {
  const { supercomputer, user, as, key, certificate, callback, folder, name } = connection;
  const { auth, host, jump, jobs } = supercomputer;
  return {
    host,
    user: user.account.user,
    as,
    ...(key === undefined ? {} : { key }),
    ...(certificate === undefined ? {} : { certificate }),
    machines: [supercomputer.name, ...(jump ? [jumpOf(supercomputer.name)] : [])],
    login: loginOf(auth),
    state: stateFolder(as),
    ...(callback ? { reports: callback.by } : {}),
    ...(callback?.by === "tunnel" ? { tunnel: tunnelOf(name) } : {}),
    ...(folder === undefined
      ? {}
      : {
          ...(jobs.output.kind === "copied" ? { output: outputIn(folder) } : {}),
          ...(callback?.by === "files" ? { spool: reportsIn(folder), client: clientIn(folder) } : {}),
        }),
  };
}

/** What is told where one cannot log in. */
function loginOf(auth: Connection["supercomputer"]["auth"]) {
  if (auth.kind === "registered-key") return { kind: auth.kind, portal: auth.portal ?? "the operator" };
  if (auth.kind === "signed-key") return { kind: auth.kind };
  const { kind, ca, fingerprint, renewal } = auth;
  return { kind, ca, fingerprint, renewal };
}
