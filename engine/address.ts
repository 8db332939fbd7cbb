import type { TerraformResource } from "cdktf";

/** The address of a resource in its stack, as Terraform writes it: `openstack_blockstorage_volume_v3.host_store-1_volume-data`. */
export const addressOf = (resource: TerraformResource): string =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;

/** An address in its two parts. */
export const partsOf = (address: string): { readonly type: string; readonly id: string } => {
  const dot = address.indexOf(".");
  return { type: address.slice(0, dot), id: address.slice(dot + 1) };
};
