import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import {
  accountsOf,
  type CheckPointCopies,
  type CheckPoints,
  checkPointCopiesSchema,
  checkPointsSchema,
  type EcflowSpec,
  ecflowSchema,
  type RestApi,
  restSchema,
  serverAccount,
  usersSchema,
} from "../../model/site/ecflow";
import { type Milestone, milestonesSchema } from "../../model/site/milestone";
import { hostName, type Need, tcp } from "../../model/site/need";
import { type Fate, fate, flavor, type HostSpec } from "../../model/site/specs";
import type { DescribedFields } from "../../model/words/assumed";
import { type Fields, names, whole, word } from "../../model/words/parse";
import { type Duration, gib, type Size, size } from "../../model/words/quantity";
import { needsOf, secretOf } from "../backup/needs";
import { hpcPanels } from "../hpc/panels";
import { budgetLeft, hpcScrapeOf, hpcServiceOf, hpcSignalsOf } from "../hpc/signals";
import { copiedOf } from "./copies";
import { ecflowPanels } from "./panels";
import { folderOf, homeOf, metricsOf, passwordOf, unitOf } from "./places";
import { restNeeds, restService, tokens } from "./rest";
import { logOf, scrapeOf, signalOfCopies, signalsOf, signalsOfMilestones } from "./signals";

/** A server of ecFlow: who uses it, to whom it submits, what is kept of it. */
export interface EcflowOptions {
  /** What the server listens on, 1024 to 49150. @default 3141 */
  readonly port?: number;
  /** The port at the proxy, for clients outside the tenancy. @default - as `port` */
  readonly relayPort?: number;
  /**
   * A second server on another hypervisor that takes over from what it last heard of the first one. It waits until somebody writes
   * "promoted": it knows less than the first one, and jobs that reported in between would become zombies. From then on
   * clients are led to it, and the first one waits. @default false
   */
  readonly standby?: boolean | "promoted";
  /** Supercomputers that run its jobs. @default - none */
  readonly submitsTo?: readonly string[];
  /** Who may ask it, by name: people, teams, front ends. @default - nobody but its own account and the probe */
  readonly users?: EcflowSpec["users"];
  /** Whether jobs run after its first start; later it begins as it ended. @default "running" */
  readonly starts?: EcflowSpec["starts"];
  readonly checkPoints?: CheckPoints;
  /** Where copies of its check points go, one an hour, by the active server alone. @default - there are none beside those on its volumes */
  readonly copies?: CheckPointCopies;
  /** How long its logs are kept, turned over each day. @default 90 days */
  readonly logs?: Duration;
  /** Programs ask it by HTTPS and tokens too; *untried*, since Debian's ecFlow has no such program. @default - they do not */
  readonly rest?: RestApi;
  /** What others wait for each day, by name. @default - nothing is stated */
  readonly milestones?: Readonly<Record<string, Milestone>>;
  /** Hosts of the internet from which tasks on its own hosts fetch, through the forward proxy: `polytope.example.org`. @default - none */
  readonly fetchesFrom?: readonly string[];
  /** Where its exporter tells Prometheus how it is. @default 9810 */
  readonly metricsPort?: number;
  /** Size of the volume that has ECF_HOME. @default gib(100) */
  readonly home?: Size;
  /** What becomes of it when the server leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** @default "medium" */
  readonly flavor?: string;
  /** Number of the server in the subnet `services`; the standby has the next. @default 60 */
  readonly slot?: number;
}

const schema = z.strictObject({
  // @see ecFlow, libs/server ServerOptions.cpp: it refuses to start on any other port
  port: whole(1024, 49150, "1024 to 49150, what ecFlow accepts", "leave it out for 3141").default(3141),
  relayPort: whole(1024, 65535, "1024 to 65535", "leave it out to use the same port").optional(),
  standby: word(
    (v) => (typeof v === "boolean" || v === "promoted" ? v : undefined),
    'true, false or "promoted"',
    "write one of them, or leave it out",
  ).default(false),
  submitsTo: names("the name of a supercomputer").default([]),
  users: usersSchema.default({}),
  starts: ecflowSchema.shape.starts,
  checkPoints: checkPointsSchema.prefault({}),
  copies: checkPointCopiesSchema.optional(),
  logs: ecflowSchema.shape.logs,
  rest: restSchema.optional(),
  milestones: milestonesSchema.default({}),
  fetchesFrom: z.array(hostName).default([]),
  metricsPort: whole(1024, 65535, "1024 to 65535", "leave it out for 9810").default(9810),
  home: size.default(gib(100)),
  fate: fate.default("keep"),
  flavor: flavor.default("medium"),
  slot: whole(4, 98, "a number in the subnet, 4 to 98", "leave it out for 60").default(60),
} satisfies Fields<EcflowOptions>);

/** Where that of a host is. */
const volume = "/srv/home";

