#!/usr/bin/env node
// databridge validate and terraform validate read the same blocks, good and broken, with the real OpenStack provider, and
// must come to the same verdict. What they do not agree on is listed here, with the reason.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile, root } from "../../cli/prepare.mjs";
import { Gate, isThere, run, Skipped } from "./gate.mjs";

const gate = new Gate();
const compiled = compile();
const load = createRequire(import.meta.url);
const { validate } = load(join(compiled, "engine", "validate", "validate.js"));
const { readSchemas } = load(join(compiled, "engine", "validate", "schemas.js"));
const schemas = readSchemas([
  join(root, "packages", "provider-openstack", "schema.json"),
  join(root, "engine", "validate", "providers"),
]);

const terraform = { required_providers: { openstack: { source: "terraform-provider-openstack/openstack" } } };
const network = { openstack_networking_network_v2: { n: { name: "n" } } };
/** @param {object} arguments_ */
const port = (arguments_) => ({ openstack_networking_port_v2: { p: { network_id: "n", ...arguments_ } } });
/** @param {object} arguments_ */
const server = (arguments_) => ({ openstack_compute_instance_v2: { s: { name: "s", ...arguments_ } } });
/** @param {object} arguments_ */
const rule = (arguments_) => ({
  openstack_networking_secgroup_rule_v2: {
    r: { direction: "ingress", ethertype: "IPv4", security_group_id: "g", ...arguments_ },
  },
});
/** @param {object} arguments_ */
const pool = (arguments_) => ({
  openstack_networking_subnet_v2: { s: { network_id: "n", cidr: "10.0.0.0/24", ...arguments_ } },
});

