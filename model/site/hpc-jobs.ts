import { z } from "zod";
import { type Fields, whole, word } from "../words/parse";
import { type Duration, minutes, time } from "../words/quantity";
import { isRecord } from "../words/record";

/** How jobs report to their server, where their output stays, and by which program they report. */
export interface JobFacts {
  /**
   * How child commands of jobs come to their server: from compute nodes to the relay of the bridge (`"proxy"`); by a port of a login
   * node, from which the server's host keeps a tunnel; or as files on the shared file system, which the host fetches each minute
   * (`"poll"`): there jobs cannot wait for others. @default "proxy" where addresses of compute nodes are stated
   */
  readonly callback?: CallbackFact;
  /** How their output gets to who looks at it. @default copiedEvery(minutes(5)) */
  readonly output?: OutputFact;
  /** The `ecflow_client` of jobs: a module, `ecflow/5.15.8`, or its folder, `/appl/local/destine/bin`. @default - jobs find it by themselves */
  readonly ecflow?: string;
}

/** How jobs report to their server. */
export type CallbackFact = "proxy" | "poll" | Tunnel;
/** Jobs report by a connection that a host of ours holds open to a login node. */
export interface Tunnel {
  readonly kind: "tunnel";
  /** The login node, as it is met from outside. */
  readonly node: string;
  /** Its name among compute nodes. */
  readonly inside: string;
}

/**
 * Jobs report to a port of a login node, that of their server, which the server's host leads back to itself by SSH. sshd of the login
 * node has to let others in by it (`GatewayPorts clientspecified`). *Untried* at any supercomputer.
 * @param node the one login node that the tunnel is kept to, as it is met from outside
 * @param inside its name among compute nodes
 */
export const tunnel = (node: string, inside: string): CallbackFact => ({ kind: "tunnel", node, inside });

/** How output of jobs comes back to the server. */
export type OutputFact = Copied | LogServer;
/** Output is copied back from time to time. */
interface Copied {
  readonly kind: "copied";
  readonly every: Duration;
}
/** Output stays where it is, and is asked for. */
interface LogServer {
  readonly kind: "log-server";
  readonly host: string;
  readonly port: number;
}

/** Output of jobs is copied to the host of their server, in one run for all of them. @param every whole minutes, an hour at most */
export const copiedEvery = (every: Duration): OutputFact => ({ kind: "copied", every });
/**
 * Output of jobs stays at the supercomputer, where a log server of ecFlow shows it; whoever looks asks that.
 * @see ecFlow documentation, ECF_LOGHOST, ECF_LOGPORT
 */
export const logServer = (host: string, port = 9316): OutputFact => ({ kind: "log-server", host, port });

const isMachineName = (v: unknown): v is string =>
  typeof v === "string" && /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(v);

/** A schema for the name of a host, as programs take it. */
export const machineName = (what: string) =>
  word(
    (v) => (isMachineName(v) ? v : undefined),
    `${what}, letters, digits, dots and dashes`,
    "write it without user and port",
  );

const callback = word(
  (v): CallbackFact | undefined => {
    if (v === "proxy" || v === "poll") return v;
    if (!isRecord(v) || v.kind !== "tunnel" || Object.keys(v).length !== 3) return undefined;
    return isMachineName(v.node) && isMachineName(v.inside) ? tunnel(v.node, v.inside) : undefined;
  },
  '"proxy", "poll" or tunnel("login node", "its name among compute nodes")',
  "write one of them",
);

const every = time.refine(({ seconds }) => seconds % 60 === 0 && seconds <= 3600, {
  params: { allowed: "whole minutes, an hour at most", fix: "write minutes(n)" },
});

export const jobsSchema = z.strictObject({
  callback: callback.exactOptional(),
  output: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("copied"), every } satisfies Fields<Copied>),
      z.strictObject({
        kind: z.literal("log-server"),
        host: machineName("the log server"),
        port: whole(1, 65535, "a port, 1 to 65535", "leave it out for 9316"),
      } satisfies Fields<LogServer>),
    ])
    .meta({ written: 'copiedEvery(minutes(n)) or logServer("host")' })
    .default({ kind: "copied", every: minutes(5) }),
  ecflow: word(
    (v) => (typeof v === "string" && /^\/?[\w.+-]+(\/[\w.+-]+)*$/.test(v) ? v : undefined),
    "a module, ecflow/5.15.8, or the folder of ecflow_client, from / on",
    "write one of them",
  ).exactOptional(),
} satisfies Fields<JobFacts>);
export type Jobs = z.output<typeof jobsSchema>;
