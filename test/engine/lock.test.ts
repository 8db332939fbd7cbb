import { Construct } from "constructs";
import { Volume } from "../../constructs/openstack/volume";
import { gib } from "../../model/vocabulary";
import { type Build, fixes, host, lockOf, refusals } from "./trees";

const named =
  (id: string): Build =>
  (stack) =>
    host(new Construct(stack, "host"), id);
const volumeAt = (path: string) => `openstack_blockstorage_volume_v3.${path}`;

describe("what the lock holds and the stack has no more", () => {
  const locked = lockOf(named("vault-1"));
  test("is refused by its address", () =>
    expect(refusals(() => undefined, { locked })).toEqual([
      `north.lock.stacks.stack.stateful.${volumeAt("host_vault-1_volume-data")}: volume`,
    ]));
  test("is told with words to paste: what it may be now, or that it went", () => {
    expect(fixes(named("vault-a"), { locked })).toEqual([
      'put it back; or in north.production, formerly: { "host/vault-a": "host/vault-1" }, ' +
        'or retired: { "host/vault-1/volume-data": destroyed("why") } or released("why")',
    ]);
    expect(fixes(() => undefined, { locked })).toEqual([
      expect.stringContaining('formerly: { "<path that it has now>": "host/vault-1/volume-data" }'),
    ]);
  });
  test("is told to be forgotten on purpose where it stands but is kept no more", () => {
    const disposable: Build = (stack) =>
      new Volume(new Construct(new Construct(stack, "host"), "vault-1"), "volume-data", {
        name: "v",
        size: gib(1),
        fate: "disposable",
      });
    expect(fixes(disposable, { locked })).toEqual([
      `keep it; or, if it may be lost: databridge lock --forget stack.${volumeAt("host_vault-1_volume-data")}`,
    ]);
  });
  test("is nothing where all is there, and more", () => {
    const more: Build = (stack) => {
      const hosts = new Construct(stack, "host");
      host(hosts, "vault-1");
      host(hosts, "vault-2");
    };
    expect(refusals(more, { locked })).toEqual([]);
  });
});
