/** How much a change asks of who reads it, worst first. */
export const levels = ["irreversible", "outage", "review", "safe", "moved", "noise"] as const;
export type Level = (typeof levels)[number];

/** What a change of an argument does, beyond what the plan's verb says. */
export interface Effect {
  readonly level: Level;
  readonly what: string;
  /** Whether it may restart something that runs, or cut it off. @default - what is irreversible or an outage does */
  readonly interrupts?: boolean;
}

/** An entry with `*` holds for every type that has none of its own. */
const harmless = "safe";
/** To be looked at, and in closed hours refused. */
const cuts = { level: "review", interrupts: true } as const;

/**
 * What arguments mean that the provider changes in place. An argument that is not here asks for a review, and counts as one that
 * interrupts: what nobody has thought of is not let through in closed hours.
 * @see documentation of the OpenStack provider 3.4: each resource's arguments
 */
const byArgument: Readonly<Record<string, Readonly<Record<string, Effect>>>> = {
  "*": Object.fromEntries(
    ["name", "description", "tags", "metadata", "timeouts"].map((name) => [
      name,
      { level: harmless, what: `another ${name}` },
    ]),
  ),
  openstack_compute_instance_v2: {
    image_id: { level: "irreversible", what: "the root disk is rebuilt from another image" },
    image_name: { level: "irreversible", what: "the root disk is rebuilt from another image" },
    flavor_id: { level: "outage", what: "the server stops and is resized" },
    flavor_name: { level: "outage", what: "the server stops and is resized" },
    power_state: { level: "outage", what: "the server is started or stopped" },
    admin_pass: { level: "review", what: "another password" },
    stop_before_destroy: { level: "safe", what: "how it is stopped" },
  },
  openstack_networking_router_v2: {
    external_network_id: { level: "outage", what: "the egress address changes, which others have written down" },
    external_fixed_ip: { level: "outage", what: "the egress address changes, which others have written down" },
    external_subnet_ids: { level: "outage", what: "the egress address changes, which others have written down" },
    enable_snat: { level: "outage", what: "hosts lose or gain the router's address" },
    admin_state_up: { level: "outage", what: "the router starts or stops to forward" },
  },
  openstack_networking_port_v2: {
    fixed_ip: { level: "outage", what: "the address of the port changes" },
    no_fixed_ip: { level: "outage", what: "the address of the port changes" },
    admin_state_up: { level: "outage", what: "the port goes up or down" },
    port_security_enabled: { ...cuts, what: "whether security groups hold for the port" },
    no_security_groups: { ...cuts, what: "whether security groups hold for the port" },
    security_group_ids: { ...cuts, what: "other security groups: what the host may be reached by" },
    allowed_address_pairs: { ...cuts, what: "addresses that the host may pretend to have" },
  },
  openstack_networking_network_v2: {
    admin_state_up: { level: "outage", what: "the network goes up or down" },
    port_security_enabled: { ...cuts, what: "whether security groups hold in the network" },
  },
  openstack_networking_subnet_v2: {
    gateway_ip: { level: "outage", what: "hosts lose their way out until they renew" },
    no_gateway: { level: "outage", what: "hosts lose their way out until they renew" },
    enable_dhcp: { level: "outage", what: "hosts lose their addresses when they renew" },
    allocation_pool: { level: "safe", what: "addresses that are given away" },
    dns_nameservers: { ...cuts, what: "other resolvers" },
  },
  openstack_networking_floatingip_v2: {
    port_id: { level: "outage", what: "the public address leads elsewhere" },
    fixed_ip: { level: "outage", what: "the public address leads elsewhere" },
  },
  openstack_networking_floatingip_associate_v2: {
    port_id: { level: "outage", what: "the public address leads elsewhere" },
    fixed_ip: { level: "outage", what: "the public address leads elsewhere" },
  },
  openstack_blockstorage_volume_v3: {
    size: { level: "review", what: "the size of a volume; the file system in it follows by itself or not" },
    volume_type: { ...cuts, what: "the volume is copied to another kind of storage, or refused" },
    enable_online_resize: { level: "safe", what: "how it grows" },
  },
  openstack_objectstorage_container_v1: {
    container_read: { ...cuts, what: "who may read the bucket" },
    container_write: { ...cuts, what: "who may write the bucket" },
    force_destroy: { level: "review", what: "whether the bucket may be destroyed with what is in it" },
    versioning: { level: "review", what: "whether old versions are kept" },
  },
  openstack_lb_listener_v2: {
    allowed_cidrs: { level: "review", what: "who may connect" },
    admin_state_up: { level: "outage", what: "the listener starts or stops" },
    default_pool_id: { level: "outage", what: "connections lead elsewhere" },
    timeout_client_data: { level: "safe", what: "a time limit" },
    timeout_member_data: { level: "safe", what: "a time limit" },
    timeout_member_connect: { level: "safe", what: "a time limit" },
    connection_limit: { ...cuts, what: "how many may connect" },
  },
  openstack_lb_member_v2: { weight: { level: "safe", what: "another weight" } },
  openstack_lb_monitor_v2: Object.fromEntries(
    ["delay", "timeout", "max_retries", "max_retries_down"].map((name) => [
      name,
      { level: harmless, what: "how health is asked" },
    ]),
  ),
  openstack_dns_recordset_v2: {
    records: { ...cuts, what: "a name leads elsewhere" },
    ttl: { level: "safe", what: "how long a name is remembered" },
  },
  terraform_data: { input: { level: "safe", what: "a note in the state" } },
};

