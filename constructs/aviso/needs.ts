import { tlsFiles } from "../../model/site/certificate";
import type { Need } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";
import { days } from "../../model/words/quantity";
import { authOTronName, passwordOf, signingSecret } from "../auth-o-tron/places";
import { tokenVariable } from "./nats";
import { files, avisoName as name, natsName, passwordFile } from "./places";
import { variables } from "./server";

const server = { workload: name };

export const token: Secret = {
  secret: "aviso/nats",
  keys: ["token"],
  rotation: {
    steps: [
      "write another: letters and digits, a letter first",
      `wait until the cluster has it, five minutes; then kubectl -n ${name} rollout restart sts/${natsName} deploy/${name}`,
    ],
    test: `kubectl -n ${name} get pods shows all of them ready`,
  },
  why: "NATS knows aviso-server by it",
};

/** What its pods need of each other, and of who says who somebody is. */
export const between: readonly Need[] = [
  { need: "flow", from: server, to: { service: natsName }, why: "notifications are kept, and read" },
  {
    need: "flow",
    from: server,
    to: { service: authOTronName },
    why: "it asks who somebody is",
    remedy: "add authOTron()",
  },
  {
    need: "certificate",
    by: { workload: natsName },
    service: natsName,
    files: tlsFiles(files.tls),
    why: "aviso-server knows it",
  },
  ...[server, { workload: natsName }].map(
    (by): Need => ({
      need: "secret",
      by,
      secret: token.secret,
      key: "token",
      file: `${files.secrets}/token`,
      variable: tokenVariable,
      why: "NATS knows aviso-server by it",
    }),
  ),
  {
    need: "secret",
    by: server,
    ...signingSecret,
    file: `${files.secrets}/jwt`,
    variable: variables.jwt,
    why: "it knows by it who somebody is",
  },
];

/** The certificate that is shown, by our Vault. */
export const issued: Need = {
  need: "certificate",
  by: server,
  service: name,
  files: tlsFiles(files.tls),
  why: "who listens knows it",
};

/** One that people bring, since strangers do not trust our Vault. */
export const certificateOf = (address: string): Secret => ({
  secret: "aviso/certificate",
  keys: ["certificate", "key"],
  // Of those that strangers trust none will last longer.
  greatestAge: days(80),
  rotation: {
    steps: ["have another certificate issued", "write both, with the certificates of its issuers"],
    test: `openssl s_client -connect ${address}:443 -servername ${address} shows its end`,
  },
  why: `strangers know ${address} by it`,
});

export const broughtTo = (address: string): readonly Need[] =>
  (["certificate", "key"] as const).map((key) => ({
    need: "secret",
    by: server,
    secret: certificateOf(address).secret,
    key,
    file: tlsFiles(files.tls)[key],
    why: `who listens knows ${address}`,
  }));

/** Who listens, and who notifies. */
export const clientsOf = ({ from, jobs, notifiers }: ClientsProps): readonly Need[] => [
  ...from.map(
    (outside): Need => ({
      need: "flow",
      from: { outside },
      to: { service: name },
      why: "whoever has a token listens, or notifies",
      option: "from",
    }),
  ),
  ...jobs.map(
    (supercomputer): Need => ({
      need: "flow",
      from: { supercomputer, nodes: "compute" },
      to: { service: name },
      why: `jobs on ${supercomputer} notify of what they have archived`,
      option: "jobs",
    }),
  ),
  ...Object.entries(notifiers).flatMap(([role, { account, owner }]): readonly Need[] => [
    {
      need: "flow",
      from: { role },
      to: { service: name },
      why: `${role} notifies as ${account}`,
      option: "notifiers",
    },
    {
      need: "secret",
      by: { role },
      ...passwordOf(account),
      file: passwordFile(account),
      owner,
      why: `notifies as ${account}`,
    },
  ]),
];

export interface ClientsProps {
  readonly from: readonly string[];
  readonly jobs: readonly string[];
  readonly notifiers: Readonly<Record<string, { readonly account: string; readonly owner: string }>>;
}
