import type { TerraformResource } from "cdktf";

/** The address of a resource in its stack, as Terraform writes it: `openstack_blockstorage_volume_v3.host_store-1_volume-data`. */
export const addressOf = (resource: TerraformResource): string =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
