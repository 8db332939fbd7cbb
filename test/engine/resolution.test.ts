import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkingNetworkV2 } from "@cdktf/provider-openstack/lib/networking-network-v2";
import { NetworkingSecgroupRuleV2 } from "@cdktf/provider-openstack/lib/networking-secgroup-rule-v2";
import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import { App, Aspects, Fn, TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { PlatformStack } from "../../engine/stack";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(outdir, { recursive: true }));

const state = { kind: "s3", bucket: "states", region: "here" } as const;
const ours = (app: App, name: string): TerraformStack => new PlatformStack(app, name, { state, key: name });

/** The same stack as cdktf does it. */
class Plain extends PlatformStack {
  override prepareStack(): void {
    TerraformStack.prototype.prepareStack.call(this);
  }
  override toTerraform(): unknown {
    return TerraformStack.prototype.toTerraform.call(this);
  }
}
const byCdktf = (app: App, name: string): TerraformStack => new Plain(app, name, { state, key: name });

type Make = (app: App, name: string) => TerraformStack;

/** Everything that an app writes, by stack. */
function output(make: Make, fill: (first: TerraformStack, second: TerraformStack) => void): readonly string[] {
  const app = new App({ outdir, skipValidation: true, stackTraces: false });
  const names = ["first", "second"];
  const [first, second] = names.map((name) => make(app, name));
  if (!first || !second) throw new Error("two stacks");
  fill(first, second);
  app.synth();
  return names.map((name) => readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
}

function everything(stack: TerraformStack): NetworkingNetworkV2 {
  const provider = new OpenstackProvider(stack, "openstack", { cloud: "one" });
  new OpenstackProvider(stack, "other", { cloud: "two", alias: "other" });
  const inner = new Construct(stack, "inner");
  const network = new NetworkingNetworkV2(inner, "network", { name: "n", provider });
  network.addOverride("tags", ["a", network.id]);
  const bound = new TerraformVariable(inner, "bound", { default: 80 });
  const rule = { direction: "ingress", ethertype: "IPv4", securityGroupId: Fn.upper(network.id) };
  new NetworkingSecgroupRuleV2(stack, "rule", { ...rule, portRangeMin: bound.numberValue, dependsOn: [network] });
  new TerraformLocal(stack, "text", `${network.id} and \${path.module} and $\${kept}`);
  new TerraformLocal(stack, "map", { [network.id]: [1, null, undefined, network.tags] });
  new TerraformOutput(inner, "id", { value: network.id });
  new TerraformOutput(inner, "later", { value: network.name, sensitive: true });
  new TerraformOutput(stack, "last", { value: 1 });
  stack.addOverride("moved", [{ from: "a", to: network.id }]);
  stack.addOverride("terraform.required_version", ">= 1.11");
  return network;
}

test("a stack is written as cdktf writes it", () => {
  const fill = (first: TerraformStack, second: TerraformStack) => {
    everything(first);
    new TerraformLocal(second, "alone", "text");
  };
  expect(output(ours, fill)).toEqual(output(byCdktf, fill));
});

type Network = NetworkingNetworkV2;

test.each<readonly [string, (network: Network) => unknown]>([
  ["an attribute", (network) => network.id],
  ["text with an attribute", (network) => `a ${network.id}`],
  ["a list of attributes", (network) => [network.id]],
  ["a list", (network) => network.availabilityZoneHints],
  ["a number", (network) => network.getNumberAttribute("mtu")],
  ["text with a number", (network) => `a ${network.getNumberAttribute("mtu")}`],
  ["a key", (network) => ({ [network.id]: 1 })],
  ["a function call", (network) => Fn.join("", [network.id])],
  ["something that is made later", (network) => Token.asAny({ resolve: () => network.id })],
])("%s of another stack is refused, either way round, before anything is written", (_, value) => {
  const forth = (first: TerraformStack, second: TerraformStack) => {
    new TerraformLocal(second, "theirs", value(everything(first)));
  };
  const back = (first: TerraformStack, second: TerraformStack) => forth(second, first);
  for (const fill of [forth, back]) {
    expect(() => output(ours, fill)).toThrow(/allowed: what the model computes/);
    for (const name of ["first", "second"]) expect(existsSync(join(outdir, "stacks", name, "cdk.tf.json"))).toBe(false);
  }
});

test("what an aspect changes or adds is written, once", () => {
  const fill = (first: TerraformStack, second: TerraformStack) => {
    const network = everything(first);
    new TerraformLocal(second, "alone", "text");
    Aspects.of(first).add({
      visit(node) {
        if (node === network) network.name = "changed";
        if (node === first) new TerraformLocal(first, "added", network.name);
      },
    });
  };
  const [first = ""] = output(ours, fill);
  expect(JSON.parse(first).resource.openstack_networking_network_v2.inner_network.name).toBe("changed");
  expect(JSON.parse(first).locals.added).toBe("${openstack_networking_network_v2.inner_network.name}");
});

test("what is changed after a synthesis is written by the next one", () => {
  const app = new App({ outdir, skipValidation: true });
  const stack = ours(app, "one");
  const network = everything(stack);
  app.synth();
  network.name = "changed";
  app.synth();
  expect(readFileSync(join(outdir, "stacks", "one", "cdk.tf.json"), "utf8")).toContain('"name": "changed"');
});