/** Whole configurations, by what they try; each goes with the providers above. @type {Record<string, object>} */
const corpus = {
  "a network": { resource: network },
  "a port with all kinds of arguments": {
    resource: {
      ...network,
      ...port({
        admin_state_up: true,
        tags: ["a"],
        value_specs: { a: "b" },
        network_id: "${openstack_networking_network_v2.n.id}",
      }),
    },
  },
  "nested blocks as a list": {
    resource: port({ fixed_ip: [{ subnet_id: "s", ip_address: "10.0.0.1" }, { subnet_id: "t" }] }),
  },
  "a nested block as an object": { resource: port({ fixed_ip: { subnet_id: "s" } }) },
  "no nested blocks": { resource: port({ fixed_ip: [] }) },
  "a comment": { "//": { any: 1 }, resource: port({ "//": { metadata: 1 } }) },
  "null for an optional argument": { resource: port({ name: null }) },
  "text for a number": { resource: rule({ port_range_min: "80", port_range_max: "80", protocol: "tcp" }) },
  "a number for text": { resource: port({ name: 7 }) },
  "truth for text": { resource: port({ name: true }) },
  "text for truth": { resource: port({ admin_state_up: "true" }) },
  "an expression for a number": {
    locals: { p: 80 },
    resource: rule({ port_range_min: "${local.p}", port_range_max: "${local.p + 1}", protocol: "tcp" }),
  },
  "a list by an expression": {
    resource: { ...network, ...port({ tags: "${openstack_networking_network_v2.n.all_tags}" }) },
  },
  "a list by a function": { resource: port({ tags: '${concat(["a"], ["b"])}' }) },
  "a list by a condition": {
    resource: { ...network, ...port({ tags: '${openstack_networking_network_v2.n.id == "" ? ["a"] : ["b"]}' }) },
  },
  "a for expression": { locals: { l: ["a"] }, resource: port({ tags: "${[for tag in local.l : upper(tag)]}" }) },
  "a for expression over a map": {
    locals: { m: { a: "b" } },
    resource: port({ value_specs: "${{for k, v in local.m : k => v}}" }),
  },
  "an element of a list": {
    resource: { ...network, ...port({ name: "${openstack_networking_network_v2.n.all_tags}" }) },
  },
  "an index into a list": {
    resource: {
      ...network,
      a: undefined,
      ...port({ name: "${openstack_networking_port_v2.q.all_fixed_ips[0]}" }),
      openstack_networking_port_v2: {
        p: { network_id: "n", name: "${openstack_networking_port_v2.q.all_fixed_ips[0]}" },
        q: { network_id: "n" },
      },
    },
  },
  "an index into a set": {
    resource: {
      openstack_networking_port_v2: {
        p: { network_id: "n", name: "${openstack_networking_port_v2.q.all_security_group_ids[0]}" },
        q: { network_id: "n" },
      },
    },
  },
  "text with a reference inside": {
    resource: { ...network, ...port({ name: "port of ${openstack_networking_network_v2.n.name}!" }) },
  },
  "an escaped dollar": { resource: port({ name: "$${not_a_reference}" }) },
  "a brace in quotes": { resource: port({ name: '${join("}", ["a"])}' }) },
  "a directive": { resource: port({ name: "%{ if true }a%{ endif }" }) },
  count: {
    resource: {
      openstack_networking_network_v2: { n: { count: 2, name: "n${count.index}" } },
      ...port({ network_id: "${openstack_networking_network_v2.n[0].id}" }),
    },
  },
  for_each: {
    resource: {
      openstack_networking_network_v2: { n: { for_each: '${toset(["a"])}', name: "${each.key}" } },
      ...port({ network_id: '${openstack_networking_network_v2.n["a"].id}' }),
    },
  },
  "a splat": {
    resource: {
      openstack_networking_network_v2: { n: { count: 2 } },
      ...port({ tags: "${openstack_networking_network_v2.n[*].id}" }),
    },
  },
  "a variable": { variable: { v: { type: "string", default: "x" } }, resource: port({ name: "${var.v}" }) },
  "a variable of another type": {
    variable: { v: { type: "bool", default: true } },
    resource: rule({ port_range_min: "${var.v}", protocol: "tcp" }),
  },
  "an output": { resource: network, output: { o: { value: "${openstack_networking_network_v2.n.id}" } } },
  "a data source": {
    data: { openstack_networking_network_v2: { e: { name: "e", external: true } } },
    resource: port({ network_id: "${data.openstack_networking_network_v2.e.id}" }),
  },
  depends_on: { resource: { ...network, ...port({ depends_on: ["openstack_networking_network_v2.n"] }) } },
  lifecycle: {
    resource: {
      ...network,
      ...port({
        lifecycle: {
          prevent_destroy: true,
          ignore_changes: ["name"],
          create_before_destroy: false,
          replace_triggered_by: ["openstack_networking_network_v2.n"],
        },
      }),
    },
  },
  "a precondition": {
    resource: {
      ...network,
      ...port({
        lifecycle: {
          precondition: [{ condition: '${openstack_networking_network_v2.n.name != ""}', error_message: "no" }],
        },
      }),
    },
  },
  "ignore all changes": { resource: port({ lifecycle: { ignore_changes: "all" } }) },
  "a condition that checks nothing": {
    resource: port({ lifecycle: { precondition: [{ condition: "${1 == 1}", error_message: "no" }] } }),
  },
  moved: {
    resource: network,
    moved: [{ from: "openstack_networking_network_v2.m", to: "openstack_networking_network_v2.n" }],
  },
  removed: { removed: [{ from: "openstack_networking_network_v2.m", lifecycle: { destroy: false } }] },
  terraform_data: {
    resource: { terraform_data: { d: { input: { a: [1, "b"] } } } },
    output: { o: { value: "${terraform_data.d.output}" } },
  },
  "a provider": { provider: { openstack: [{ cloud: "c", insecure: true }] }, resource: network },

  "an unknown argument": { resource: port({ nmae: "p" }) },
  "an unknown argument of a nested block": { resource: port({ fixed_ip: [{ subnet: "s" }] }) },
  "a missing argument": { resource: { openstack_networking_port_v2: { p: { name: "p" } } } },
  "null for a required argument": { resource: port({ network_id: null }) },
  "a missing argument of a nested block": { resource: port({ allowed_address_pairs: [{ mac_address: "m" }] }) },
  "an argument that only the provider sets": { resource: port({ all_fixed_ips: ["10.0.0.1"] }) },
  "an argument that only the provider sets, of a block": {
    resource: server({ network: [{ fixed_ip_v6: "x", nmae: 1 }] }),
  },
  "words for a number": { resource: rule({ port_range_min: "eighty", protocol: "tcp" }) },
  "truth for a number": { resource: rule({ port_range_min: true, protocol: "tcp" }) },
  "a number for truth": { resource: port({ admin_state_up: 1 }) },
  "words for truth": { resource: port({ admin_state_up: "yes" }) },
  "text for a list": { resource: port({ tags: "a" }) },
  "text with a reference for a list": {
    resource: { ...network, ...port({ tags: "${openstack_networking_network_v2.n.id}-a" }) },
  },
  "a list for text": { resource: port({ name: ["a"] }) },
  "an object for text": { resource: port({ name: { a: 1 } }) },
  "an object for a list": { resource: port({ tags: { a: "b" } }) },
  "a list for a map": { resource: port({ value_specs: ["a"] }) },
  "text for a map": { resource: port({ value_specs: "a" }) },
  "a list inside of a list of text": { resource: port({ tags: [["a"]] }) },
  "a list inside of a map of text": { resource: port({ value_specs: { a: ["b"] } }) },
  "a reference to text for a list": {
    resource: { ...network, ...port({ tags: "${openstack_networking_network_v2.n.id}" }) },
  },
  "a reference to a list for text": {
    resource: { ...network, ...port({ network_id: "${openstack_networking_network_v2.n.all_tags}" }) },
  },
  "a reference to truth for a number": {
    resource: {
      ...network,
      ...rule({ port_range_min: "${openstack_networking_network_v2.n.admin_state_up}", protocol: "tcp" }),
    },
  },
  "a reference to a map for a list": {
    resource: { ...network, ...port({ tags: "${openstack_networking_network_v2.n.value_specs}" }) },
  },
  "a block where text is meant": { resource: port({ fixed_ip: "s" }) },
  "a block that is a number": { resource: port({ fixed_ip: [3] }) },
  "too many blocks": { resource: port({ binding: [{ host_id: "a" }, { host_id: "b" }] }) },
  "too few blocks": {
    resource: {
      openstack_networking_subnet_v2: { s: { network_id: "n", cidr: "10.0.0.0/24", allocation_pool: [{}] } },
    },
  },
  "a missing end of a pool": { resource: pool({ allocation_pool: [{ start: "10.0.0.2" }] }) },
  "an unknown resource": { resource: { openstack_networking_netwrok_v2: { n: {} } } },
  "an unknown data source": { data: { openstack_networking_netwrok_v2: { n: {} } } },
  "a resource as a data source": { data: { openstack_networking_router_interface_v2: { n: {} } } },
  "a reference to nothing": { resource: port({ network_id: "${openstack_networking_network_v2.x.id}" }) },
  "a reference to an unknown attribute": {
    resource: { ...network, ...port({ network_id: "${openstack_networking_network_v2.n.uuid}" }) },
  },
  "a reference into text": {
    resource: { ...network, ...port({ network_id: "${openstack_networking_network_v2.n.id.value}" }) },
  },
  "a reference inside of a function to nothing": {
    resource: port({ name: "${upper(openstack_networking_network_v2.x.name)}" }),
  },
  "a reference inside of quotes to nothing": {
    resource: port({ name: '${upper("a ${openstack_networking_network_v2.x.name}")}' }),
  },
  "a data source that is not there": { resource: port({ network_id: "${data.openstack_networking_network_v2.e.id}" }) },
  "a local value that is not there": { resource: port({ name: "${local.x}" }) },
  "a variable that is not there": { resource: port({ name: "${var.x}" }) },
  "an output of nothing": { output: { o: { value: "${openstack_networking_network_v2.x.id}" } } },
  "a local value of nothing": { locals: { l: "${openstack_networking_network_v2.x.id}" } },
  "depends_on as an expression": {
    resource: { ...network, ...port({ depends_on: ["${openstack_networking_network_v2.n}"] }) },
  },
  "depends_on an attribute": {
    resource: { ...network, ...port({ depends_on: ["openstack_networking_network_v2.n.id"] }) },
  },
  "replace_triggered_by as an expression": {
    resource: {
      ...network,
      ...port({ lifecycle: { replace_triggered_by: ["${openstack_networking_network_v2.n}"] } }),
    },
  },
  "prevent_destroy as an expression": {
    variable: { p: { default: true } },
    resource: port({ lifecycle: { prevent_destroy: "${var.p}" } }),
  },
  "a provider that has another name": { resource: port({ provider: "openstack.other" }) },
  "a provider of two": {
    provider: { openstack: [{ cloud: "a" }, { cloud: "b", alias: "other" }] },
    resource: port({ provider: "openstack.other" }),
  },
  "a move with a wrong word": {
    resource: network,
    moved: [{ from: "openstack_networking_network_v2.m", too: "openstack_networking_network_v2.n" }],
  },
  "a move": {
    resource: network,
    moved: [{ from: "openstack_networking_network_v2.m", to: "openstack_networking_network_v2.n" }],
  },
  "a removal": { removed: [{ from: "openstack_networking_network_v2.m", lifecycle: [{ destroy: false }] }] },
  "a removal with a wrong word": {
    removed: [{ from: "openstack_networking_network_v2.m", lifecyle: [{ destroy: false }] }],
  },
  "an import with a wrong word": { resource: network, import: [{ to: "openstack_networking_network_v2.n", ids: "1" }] },
  "an output without a value": { output: { a: { description: "x" } } },
  "an output with a wrong word": { output: { a: { value: "x", descripton: "x" } } },
  "a variable with a wrong word": { variable: { a: { defalt: "x" } } },
  "another number as text": { resource: rule({ port_range_min: "0x10", port_range_max: 80, protocol: "tcp" }) },
  "resources in a list": { resource: [network, port({ network_id: "${openstack_networking_network_v2.n.id}" })] },
  "resources in a list, one of them wrong": {
    resource: [network, { openstack_networking_network_v2: { m: { nonsense: 1 } } }],
  },
  "another stack's state": { data: { terraform_remote_state: { o: { backend: "local", config: { path: "x" } } } } },
  "a directive that binds a name": { resource: port({ name: "%{ for x in [1, 2] }${x}%{ endfor }" }) },
  "a name that is bound, in quotes": { resource: port({ name: '${join(",", [for x in [1, 2] : "a${x}b"])}' }) },
  "a comment in an expression": { resource: port({ name: "${1 /* foo.bar */}" }) },
  "a dynamic block": {
    resource: port({ dynamic: { fixed_ip: { for_each: ["s"], content: { subnet_id: "${fixed_ip.value}" } } } }),
  },
  "a dynamic block of another kind": { resource: port({ dynamic: { fixed_up: { for_each: ["s"], content: {} } } }) },
  "two that depend on each other": {
    resource: {
      openstack_networking_network_v2: {
        a: { depends_on: ["openstack_networking_network_v2.b"] },
        b: { depends_on: ["openstack_networking_network_v2.a"] },
      },
    },
  },
  "each.key of nothing": { resource: port({ name: "${each.key}" }) },
  "a module that is not there": { resource: port({ name: "${module.x.id}" }) },
  "half a GiB": { resource: { openstack_blockstorage_volume_v3: { v: { size: 1.5 } } } },
  "depends_on nothing": { resource: port({ depends_on: ["openstack_networking_network_v2.x"] }) },
  "replaced by nothing": {
    resource: port({ lifecycle: { replace_triggered_by: ["openstack_networking_network_v2.x"] } }),
  },
  "changes of an unknown argument ignored": { resource: port({ lifecycle: { ignore_changes: ["nmae"] } }) },
  "an unknown word of lifecycle": { resource: port({ lifecycle: { prevent_destruction: true } }) },
  "words for truth in lifecycle": { resource: port({ lifecycle: { prevent_destroy: "perhaps" } }) },
  "an unknown block at the top": { resources: network },
  "an unknown argument of the provider": { provider: { openstack: [{ clowd: "c" }] }, resource: network },
  "a list for text of the provider": { provider: { openstack: [{ cloud: ["c"] }] }, resource: network },
  "a resource that is no block": { resource: { openstack_networking_network_v2: { n: "x" } } },
  "an unknown argument of terraform_data": { resource: { terraform_data: { d: { inputs: 1 } } } },
};

