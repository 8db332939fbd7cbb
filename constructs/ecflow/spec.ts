import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import { type Need, tcp } from "../../model/site/need";
import { type Fate, fate, flavor, type HostSpec } from "../../model/site/specs";
import { type Fields, names, whole, word } from "../../model/words/parse";
import { gib, type Size, size } from "../../model/words/quantity";

export interface EcflowOptions {
  /** What the server listens on, 1024 to 49150. @default 3141 */
  readonly port?: number;
  /** The port at the proxy, for clients outside the tenancy. @default - as `port` */
  readonly relayPort?: number;
  /**
   * A second server on another hypervisor that takes over from its check points. It waits until somebody writes "promoted": its
   * check points are older than what the first one knows, and jobs that reported in between would become zombies. From then on
   * clients are led to it, and the first one waits. @default false
   */
  readonly standby?: boolean | "promoted";
  /** Supercomputers that run its jobs. @default - none */
  readonly submitsTo?: readonly string[];
  /** Outside networks whose users and front ends reach it. @default - none */
  readonly reachedFrom?: readonly string[];
  /** Size of ECF_HOME. @default gib(100) */
  readonly home?: Size;
  /** What becomes of ECF_HOME when the server leaves the description. @default "keep" */
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
  reachedFrom: names("the name of an outside network").default([]),
  home: size.default(gib(100)),
  fate: fate.default("keep"),
  flavor: flavor.default("medium"),
  slot: whole(4, 98, "a number in the subnet, 4 to 98", "leave it out for 60").default(60),
} satisfies Fields<EcflowOptions>);

/** The account that the server runs as, and jobs are submitted by. */
const serverAccount = "ecflow";

/** An ecFlow server on a VM. Jobs go out by SSH and report back through the proxy, where they authenticate. */
export const ecflow = (name: string, options: EcflowOptions = {}): Component =>
  component("ecflow", name, { schema, input: options }, (is) => {
    const role = `ecflow-${name}`;
    const isPromoted = is.standby === "promoted";
    const host = (hostName: string, slot: number, waits: boolean): HostSpec => ({
      name: hostName,
      roles: [role],
      subnet: "services",
      slot,
      flavor: is.flavor,
      flavorOption: "flavor",
      volumes: [{ name: "home", size: is.home, fate: is.fate }],
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
    return {
      hosts: [
        host(role, is.slot, isPromoted),
        ...(is.standby ? [host(`${role}-standby`, is.slot + 1, !isPromoted)] : []),
      ],
      secrets: [
        {
          secret: `ecflow/${name}`,
          keys: ["passwords"],
          rotation: {
            steps: [
              "write the password file with the new password",
              "restart the server in open hours",
              "hand the password to its user",
            ],
            test: "ecflow_client --ping as that user",
          },
          why: `passwords of the users of ecFlow ${name}`,
        },
      ],
      services: [
        {
          service: role,
          on: { role },
          traffic: tcp(is.port),
          auth: "tls+password",
          entrance: { relay: "proxy", port: is.relayPort ?? is.port, option: "relayPort" },
        },
        ...(is.standby
          ? [{ service: `${role}-checkpoints`, on: { role }, traffic: tcp(22), auth: "ssh-key" as const }]
          : []),
      ],
      needs: [
        {
          need: "certificate",
          by: { role },
          service: role,
          // @see ecFlow documentation, "Open SSL": a certificate that is replaced is read at the next start
          restarts: role,
          files: tlsFiles(`/etc/platform/tls/${role}`),
          why: "clients know their server, and passwords travel hidden",
        },
        {
          need: "secret",
          by: { role },
          secret: `ecflow/${name}`,
          key: "passwords",
          file: `/etc/platform/${role}/passwords`,
          restarts: role,
          why: "users and jobs prove who they are",
        },
        ...submission,
        ...is.reachedFrom.map(
          (network): Need => ({
            need: "flow",
            from: { outside: network },
            to: { service: role },
            why: `${network} reach ecFlow ${name}`,
            option: "reachedFrom",
          }),
        ),
        ...(is.standby
          ? [
              {
                need: "flow" as const,
                from: { role },
                to: { service: `${role}-checkpoints` },
                why: "check points are copied to the standby",
              },
            ]
          : []),
      ],
    };
  });
