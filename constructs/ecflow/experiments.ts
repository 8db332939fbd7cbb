import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import { accountsOf, type EcflowUser, ecflowSchema, type StatedEcflow } from "../../model/site/ecflow";
import { type Need, tcp } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import { image, type WorkloadSpec } from "../../model/site/workload";
import { day } from "../../model/words/calendar";
import { nameOf } from "../../model/words/name";
import { type Fields, names, oneOf, text, whole } from "../../model/words/parse";
import type { Problem } from "../../model/words/problem";
import { gib, mib, type Size, size } from "../../model/words/quantity";
import { homeOf, passwordOf } from "./places";
import { containerOf, inPod } from "./pod";

/** Servers of ecFlow for people who experiment, a pod each. */
export interface ExperimentsOptions {
  /** What pods are made of, with its digest: `constructs/ecflow/image` tells how. */
  readonly image: string;
  /** Servers, each by the user whose it is. */
  readonly servers: Readonly<Record<string, ExperimentFacts>>;
  /** The account `ecflow` in the image. @default 1000 */
  readonly uid?: number;
}

/** A server for the experiments of a user: as safe as that of the forecast. After its last day that is told, until it is taken out. */
export interface ExperimentFacts extends Pick<EcflowUser, "is" | "from" | "why"> {
  /** The port of nodes, and of the relay, at which it is met: 30000 to 32767. */
  readonly port: number;
  /** The last day, `2027-06-30`. */
  readonly until: string;
  /**
   * Supercomputers at which its jobs run, as its user and nobody else: the one of `people` there who has this name. Only a person has such an
   * account. @default - none
   */
  readonly submitsTo?: readonly string[];
  /** Size of the volume that has ECF_HOME; it goes with the server. @default gib(10) */
  readonly home?: Size;
}

const factsSchema = z.strictObject({
  is: oneOf(["person", "team", "front-end"]),
  port: whole(30000, 32767, "a port of nodes, 30000 to 32767", "choose one that no other has"),
  until: day,
  from: names("the name of an outside network").default([]),
  submitsTo: names("the name of a supercomputer").default([]),
  home: size.default(gib(10)),
  why: text("what is tried"),
} satisfies Fields<ExperimentFacts>);
type Facts = z.output<typeof factsSchema>;

const schema = z.strictObject({
  image,
  servers: z.record(nameOf("write the user as requests say it"), factsSchema),
  uid: whole(1, 2 ** 31 - 1, "a user id that is not root's", "leave it out for 1000").default(1000),
} satisfies Fields<ExperimentsOptions>);

const namespace = "experiments";
/** A program that one user asks. */
const asked = { milliCpu: 100, memory: mib(512) };

/**
 * ecFlow servers of users, on the cluster of the tenancy: a pod each, with a volume, in a namespace of experiments, which production
 * pushes aside. **Untried**: no image has been built, and a cluster has volumes by `cloud` alone.
 */
export const experiments = (options: ExperimentsOptions): Component =>
  component("experiments", "experiments", { schema, input: options }, (is): Description => {
    const all = Object.entries(is.servers).map(([user, facts]) => new Experiment(user, facts));
    const count = Math.max(1, all.length);
    return {
      ...(all.length > 0 ? { unobserved: "servers of one person each, who sees whether it works" } : {}),
      problems: all.flatMap((each) => each.problems),
      namespaces: [
        {
          namespace,
          environment: "experiments",
          quota: {
            // One more while a pod is replaced.
            milliCpu: asked.milliCpu * (count + 1),
            memory: gib(asked.memory.gib * (count + 1)),
            pods: count + 1,
            storage: gib(Math.max(1, ...[all.reduce((sum, { facts }) => sum + facts.home.gib, 0)])),
          },
          why: "ecFlow servers of users",
        },
      ],
      ecflow: all.map(({ said }) => said),
      workloads: all.map((each) => each.workload(is.image, is.uid)),
      secrets: all.map(({ name, user, said }) => ({
        secret: `ecflow/${name}`,
        keys: accountsOf(said.users),
        why: `passwords of the users of ecFlow ${user}`,
      })),
      services: all.map(({ name, facts: { port } }) => ({
        service: name,
        on: { workload: name },
        traffic: tcp(inPod.port),
        auth: "tls+password" as const,
        nodePort: port,
        entrance: { relay: "proxy", port },
      })),
      needs: all.flatMap((each) => each.needs),
    };
  });

/** The server of a user. */
class Experiment {
  readonly name: string;
  readonly said: StatedEcflow;

  constructor(
    readonly user: string,
    readonly facts: Facts,
  ) {
    const { is, from, until, why } = facts;
    this.name = `experiment-${user}`;
    this.said = ecflowSchema.parse({
      server: this.name,
      on: { workload: this.name },
      service: this.name,
      home: homeOf(inPod.volume),
      users: { [user]: { is, from, until, why } },
    });
  }

  workload(made: string, uid: number): WorkloadSpec {
    const { name, user, said, facts } = this;
    return {
      workload: name,
      namespace,
      runs: {
        kind: "StatefulSet",
        replicas: 1,
        volume: { path: inPod.volume, size: facts.home, fate: "disposable" },
      },
      containers: [
        {
          name: "ecflow",
          image: made,
          ...containerOf(said, facts.submitsTo.length > 0),
          ...asked,
          health: { tcp: inPod.port },
        },
      ],
      user: uid,
      why: `experiments of ${user} until ${facts.until}: ${facts.why}`,
    };
  }

  /** An account of a supercomputer is one person's. */
  get problems(): readonly Problem[] {
    const { user, facts } = this;
    if (facts.is === "person" || facts.submitsTo.length === 0) return [];
    return [
      {
        path: `servers.${user}.submitsTo`,
        value: facts.is,
        allowed: "a person, who has an account of their own there",
        fix: "leave it out: jobs of a team run by the account of an environment, from ecflow()",
      },
    ];
  }

  get needs(): readonly Need[] {
    const { name, user, said, facts } = this;
    const by = { workload: name };
    return [
      { need: "certificate", by, service: name, files: tlsFiles(inPod.tls), why: "its user knows the server" },
      ...accountsOf(said.users).map(
        (account): Need => ({
          need: "secret",
          by,
          secret: `ecflow/${name}`,
          key: account,
          file: passwordOf(inPod.secrets, account),
          why: "its user proves who it is",
          // Secrets are the tenancy's, and what reads them is an experiment there.
          acrossEnvironments: true,
        }),
      ),
      ...(facts.is === "person" ? facts.submitsTo : []).flatMap((supercomputer) => this.submission(supercomputer)),
      ...facts.from.map(
        (network): Need => ({
          need: "flow",
          from: { outside: network },
          to: { service: name },
          why: `${user} asks the server`,
          option: "servers",
        }),
      ),
    ];
  }

  private submission(supercomputer: string): readonly Need[] {
    const { name, user } = this;
    const option = `servers.${user}.submitsTo`;
    return [
      {
        need: "flow",
        from: { workload: name },
        to: { supercomputer, nodes: "login", person: user },
        traffic: tcp(22),
        why: `jobs of ${user} are submitted to ${supercomputer} by SSH`,
        option,
      },
      {
        need: "flow",
        from: { supercomputer, nodes: "compute" },
        to: { service: name },
        callback: true,
        why: `jobs of ${user} on ${supercomputer} report to their server`,
        option,
      },
    ];
  }
}