/** What only one of them sees, and why. @type {Record<string, string>} */
const differences = {
  "an element of a list": "terraform learns types of other resources at plan; the schema has them",
  "a reference to text for a list": "as above",
  "a reference to a list for text": "as above",
  "a reference to a map for a list": "as above",
  "replaced by nothing": "terraform tells it at plan",
  "two that depend on each other": "a graph is terraform's to make",
  "each.key of nothing": "who repeats is not followed",
  "a module that is not there": "modules are not read",
  "half a GiB": "the schema says number, the provider whole number",
  "a condition that checks nothing": "terraform wants a condition to refer to something; nothing is evaluated here",
};

gate.check("every stack of the sites is sound", () => {
  const out = join(gate.folder, "out");
  run("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: out } });
  for (const stack of readdirSync(join(out, "stacks"))) {
    const written = JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8"));
    const { problems, checked } = validate(stack, written, schemas);
    const blocks = [written.resource, written.data]
      .flatMap((kind) => Object.values(kind ?? {}))
      .reduce((sum, named) => sum + Object.keys(named).length, 0);
    if (problems.length > 0 || checked < blocks || blocks === 0)
      throw new Error(`${stack}: ${checked} of ${blocks} blocks checked, ${JSON.stringify(problems[0])}`);
  }
});

const [tools, why] = [isThere("terraform") && isThere("go"), "no terraform, or no Go to build the provider"];
const env = tools
  ? { TF_CLI_CONFIG_FILE: run("node", ["packages/provider-openstack/build.mjs"]).trim(), CHECKPOINT_DISABLE: "1" }
  : {};
const cwd = join(gate.folder, "corpus");
mkdirSync(cwd);
/** @param {object} configuration */
const write = (configuration) =>
  writeFileSync(join(cwd, "main.tf.json"), JSON.stringify({ terraform, ...configuration }));
if (tools) {
  write({ resource: network });
  run("terraform", ["init", "-no-color"], { cwd, env });
}

for (const [name, configuration] of Object.entries(corpus))
  gate.check(name, () => {
    if (!tools) throw new Skipped(why);
    write(configuration);
    const theirs = accepts();
    /** @type {{ problems: readonly { path: string, allowed: string }[] }} */
    const { problems } = validate("stack", JSON.parse(readFileSync(join(cwd, "main.tf.json"), "utf8")), schemas);
    const differs = (problems.length === 0) !== theirs.valid;
    if (differs === name in differences) return;
    const ours = problems.map(({ path, allowed }) => `${path}: ${allowed}`).join("; ") || "accepts it";
    throw new Error(differs ? `terraform: ${theirs.says}; we: ${ours}` : "is agreed on: take it off the list");
  });

/** @returns {{ valid: boolean, says: string }} what terraform says of the configuration */
function accepts() {
  let text;
  try {
    text = run("terraform", ["validate", "-json"], { cwd, env });
  } catch (error) {
    text = error instanceof Error ? error.message.slice(error.message.indexOf("\n") + 1) : "";
  }
  const { valid, diagnostics } = JSON.parse(text);
  const says = diagnostics.map(
    (/** @type {{ summary: string, detail: string }} */ { summary, detail }) => `${summary}: ${detail}`,
  );
  return { valid, says: says.join("; ") || "accepts it" };
}

for (const [name, reason] of Object.entries(differences)) console.log(`differs: ${name}: ${reason}`);
gate.done();