/** An ecFlow server on a VM. Jobs go out by SSH and report back through the proxy, where they authenticate. */
export const ecflow = (name: string, options: DescribedFields<EcflowOptions> = {}): Component =>
  component("ecflow", name, { schema, input: options }, (is) => {
    const role = `ecflow-${name}`;
    const copied = copiedOf(name, role);
    const submits = is.submitsTo.length > 0;
    const isPromoted = is.standby === "promoted";
    const host = (hostName: string, slot: number, waits: boolean): HostSpec => ({
      name: hostName,
      roles: [role],
      subnet: "services",
      slot,
      flavor: is.flavor,
      flavorOption: "flavor",
      volumes: [
        {
          name: "home",
          size: is.home,
          fate: is.fate,
          ...(is.copies ? { backup: is.copies.at, backupOption: "copies.at" } : {}),
        },
      ],
      // In its group from the start: a server cannot join one later, and a standby may come.
      apart: { group: role, policy: "anti-affinity" },
      waits,
    });
    const submission = is.submitsTo.flatMap((supercomputer): readonly Need[] => [
      {
        need: "flow",
        from: { role },
        to: { supercomputer, nodes: "login", as: serverAccount },
        traffic: tcp(22),
        why: `jobs are submitted to ${supercomputer} by SSH`,
        option: "submitsTo",
      },
      {
        need: "flow",
        from: { supercomputer, nodes: "compute" },
        to: { service: role },
        callback: true,
        why: `jobs on ${supercomputer} report to their server`,
        option: "submitsTo",
      },
    ]);
    const accounts = accountsOf(is.users);
    const networks = [...new Set(Object.values(is.users).flatMap(({ from }) => from))];
    return {
      ecflow: [
        {
          server: name,
          on: { role },
          service: role,
          home: homeOf(volume),
          starts: is.starts,
          users: is.users,
          checkPoints: is.checkPoints,
          ...(is.copies ? { copies: is.copies } : {}),
          logs: is.logs,
          ...(is.rest ? { rest: is.rest } : {}),
          milestones: is.milestones,
        },
      ],
      scrapes: [scrapeOf(role), ...(submits ? [hpcScrapeOf(role)] : [])],
      recordings: submits ? [budgetLeft] : [],
      panels: [...ecflowPanels, ...(submits ? hpcPanels : [])],
      logs: [logOf(role, volume)],
      hosts: [
        host(role, is.slot, isPromoted),
        ...(is.standby ? [host(`${role}-standby`, is.slot + 1, !isPromoted)] : []),
      ],
      secrets: [
        {
          secret: `ecflow/${name}`,
          keys: accounts,
          rotation: {
            steps: [
              "write another password for its user by kv patch: eight letters and digits, or more",
              "the server takes it within minutes, without a restart, and the old one ends",
              "hand it to the user, whose client has it in ECF_CUSTOM_PASSWD",
            ],
            test: "ecflow_client --ping as that user",
          },
          why: `passwords of the users of ecFlow ${name}`,
        },
        ...(is.rest ? [tokens(name)] : []),
        ...(is.copies ? [secretOf(copied)] : []),
      ],
      services: [
        {
          service: role,
          on: { role },
          traffic: tcp(is.port),
          auth: "tls+password",
          entrance: { relay: "proxy", port: is.relayPort ?? is.port, option: "relayPort" },
        },
        { service: metricsOf(role), on: { role }, traffic: tcp(is.metricsPort), auth: "none" },
        ...(submits ? [hpcServiceOf(role)] : []),
        ...(is.rest ? [restService(role, is.rest.port)] : []),
      ],
      needs: [
        {
          need: "certificate",
          by: { role },
          service: role,
          owner: serverAccount,
          // @see ecFlow documentation, "Open SSL": a certificate that is replaced is read at the next start
          restarts: unitOf(role),
          files: tlsFiles(`/etc/platform/tls/${role}`),
          why: "clients know their server, and passwords travel hidden",
        },
        ...accounts.map(
          (user): Need => ({
            need: "secret",
            by: { role },
            secret: `ecflow/${name}`,
            key: user,
            file: passwordOf(folderOf(role), user),
            owner: serverAccount,
            reloads: unitOf(role),
            why: "users prove who they are",
          }),
        ),
        signalOfCopies(role, volume),
        ...signalsOf(name, role),
        ...signalsOfMilestones(name, role, is.milestones),
        ...is.submitsTo.flatMap((supercomputer) => hpcSignalsOf(role, supercomputer)),
        ...submission,
        ...(is.fetchesFrom.length > 0 ? [fetching(role, is.fetchesFrom)] : []),
        ...(is.rest ? restNeeds(name, role, is.rest.from) : []),
        ...(is.copies ? needsOf(copied, is.copies) : []),
        ...networks.map(
          (network): Need => ({
            need: "flow",
            from: { outside: network },
            to: { service: role },
            why: `ask ecFlow ${name}: ${Object.keys(is.users)
              .filter((user) => is.users[user]?.from.includes(network))
              .join(", ")}`,
            option: "users",
          }),
        ),
        ...(is.standby
          ? [
              {
                need: "flow" as const,
                from: { role },
                to: { service: role },
                why: "the standby asks for all that the server knows",
              },
            ]
          : []),
      ],
    };
  });

/** By name, since nobody knows the addresses of others for long. */
const fetching = (role: string, hosts: readonly string[]): Need => ({
  need: "flow",
  from: { role },
  to: { outside: "internet" },
  through: "forward-proxy",
  traffic: tcp(443),
  names: hosts,
  why: "tasks on the server's host fetch what the suites begin with",
  option: "fetchesFrom",
  remedy: "add proxy()",
});
