import type { Connection } from "./connections";
import { files } from "./places";
import { ownHost } from "./troika";

/**
 * Begins a job. What goes wrong from here on, or ends it from outside, is told to the server; who is killed by force, or while it
 * waits, cannot tell, and Troika does, by the directives here.
 * @see ecFlow tutorial, "Understanding includes"; Troika, hooks/ecflow.py
 */
export const head = `#!/bin/bash
# Begun anew by Slurm after a node was lost, it would report as the job that the server knows, and run twice unseen.
#SBATCH --no-requeue
# troika name=%TASK%
# troika ecflow_name=%ECF_NAME%
# troika ecflow_pass=%ECF_PASS%
%include <site-%SCHOST%.h>
export ECF_NAME=%ECF_NAME% ECF_PASS=%ECF_PASS% ECF_TRYNO=%ECF_TRYNO% ECF_RID=\${SLURM_JOB_ID:-$$}

# Where nobody answers, the client goes on for a day. At a relay or a tunnel somebody always does, and a server that is away looks to it
# like one that speaks no TLS: it would give up at once, and the job with it.
ecflow_client() {
  local said code end=$((SECONDS + 86400))
  while true; do
    code=0
    { said=$(command ecflow_client "$@" 2>&1 >&3 3>&-) || code=$?; } 3>&1
    case $said in
      *handle_handshake*reset* | *handle_handshake*truncated* | *handle_handshake*"end of file"*) ;;
      *) break ;;
    esac
    ((code != 0 && SECONDS < end)) || break
    sleep 10
  done
  [ -z "$said" ] || echo "$said" >&2
  return "$code"
}
export -f ecflow_client

platform_end() {
  trap - ERR EXIT TERM INT HUP XCPU
  set +e
  ecflow_client --abort="$1"
  exit 1
}
set -eE -o pipefail
trap 'platform_end "line $LINENO ended with $?"' ERR
trap 'platform_end "ended before its tail"' EXIT
for signal in TERM INT HUP XCPU; do
  # shellcheck disable=SC2064
  trap "platform_end 'killed by $signal'" "$signal"
done
ecflow_client --init="$ECF_RID"
`;

/** Ends a job, after all that it began. */
export const tail = `for job in $(jobs -p); do wait "$job"; done
ecflow_client --complete
trap - ERR EXIT TERM INT HUP XCPU
exit 0
`;

/** What tasks have to know that run beside their server, which hands them its own environment. Its `/tmp` goes when it ends. */
export const ownInclude = (home: string): string => `export TMPDIR=${home}/tmp\nmkdir -p "$TMPDIR"\n`;

/** What jobs at one supercomputer have to know: by which program they report, and where. */
export function siteInclude({ site, supercomputer, callback, folder }: Connection): string {
  const { ecflow } = supercomputer.jobs;
  return [...(ecflow === undefined ? [] : clientFrom(ecflow)), ...reporting(callback, folder, site), ""].join("\n");
}

const clientFrom = (ecflow: string): readonly string[] =>
  ecflow.startsWith("/")
    ? [`export PATH=${ecflow}:$PATH`]
    : ['[ "$(type -t module)" = function ] || . /etc/profile', `module load ${ecflow}`];

/** A job that cannot report fails at once, and says why. */
function reporting(callback: Connection["callback"], folder: Connection["folder"], site: string): readonly string[] {
  const failing = (why: string) => [`echo "${why}" >&2`, "exit 1"];
  if (!callback)
    return failing("nobody has said how jobs report from here: jobs of the supercomputer in its site file");
  if (callback.by === "files")
    return [`export PLATFORM_REPORTS=${reportsIn(folder ?? "")} PATH=${clientIn(folder ?? "")}:$PATH`];
  if (callback.by === "tunnel") return [`export ECF_HOST=${callback.inside} ECF_PORT=${callback.port} ECF_SSL=1`];
  return callback.host === undefined
    ? failing(`the address of the bridge's relay is not known yet: databridge learn ${site}`)
    : [`export ECF_HOST=${callback.host} ECF_PORT=${callback.port} ECF_SSL=1`];
}

/** Where output of jobs lies, at the supercomputer, and on the host by the same path: the server shows what lies there. */
export const outputIn = (folder: string): string => `${folder}/output`;
/** Where jobs write what they report, if it is fetched; and what stands in for \`ecflow_client\` then. */
export const reportsIn = (folder: string): string => `${folder}/reports`;
export const clientIn = (folder: string): string => `${folder}/bin`;

/** Variables that a suite needs for each connection, by its name; and for tasks beside a server of this home. */
export const suites = (connections: readonly Connection[], home?: string): string =>
  `${JSON.stringify(
    Object.fromEntries([
      ...connections.map(({ name, folder, supercomputer }) => {
        const { output } = supercomputer.jobs;
        return [
          name,
          {
            SCHOST: name,
            ECF_INCLUDE: files.include,
            ...(folder === undefined ? {} : { ECF_OUT: outputIn(folder) }),
            ...(output.kind === "log-server" ? { ECF_LOGHOST: output.host, ECF_LOGPORT: `${output.port}` } : {}),
          },
        ] as const;
      }),
      ...(home === undefined
        ? []
        : [[ownHost, { SCHOST: ownHost, ECF_INCLUDE: files.include, ECF_OUT: home }] as const]),
    ]),
    undefined,
    2,
  )}\n`;
