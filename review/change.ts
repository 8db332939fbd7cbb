import type { Element } from "./stack";

/** What Terraform will do. `forget`: it leaves the state and stays in the cloud; `adopt`: the other way round. */
export type Action = "create" | "update" | "replace" | "delete" | "move" | "forget" | "adopt" | "none";

/** One argument that differs. */
export interface Difference {
  /** `fixed_ip.0.ip_address`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** `replaces`: the provider cannot change it; `ignored`: Terraform is told to leave it; `order`: of no consequence. */
  readonly effect: "changes" | "replaces" | "ignored" | "order";
}

/** What a change does to one element. */
export interface Change {
  readonly stack: string;
  readonly address: string;
  readonly action: Action;
  /** As it is, and as it will be. */
  readonly before: Element | undefined;
  readonly after: Element | undefined;
  readonly differences: readonly Difference[];
  /** Where it was, if it moved. */
  readonly from?: string;
  /** The element whose change brings this one about; nothing if it differs itself. */
  readonly through?: string;
  /** Found in the cloud by a plan, and brought about by nobody here. */
  readonly drift?: true;
}

/** The element as it was, or as it will be. */
export const elementOf = ({ before, after }: Change): Element => {
  const element = after ?? before;
  if (!element) throw new Error("a change of nothing");
  return element;
};

/** What is known of arguments, by type of resource and path: `fixed_ip.ip_address`. */
export interface ProviderFacts {
  /** Whether the order of its elements means nothing. */
  isSet(type: string, path: string): boolean;
  /** Whether the provider can change it only by making the resource anew. */
  replaces(type: string, path: string): boolean;
}
