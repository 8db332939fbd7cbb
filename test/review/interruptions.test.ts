import type { Change } from "../../review/change";
import { interruptionsOf } from "../../review/interruptions";
import { readPlan } from "../../review/plan";
import { type Element, readStack } from "../../review/stack";

const element = (type: string, args: Readonly<Record<string, unknown>>): Element => ({
  address: `${type}.x`,
  kind: "resource",
  type,
  path: "host/proxy/server",
  args,
  lifecycle: {},
  dependsOn: [],
});
const update = (type: string, path: string, stack = "north-production-tenancy"): Change => ({
  stack,
  address: `${type}.x`,
  action: "update",
  before: element(type, { [path]: "a" }),
  after: element(type, { [path]: "b" }),
  differences: [{ path, before: "a", after: "b", effect: "changes" }],
});
const [server, port] = ["openstack_compute_instance_v2", "openstack_networking_port_v2"];

test("what stops, is rebuilt or is destroyed interrupts, in every environment", () => {
  const said = ["host/proxy: the server stops and is resized: a → b"];
  expect(interruptionsOf([update(server, "flavor_id"), update(server, "flavor_id")])).toEqual(said);
  expect(interruptionsOf([update(server, "flavor_id", "north-test-tenancy")])).toEqual(said);
  const gone = { ...update(server, "name"), action: "delete" as const, after: undefined };
  expect(interruptionsOf([gone])).toEqual([expect.stringMatching(/^host\/proxy: is destroyed/)]);
});

test("what is made, named, labelled or asked next time interrupts nothing", () => {
  const made = { ...update(server, "name"), action: "create" as const, before: undefined, differences: [] };
  const quiet = [
    [server, "name"],
    [server, "metadata"],
    [port, "tags"],
    ["openstack_blockstorage_volume_v3", "size"],
    ["openstack_dns_recordset_v2", "ttl"],
    ["kubernetes_deployment_v1", "metadata"],
    ["kubernetes_network_policy_v1", "metadata"],
    ["kubernetes_cron_job_v1", "spec"],
    ["kubernetes_config_map_v1", "data"],
    ["kubernetes_resource_quota_v1", "spec"],
    ["vault_mount", "description"],
    ["terraform_data", "input"],
  ] as const;
  expect(interruptionsOf([made, ...quiet.map(([type, path]) => update(type, path))])).toEqual([]);
});

test.each([
  [server, "network", "another network: a → b"],
  [server, "security_groups", "another security_groups: a → b"],
  [port, "security_group_ids", "other security groups: what the host may be reached by: a → b"],
  [port, "allowed_address_pairs", "addresses that the host may pretend to have: a → b"],
  [port, "port_security_enabled", "whether security groups hold for the port: a → b"],
  ["openstack_networking_router_v2", "distributed", "another distributed: a → b"],
  ["openstack_dns_recordset_v2", "records", "a name leads elsewhere: a → b"],
  ["openstack_lb_pool_v2", "lb_method", "another lb_method: a → b"],
  ["kubernetes_deployment_v1", "spec", "another spec: a → b; its pods may be made anew"],
  ["kubernetes_stateful_set_v1", "spec", "another spec: a → b; its pods may be made anew"],
  ["kubernetes_daemonset", "spec", "another spec: a → b; its pods may be made anew"],
  ["kubernetes_network_policy_v1", "spec", "another spec: a → b; connections may be cut"],
  ["kubernetes_service_v1", "spec", "another spec: a → b; connections may be cut"],
  ["vault_policy", "policy", "another policy: a → b; who logs in, reads or is issued may be refused"],
  [
    "vault_approle_auth_backend_role",
    "token_policies",
    "another token_policies: a → b; who logs in, reads or is issued may be refused",
  ],
  ["what_nobody_has_thought_of", "either", "another either: a → b"],
])("an update of %s, %s", (type, path, said) => {
  expect(interruptionsOf([update(type, path)])).toEqual([`host/proxy: ${said}`]);
});

const rule = "openstack_networking_secgroup_rule_v2";
const from = (block: string) => element(rule, { direction: "ingress", protocol: "tcp", remote_ip_prefix: block });
const doors = (action: Change["action"], before: Element | undefined, after: Element | undefined) =>
  interruptionsOf([{ ...update(rule, "remote_ip_prefix"), action, before, after, differences: [] }]);

test("a door that closes cuts off who came by it; one that opens does not", () => {
  const closes = "host/proxy: closes tcp of host/proxy/server from 10.0.0.0/8";
  expect(doors("delete", from("10.0.0.0/8"), undefined)).toEqual([closes]);
  expect(doors("replace", from("10.0.0.0/8"), from("10.0.0.0/9"))).toEqual([closes]);
  expect(doors("replace", from("10.0.0.0/8"), from("10.0.0.0/8"))).toEqual(["host/proxy: a rule is written anew"]);
  expect(doors("create", undefined, from("10.0.0.0/8"))).toEqual([]);
  const listener = (cidrs: readonly string[]) => element("openstack_lb_listener_v2", { allowed_cidrs: cidrs });
  const listens = (before: readonly string[], after: readonly string[], more: readonly string[] = []) =>
    interruptionsOf([
      {
        ...update("openstack_lb_listener_v2", "allowed_cidrs"),
        before: listener(before),
        after: listener(after),
        differences: ["allowed_cidrs", ...more].map((path) => ({ path, before: 1, after: 2, effect: "changes" })),
      },
    ]);
  expect(listens(["10.0.0.0/8"], ["10.0.0.0/8", "192.0.2.0/24"])).toEqual([]);
  expect(listens(["10.0.0.0/8"], ["192.0.2.0/24"])).toEqual([expect.stringMatching(/closes .* from 10\.0\.0\.0/)]);
  expect(listens(["10.0.0.0/8"], ["10.0.0.0/8", "192.0.2.0/24"], ["default_tls_container_ref"])).toHaveLength(1);
});

test("what a plan knows only after it is applied counts where it is configured", () => {
  const head = readStack({ resource: { [port]: { x: { name: "a", security_group_ids: ["${y}"] } } } });
  const plan = {
    format_version: "1.2",
    resource_changes: [
      {
        address: `${port}.x`,
        mode: "managed",
        type: port,
        change: {
          actions: ["update"],
          before: { name: "a", security_group_ids: ["1"], all_tags: [] },
          after: { name: "b" },
          after_unknown: { security_group_ids: true, all_tags: true },
        },
      },
    ],
  };
  expect(interruptionsOf(readPlan("north-production-tenancy", plan, head)?.changes ?? [])).toEqual([
    expect.stringMatching(/other security groups/),
  ]);
});

test("a chart may restart what it installed; nobody has said that it does not", () => {
  expect(interruptionsOf([update("helm_release", "values")])).toEqual([
    expect.stringMatching(/^host\/proxy: another values: .*may restart$/),
  ]);
  expect(interruptionsOf([update("helm_release", "description")])).toEqual([]);
  expect(interruptionsOf([update("kubernetes_role_v1", "rule")])).toEqual([]);
});
