import type { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { addressOf } from "./address";

const mark = "stateful";

/** A resource whose loss would lose data, or an address that somebody else has written down. */
export interface Stateful {
  /** As Terraform names it: `openstack_blockstorage_volume_v3.host_fdb-store-1_volume-data`. */
  readonly address: string;
  /** What would be lost: `volume`, `address`, … */
  readonly what: string;
}

/** Marks a resource as stateful: Terraform refuses to destroy it, and the platform tells when it leaves the description. */
export function keep(resource: TerraformResource, what: string): void {
  resource.lifecycle = { ...resource.lifecycle, preventDestroy: true };
  resource.node.addMetadata(mark, what);
}

/** Whether it is marked so. */
export const isKept = ({ node }: IConstruct): boolean => node.metadata.some(({ type }) => type === mark);

/** All stateful resources below a construct, by address. */
export const statefulIn = (scope: IConstruct): readonly Stateful[] =>
  scope.node
    .findAll()
    .flatMap((node) =>
      node.node.metadata
        .filter(({ type }) => type === mark)
        .map(({ data }) => ({ address: addressOf(node as TerraformResource), what: String(data) })),
    )
    .sort((a, b) => (a.address < b.address ? -1 : 1));
