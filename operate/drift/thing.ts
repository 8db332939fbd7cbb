/** Kinds of things that a project has, as people call them. */
export const kinds = [
  "rule",
  "server",
  "port",
  "public address",
  "volume",
  "security group",
  "router",
  "network",
  "subnet",
  "router interface",
  "load balancer",
  "listener",
  "server group",
  "bucket",
] as const;
export type Kind = (typeof kinds)[number];

/** Something that a project has, or should have, in words that are the same for both. */
export interface Thing {
  readonly kind: Kind;
  /** By which the two are held together: names are unique in our projects. */
  readonly name: string;
  /** What must be the same, by what it is. */
  readonly facts: Readonly<Record<string, string>>;
  /** Of its construct in its stack. @default - it is found only */
  readonly path?: string;
  /** In the cloud. @default - it is described only */
  readonly id?: string;
  /** What else helps to tell what it is. @default - nothing */
  readonly hint?: string;
}

/** A rule has no name; what it says tells it from all others. */
export const ruleName = (is: {
  readonly group: string;
  readonly direction: string;
  readonly protocol: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly peer: string;
}): string => {
  const ports = is.from === undefined ? "" : is.from === is.to ? ` ${is.from}` : ` ${is.from}-${is.to}`;
  const side = is.direction === "ingress" ? "in from" : "out to";
  return `${is.group}: ${is.protocol ?? "anything"}${ports} ${side} ${is.peer}`;
};

/** A list of which the order means nothing. */
export const unordered = (items: readonly string[]): string => [...items].sort().join(", ");