/** What a change of an argument does. @param path with positions or without: `fixed_ip.0.ip_address` */
export function effectOf(type: string, path: string): Effect {
  const [argument = "", detail = ""] = path.split(".");
  if (argument === "lifecycle") return lifecycle[detail] ?? { level: "review", what: `lifecycle: ${detail}` };
  const own = Object.hasOwn(byArgument, type) ? byArgument[type] : undefined;
  const all = byArgument["*"] ?? {};
  if (own && Object.hasOwn(own, argument)) return own[argument] as Effect;
  if (Object.hasOwn(all, argument)) return all[argument] as Effect;
  return { level: "review", what: `another ${argument}`, interrupts: !lasting.test(type) };
}

/** Types of which an update ends nothing: what is started or asked next has it. Pods that count on a file are made anew by themselves. */
const lasting =
  /^kubernetes_((cluster_)?role(_binding)?|service_account|resource_quota|limit_range|priority_class|config_map|cron_job)(_v1)?$/;

/** Whether something that runs is restarted by it, or cut off. */
export const doesInterrupt = ({
  level,
  interrupts = level === "irreversible" || level === "outage",
}: Effect): boolean => interrupts;

const lifecycle: Readonly<Record<string, Effect>> = {
  prevent_destroy: { level: "review", what: "whether Terraform refuses to destroy it" },
  ignore_changes: { level: "review", what: "what Terraform leaves alone" },
  replace_triggered_by: { level: "safe", what: "what makes it anew" },
  create_before_destroy: { level: "safe", what: "in which order it is made anew" },
  precondition: { level: "safe", what: "what is checked first" },
  postcondition: { level: "safe", what: "what is checked after" },
};

/** What is lost with a resource, by the end of its type's name, in the clouds that we know. */
const losses: readonly (readonly [type: RegExp, what: string])[] = [
  [/^openstack_blockstorage_volume_v\d$|^aws_ebs_volume$/, "the data of the volume"],
  [/^openstack_objectstorage_(container|object)_v1$|^(aws|minio)_s3_bucket$/, "the bucket and what is in it"],
  [/^openstack_sharedfilesystem_share_v2$|^aws_efs_file_system$/, "the file system and what is in it"],
  [/^openstack_db_(instance|database)_v1$|^aws_(db_instance|rds_cluster)$/, "the database"],
  [/^openstack_networking_floatingip_v2$|^aws_eip$/, "a public address that others have written down"],
  [/^openstack_images_image_v2$/, "the image"],
  [/^openstack_dns_zone_v2$/, "the zone and all names in it"],
  [/^openstack_networking_router_v2$/, "the egress address, which others have written down"],
  [/^kubernetes_(persistent_volume|persistent_volume_claim|namespace)(_v1)?$/, "what is kept in it"],
  [/^vault_(mount|pki_secret_backend\w*|auth_backend|\w+_secret_backend)$/, "all secrets below the mount"],
];

/** What would be lost if a resource of this type were destroyed; nothing for what can simply be made again. */
export const lossOf = (type: string): string | undefined => losses.find(([of]) => of.test(type))?.[1];

/** Resources whose absence nobody notices but Terraform. */
export const isRemark = (type: string): boolean => /^(terraform_data|null_resource|random_\w+|time_\w+)$/.test(type);

/** Whether a server is made by it, whose root disk goes with it. */
export const isServer = (type: string): boolean => /^(openstack_compute_instance_v2|aws_instance)$/.test(type);
