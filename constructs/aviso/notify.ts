import { serviceDns } from "../../model/certificates";
import { type HostEntry, isOurs, type PlaceEntry } from "../../model/entries";
import type { HostFile } from "../../model/host-file";
import type { Registers } from "../../model/registers";
import type { StatedAviso } from "../../model/site/aviso";
import { header } from "../hosts/header";
import { lines } from "../hosts/lines";
import { connectionsOf, isSubmitting } from "../hpc/connections";
import { files as hpcFiles } from "../hpc/places";
import { passwordFile } from "./places";

/** How tasks notify that run on a host of `notifiers`, where suites find what else they include. */
export const filesOf = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly HostFile[] =>
  place.aviso.flatMap(({ said }) => {
    const [role, account] = Object.entries(said.notifiers).find(([role]) => host.roles.includes(role)) ?? [];
    if (role === undefined || account === undefined) return [];
    const met = metFrom(role, place, said, registers);
    if (!met || !connectionsOf(host, place, registers).some(isSubmitting)) return [];
    const text = include(header(host, place), said.events, account, met);
    return [{ path: `${hpcFiles.include}/${said.aviso}.h`, role: "hpc", text }];
  });

/** By which name its certificate is held, and where a host meets it. */
export interface Met {
  /** `aviso.lumi.apps.dte.destination-earth.eu` */
  readonly name: string;
  /** `aviso.production.lumi.apps.dte.destination-earth.eu:30443` */
  readonly at: string;
}

function metFrom(role: string, place: PlaceEntry, { aviso }: StatedAviso, { flows }: Registers): Met | undefined {
  const [name] = place.services.find(({ said }) => said.service === aviso)?.said.publicNames ?? [];
  const flow = flows.find(
    ({ service, place: its, from }) =>
      service === aviso && its === place.id && isOurs(from) && !from.pods && from.group.role === role,
  );
  return name !== undefined && flow ? { name, at: `${serviceDns(place, aviso)}:${flow.traffic.from}` } : undefined;
}

/**
 * A percent sign in it would be a variable of ecFlow. The password is in no argument, which others could list, and in no output of a task
 * that says what it does. curl tries again where it is answered so or refused; what cuts a connection off, as what passes TLS on does
 * where nothing is behind it, is tried again here.
 * @see aviso-server, docs/content/notification-api.md; curl(1), --retry
 */
export const include = (at: string, events: StatedAviso["events"], account: string, met: Met): string =>
  lines(
    at,
    "# Tells people what can be read from now on: a task that runs on this host includes it.",
    ...Object.entries(events).map(
      ([event, { identifier, payload }]) =>
        `#   platform_notify ${event} ${Object.keys(identifier)
          .map((key) => `${key}=…`)
          .join(" ")}${payload ? " < payload.json" : ""}`,
    ),
    "# While nobody answers, it asks for five minutes; then, and where it is refused, it fails. Who listens may be told twice.",
    "platform_notify() {",
    "  local -; { set +x; } 2> /dev/null",
    '  local event=${1-} key keys word password payload="" said=" " identifier="" wrong="" code end=$((SECONDS + 300))',
    "  case $event in",
    ...Object.entries(events).map(
      ([event, { identifier, payload }]) =>
        `    ${event}) keys="${Object.keys(identifier).join(" ")}"${payload ? ` payload=$(cat); [ -n "$payload" ] || wrong=" no payload is at its input;"` : ""} ;;`,
    ),
    `    *) echo "platform_notify: \\"$event\\" is no event, there are: ${Object.keys(events).join(", ")}" >&2; return 2 ;;`,
    "  esac",
    '  for word in "${@:2}"; do',
    '    if [[ $word =~ ^([a-z]+)=([A-Za-z0-9._/:+-]+)$ && " $keys " == *" ${BASH_REMATCH[1]} "* &&',
    '          $said != *" ${BASH_REMATCH[1]} "* ]]; then',
    '      said+="${BASH_REMATCH[1]} "',
    '      identifier+="${identifier:+, }\\"${BASH_REMATCH[1]}\\": \\"${BASH_REMATCH[2]}\\""',
    "    else",
    '      wrong+=" \\"$word\\" is not taken;"',
    "    fi",
    "  done",
    '  for key in $keys; do [[ $said == *" $key "* ]] || wrong+=" $key is missing;"; done',
    '  if [ -n "$wrong" ]; then',
    '    echo "platform_notify:$wrong $event takes each of these once, as <key>=<value>: $keys" >&2',
    "    return 2",
    "  fi",
    `  password=$(cat ${passwordFile(account)}) || return 1`,
    "  password=${password//\\\\/\\\\\\\\}",
    '  password=${password//\\"/\\\\\\"}',
    "  while true; do",
    "    code=0",
    '    curl -q --silent --show-error --fail-with-body --noproxy "*" --connect-timeout 10 --max-time 60 \\',
    "      --retry 10 --retry-delay 30 --retry-connrefused --retry-max-time 300 \\",
    `      --connect-to ${met.name}:443:${met.at} --config <(echo "user = \\"${account}:$password\\"") \\`,
    `      --json @- https://${met.name}/api/v1/notification \\`,
    '      <<< "{\\"event_type\\": \\"$event\\", \\"identifier\\": {$identifier}${payload:+, \\"payload\\": $payload}}" || code=$?',
    "    case $code in",
    "      35 | 52 | 55 | 56) ((SECONDS < end)) || break ;;",
    "      *) break ;;",
    "    esac",
    "    sleep 10",
    "  done",
    '  return "$code"',
    "}",
  );
