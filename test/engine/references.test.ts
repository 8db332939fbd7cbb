import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkingNetworkV2 } from "@cdktf/provider-openstack/lib/networking-network-v2";
import { NetworkingSubnetV2 } from "@cdktf/provider-openstack/lib/networking-subnet-v2";
import { App, Fn, TerraformLocal, Token } from "cdktf";
import { mayReferElsewhere } from "../../engine/references";
import { PlatformStack } from "../../engine/stack";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "databridge-"));
});
afterEach(() => rmSync(outdir, { recursive: true }));

const state = { kind: "s3" as const, bucket: "states", region: "here" };

/** Two stacks, a network in each, and in the first something that is written with the one or the other. */
function two(write: (stack: PlatformStack, mine: NetworkingNetworkV2, theirs: NetworkingNetworkV2) => void) {
  const app = new App({ outdir, skipValidation: true });
  const [one, other] = ["one", "other"].map((name) => {
    const stack = new PlatformStack(app, name, { state, key: `${name}.tfstate` });
    return { stack, network: new NetworkingNetworkV2(stack, "network", { name }) };
  });
  if (!one || !other) throw new Error("two stacks");
  write(one.stack, one.network, other.network);
  return { app, stack: one.stack };
}

type Network = NetworkingNetworkV2;

test.each([
  ["plain text", () => "10.0.0.0/8"],
  ["an attribute of its own", (mine: Network) => mine.id],
  ["text with attributes of its own", (mine: Network) => `${mine.id}-${mine.name}`],
])("%s stays inside a stack", (_, value) => {
  expect(mayReferElsewhere(two((stack, mine) => new TerraformLocal(stack, "local", value(mine))).stack)).toBe(false);
});

test("what depends on things of its own stays inside a stack, and else not", () => {
  const dependent = (on: (mine: Network, theirs: Network) => Network) =>
    two((stack, mine, theirs) => new NetworkingNetworkV2(stack, "later", { dependsOn: [on(mine, theirs)] })).stack;
  expect(mayReferElsewhere(dependent((mine) => mine))).toBe(false);
  expect(mayReferElsewhere(dependent((_, theirs) => theirs))).toBe(true);
});

test.each<readonly [string, (theirs: Network) => unknown]>([
  ["an attribute", (theirs) => theirs.id],
  ["text with an attribute", (theirs) => `a ${theirs.id}`],
  ["a list of attributes", (theirs) => [theirs.id]],
  ["a list", (theirs) => theirs.availabilityZoneHints],
  ["a number", (theirs) => theirs.getNumberAttribute("mtu")],
  ["text with a number", (theirs) => `a ${theirs.getNumberAttribute("mtu")}`],
  ["a key", (theirs) => ({ [theirs.id]: 1 })],
  ["a function call", (theirs) => Fn.join("", [theirs.id])],
  ["something that is not resolved yet", (theirs) => Token.asAny({ resolve: () => theirs.id })],
])("%s of another stack is seen", (_, value) => {
  expect(mayReferElsewhere(two((stack, __, theirs) => new TerraformLocal(stack, "local", value(theirs))).stack)).toBe(
    true,
  );
});

test("cdktf then finds what another stack has", () => {
  const { app } = two(
    (stack, _, theirs) => new NetworkingSubnetV2(stack, "subnet", { networkId: theirs.id, cidr: "10.0.0.0/24" }),
  );
  app.synth();
  expect(readFileSync(join(outdir, "stacks", "one", "cdk.tf.json"), "utf8")).toContain("terraform_remote_state");
});
