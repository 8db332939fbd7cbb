import { type StatedEcflow, serverAccount } from "../../model/site/ecflow";
import { type Need, type Service, tcp } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";

const nameOf = (role: string): string => `${role}-rest`;
const unitOf = (role: string): string => `${nameOf(role)}.service`;
const tlsOf = (role: string): string => `/etc/platform/tls/${nameOf(role)}`;
const tokensOf = (role: string): string => `/etc/platform/${nameOf(role)}/tokens.json`;

/** Of tokens only what they are told by is kept: METHOD$SALT$HASH. @see ecFlow, rest_api, "Authentication" */
export const tokens = (name: string): Secret => ({
  secret: `ecflow/${name}-rest`,
  keys: ["tokens"],
  rotation: {
    steps: [
      "add the hash of another token to the file",
      "hand the token to its program",
      "revoke the last one in the file",
    ],
    test: "the program asks /v1/server/ping by the other token",
  },
  why: `who may ask ecFlow ${name} by HTTPS`,
});

export const restService = (role: string, port: number): Service => ({
  service: nameOf(role),
  on: { role },
  traffic: tcp(port),
  auth: "tls+token",
  entrance: { relay: "proxy", port },
});

export const restNeeds = (name: string, role: string, from: readonly string[]): readonly Need[] => [
  {
    need: "certificate",
    by: { role },
    service: nameOf(role),
    owner: serverAccount,
    restarts: unitOf(role),
    // It looks for these names in its folder.
    files: {
      certificate: `${tlsOf(role)}/server.crt`,
      key: `${tlsOf(role)}/server.key`,
      issuers: `${tlsOf(role)}/ca.crt`,
    },
    why: "programs know whom they ask",
  },
  {
    need: "secret",
    by: { role },
    secret: `ecflow/${name}-rest`,
    key: "tokens",
    file: tokensOf(role),
    owner: serverAccount,
    why: "programs prove who they are",
  },
  ...from.map(
    (network): Need => ({
      need: "flow",
      from: { outside: network },
      to: { service: nameOf(role) },
      why: `programs ask ecFlow ${name} by HTTPS`,
      option: "rest.from",
    }),
  ),
];

/**
 * The unit of the REST API. It asks the server by its own account: whoever has a token may do all that the server's account may.
 * @see ecFlow, rest_api: ecflow_http; without the program, the unit is passed over
 */
export const restUnit = (role: string, { rest }: StatedEcflow): readonly string[] => [
  "[Unit]",
  `Description=REST API of ${role}`,
  `After=${role}.service`,
  "ConditionPathExists=/usr/bin/ecflow_http",
  "",
  "[Service]",
  `Environment=ECF_RESTAPI_PORT=${rest?.port ?? 0} ECF_RESTAPI_TOKENS_FILE=${tokensOf(role)} ECF_RESTAPI_CERT_DIRECTORY=${tlsOf(role)}`,
  "ExecStart=/usr/bin/ecflow_http",
  "Restart=on-failure",
  "RestartSec=10",
];
