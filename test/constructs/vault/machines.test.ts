import { type Machine, machinesOf, policyOfMachine } from "../../../constructs/vault/machines";
import { policyText } from "../../../constructs/vault/policy";
import { vaultAgent } from "../../../constructs/vault/spec";
import { type Gathered, gather } from "../../../model/gather";
import { days } from "../../../model/vocabulary";
import { learnedLocks, saying } from "../../model/platform";
import { type Around, host, platform, reads, settled, sites, vaultAt } from "../../model/vault";

const sound = ({ registers, problems }: Gathered) => {
  expect(problems).toEqual([]);
  return registers;
};
const at = { site: "north", tenancy: "production" };
/** A reader where Vault is. */
const around: Around = {
  there: [saying({ hosts: [host("other", 50)], needs: [reads({ by: { role: "other" }, at })] })],
};
const named = (machines: readonly Machine[], name: string): Machine => {
  const found = machines.find((machine) => machine.name === name);
  if (!found) throw new Error(`no machine ${name}`);
  return found;
};

describe("machines", () => {
  const machines = machinesOf(sound(settled(around)));
  test("are all hosts where an agent is, with just what each reads and shows", () => {
    expect(machines).toHaveLength(10);
    expect(
      machines.flatMap(({ name, secrets, certificates }) =>
        secrets.length + certificates.length > 0
          ? [[name, secrets.map(({ id }) => id), certificates.map(({ id }) => id)]]
          : [],
      ),
    ).toEqual([
      ["north-production-thing-1", ["north-production/thing/feed"], ["north-production-door"]],
      ["north-production-thing-2", ["north-production/thing/feed"], ["north-production-door"]],
      ["south-production-other", ["north-production/thing/feed"], []],
    ]);
  });
  test("come by the address of their proxy, and where Vault is by their own", () => {
    expect(named(machines, "north-production-thing-1").from).toEqual([expect.stringMatching(/^203\.0\.113\.\d+\/32$/)]);
    expect(named(machines, "south-production-other").from).toEqual(["10.36.4.50/32"]);
  });
  test("come by the address of their proxy where Vault is of somebody else, though it is stated beside them", () => {
    const { registers } = settled(around);
    const places = registers.places.map((place) => ({
      ...place,
      hosts: place.hosts.filter(({ roles }) => !roles.includes("vault")),
    }));
    const found = machinesOf({ ...registers, places }).map(({ from }) => from);
    expect(found).toEqual(Array(7).fill([expect.stringMatching(/^203\.0\.113\.\d+\/32$/)]));
  });
  test("have none while it is not learned", () => {
    const all = machinesOf(sound(platform(around)));
    expect(named(all, "north-production-thing-1").from).toBe("not learned");
    expect(named(all, "south-production-other").from).toEqual(["10.36.4.50/32"]);
  });
  test("have tokens for three times as long as Vault may be away", () =>
    expect(machinesOf(sound(settled()))[0]?.period).toBe(3 * 3 * 86400));
  test("are none where no agent fetches anything: what never ends would let them in", () =>
    expect(machinesOf(settled({ agent: [] }).registers).filter(({ place }) => place.site.name === "north")).toEqual(
      [],
    ));
});

describe("the policy of a machine", () => {
  test("reads its secrets, is issued its certificates, has its own host key signed, and no more", () =>
    expect(policyText(policyOfMachine(named(machinesOf(sound(settled())), "north-production-thing-1")))).toBe(`# a feed
path "kv-north-production/data/production/thing/feed" {
  capabilities = ["read"]
}

# clients know it
path "pki-production/issue/north-production-door" {
  capabilities = ["update"]
}

# shows who it is
path "ssh-hosts/sign/north-production-thing-1" {
  capabilities = ["update"]
}
`));
});

describe("host keys", () => {
  const keyOf = (name: string, of: Around = around) =>
    named(machinesOf(sound(settled(of))), name).signs.find(({ kind }) => kind === "host");
  test("are signed for the names of the host and no others, by a role of its own", () => {
    expect(keyOf("north-production-thing-1")).toMatchObject({
      mount: "ssh-hosts",
      role: "north-production-thing-1",
      names: ["thing-1.production.north.example.org", "10.20.4.50"],
      file: "/etc/ssh/ssh_host_ed25519_key",
      reloads: "ssh.service",
    });
    const all = machinesOf(sound(settled(around))).flatMap(({ signs }) => signs.flatMap(({ names }) => names));
    expect(new Set(all).size).toBe(all.length);
  });
  test("bear a public address once it is known", () => {
    expect(keyOf("north-production-bastion")?.names).toEqual([
      "bastion.production.north.example.org",
      "10.20.0.10",
      expect.stringMatching(/^203\.0\.113\.\d+$/),
    ]);
    const unknown = named(machinesOf(sound(platform(around))), "north-production-bastion").signs[0];
    expect(unknown?.names).toHaveLength(2);
  });
  test("hold for thirty days, or thrice as long as Vault may be away", () => {
    expect(keyOf("north-production-thing-1")?.lifetime).toEqual(days(30));
    const agent = [vaultAgent({ at: vaultAt, survives: days(20) })];
    expect(keyOf("north-production-bastion", { runs: [], agent })?.lifetime).toEqual(days(60));
  });
  test("wait for the CAs that the lock has learned, and then take both", () => {
    expect(keyOf("north-production-thing-1")?.cas).toEqual([]);
    const locks = JSON.parse(JSON.stringify(learnedLocks(gather(sites(around)))));
    const trust = { sshHostCa: "ssh-ed25519 AAAA", sshHostCaToo: "ssh-ed25519 AAAB" };
    const registers = sound(gather(sites(around), { ...locks, north: { ...locks.north, version: 4, trust } }));
    expect(machinesOf(registers).map(({ signs }) => signs[0]?.cas)).toEqual(
      Array(10).fill([trust.sshHostCa, trust.sshHostCaToo]),
    );
  });
});
