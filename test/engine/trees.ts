import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import { Construct } from "constructs";
import { Network } from "../../constructs/openstack/network";
import { Port } from "../../constructs/openstack/port";
import { Server } from "../../constructs/openstack/server";
import { Volume } from "../../constructs/openstack/volume";
import { PlatformApp } from "../../engine/app";
import { lockedStacks } from "../../engine/lock";
import { Refused } from "../../engine/refused";
import { PlatformStack } from "../../engine/stack";
import { emptyLock, type LockedStack } from "../../model/site/lock";
import { type MovesFacts, noMoves } from "../../model/site/moves";
import { gib } from "../../model/vocabulary";
import type { Problem } from "../../model/words/problem";

/** A stack that a test fills. */
export type Build = (stack: PlatformStack) => void;

/** A host as tenancies have it: port, kept volume, server and attachment. */
export function host(scope: Construct, id: string): Construct {
  const at = new Construct(scope, id);
  const network = Network.fromIds({ networkId: "n", subnetId: "s" });
  const port = new Port(at, "port", { name: id, network });
  const data = new Volume(at, "volume-data", { name: id, size: gib(1) });
  new Server(at, "server", { name: id, imageId: "i", flavor: "f", port, volumes: { data } });
  return at;
}

export interface Block {
  readonly from: string;
  readonly to: string;
}

/** What Terraform reads of a stack. */
export interface Written {
  readonly moved?: readonly Block[];
  readonly removed?: readonly object[];
  readonly import?: readonly object[];
  readonly terraform: { readonly backend: Readonly<Record<string, object>> };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const inFolder = <T>(use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), "databridge-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

interface Options {
  readonly locked?: LockedStack | undefined;
  readonly moves?: MovesFacts;
}

const appWith = (folder: string, build: Build, { locked, moves = {} }: Options): PlatformApp => {
  const locks = new Map([["north", { ...emptyLock, stacks: locked ? { stack: locked } : {} }]]);
  const app = new PlatformApp(folder, { locked: lockedStacks(locks) });
  const state = { kind: "s3" as const, bucket: "states", region: "r" };
  const at = "north.production";
  const stack = new PlatformStack(app, "stack", { state, key: "stack.tfstate", moves: { ...noMoves, ...moves }, at });
  new OpenstackProvider(stack, "openstack", { cloud: "here" });
  build(stack);
  return app;
};

/** What the lock holds of such a stack. */
export const lockOf = (build: Build): LockedStack =>
  inFolder((folder) => {
    const [standing] = appWith(folder, build, {}).standing();
    if (!standing) throw new Error("no stack");
    const { state, stateful } = standing;
    return { state, stateful: Object.fromEntries(stateful.map(({ address, what }) => [address, what])) };
  });

/** The stack as it is written. */
export const written = (build: Build, options: Options = {}): Written =>
  inFolder((folder) => {
    const [output] = appWith(folder, build, options).synthesize();
    return JSON.parse(readFileSync(output?.file ?? "", "utf8")) as Written;
  });

/** Why the stack is refused, as `path: value`. */
export const refusals = (build: Build, options: Options = {}): readonly string[] =>
  problems(build, options).map(({ path, value }) => `${path}: ${value}`);

/** How to go on, for everything that is refused. */
export const fixes = (build: Build, options: Options = {}): readonly string[] =>
  problems(build, options).map(({ fix }) => fix);

function problems(build: Build, options: Options): readonly Problem[] {
  try {
    inFolder((folder) => appWith(folder, build, options).standing());
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.problems;
    throw error;
  }
}

/** Answers that are no longer needed. */
export const over = (build: Build, options: Options = {}): readonly string[] =>
  inFolder((folder) => appWith(folder, build, options).synthesize()[0]?.over ?? []);

/** Addresses of a stack's resources. */
export const addresses = ({ resource = {} }: Written): readonly string[] =>
  Object.entries(resource)
    .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`))
    .sort();
