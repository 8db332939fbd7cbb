import { bastion, proxy } from "../../../constructs/edge/spec";
import { filesOf } from "../../../constructs/files";
import { machinesOf, policyOfMachine } from "../../../constructs/vault/machines";
import { policyText } from "../../../constructs/vault/policy";
import { vault, vaultAgent } from "../../../constructs/vault/spec";
import { gather } from "../../../model/gather";
import { tcp } from "../../../model/site/need";
import { stepsOf } from "../../../model/steps";
import { cpu, hours, service, shared, signedKey, slurm } from "../../../model/vocabulary";
import { north, saying, south, tenancy } from "../../model/platform";
import { host, reads, secret } from "../../model/vault";

const at = { site: "north", tenancy: "production" };
const supercomputer = (name: string) =>
  slurm(name, {
    host: `${name}.example.org`,
    login: shared("198.51.100.1"),
    hostKeys: [`SHA256:${"A".repeat(43)}`],
    internet: { login: true, compute: true },
    auth: signedKey(hours(12)),
    accounts: { production: service("svc", "project") },
    partitions: { standard: cpu("zen3", { cores: 64 }) },
  });
const polaris = supercomputer("polaris");
/** One host of two roles logs in, as both. */
const submits = (to = "polaris", { needs = [], ...more }: Parameters<typeof saying>[0] = {}) =>
  saying({
    hosts: [host("box", 60, ["box", "other"])],
    ...more,
    needs: [
      ...["box", "other"].map((role) => ({
        need: "flow" as const,
        from: { role },
        to: { supercomputer: to, nodes: "login" as const },
        traffic: tcp(22),
        why: "jobs",
      })),
      ...needs,
    ],
  });
const agent = vaultAgent({ at, survives: hours(4) });
const runs = [bastion(), proxy(), vault(), agent, submits()];
const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };
const platform = (all = runs, locks = {}) =>
  gather([{ ...north({ production: tenancy({ runs: all }) }, { supercomputer: polaris }), identity }], locks);
const told = ({ problems }: ReturnType<typeof gather>) => problems.map(({ path, allowed }) => `${path} | ${allowed}`);

test("what is signed outlives Vault's absence twice", () => {
  const short = [bastion(), proxy(), vault(), vaultAgent({ at, survives: hours(5) }), submits()];
  expect(told(platform(short))).toEqual([
    "north.supercomputer.auth.lifetime | three times what north.production survives without Vault, 5 h, or more",
  ]);
});

test("who logs in to a supercomputer that trusts Vault's CA has a key signed as its user, once, and holds no secret for it", () => {
  const { registers, problems } = platform();
  expect(problems).toEqual([]);
  expect(registers.secrets).toEqual([]);
  const users = machinesOf(registers).flatMap(({ name, signs }) =>
    signs.flatMap(({ why: _, ...key }) => (key.kind === "user" ? [{ host: name, ...key }] : [])),
  );
  expect(users).toEqual([
    {
      host: "north-production-box",
      kind: "user",
      mount: "ssh-outward",
      role: "north-production-polaris",
      names: ["svc"],
      lifetime: hours(12),
      cas: [],
      file: "/etc/platform/hpc/polaris",
      owner: "root",
    },
  ]);
  const machine = machinesOf(registers).find(({ name }) => name === "north-production-box");
  expect(machine && policyText(policyOfMachine(machine))).toBe(
    [
      '# shows who it is\npath "ssh-hosts/sign/north-production-box" {\n  capabilities = ["update"]\n}\n',
      '# logs in to polaris\npath "ssh-outward/sign/north-production-polaris" {\n  capabilities = ["update"]\n}\n',
    ].join("\n"),
  );
});

test("the host is told which keys are signed once the CA of each is learned; until then, that is a step of somebody", () => {
  const signed = (trust: object) => {
    const { registers } = platform(runs, { north: { version: 4, trust } });
    const place = registers.places[0];
    const box = place?.hosts.find(({ name }) => name === "box");
    const files = place && box ? filesOf(box, place, registers) : [];
    const { signs } = JSON.parse(files.find(({ path }) => path.endsWith("/host.json"))?.text ?? "{}");
    const awaited = stepsOf(registers).flatMap(({ id }) => (id.includes("the CA of") ? [id] : []));
    return [signs.map(({ path }: { path: string }) => path), awaited];
  };
  const [hostCa, outwardCa] = ["ssh-ed25519 AAAA", "ssh-ed25519 AAAB"];
  const steps = ["learn the CA of host keys", "learn the CA of logins to supercomputers"];
  const paths = ["ssh-hosts/sign/north-production-box", "ssh-outward/sign/north-production-polaris"];
  expect(signed({})).toEqual([[], steps]);
  expect(signed({ sshHostCa: hostCa })).toEqual([paths.slice(0, 1), steps.slice(1)]);
  expect(signed({ sshOutwardCa: outwardCa })).toEqual([paths.slice(1), steps.slice(0, 1)]);
  expect(signed({ sshHostCa: hostCa, sshOutwardCa: outwardCa })).toEqual([paths, []]);
});

test("nobody else writes where the key or its certificate is", () => {
  for (const file of ["/etc/platform/hpc/polaris", "/etc/platform/hpc/polaris-cert.pub"]) {
    const more = { secrets: [secret()], needs: [reads({ by: { role: "box" }, file })] };
    const all = [bastion(), proxy(), vault(), agent, submits("polaris", more)];
    expect(told(platform(all)).filter((line) => line.includes("a file of its own"))).toHaveLength(1);
  }
});

test("logins of two tenancies never come to one name in Vault, by which one would log in as the other", () => {
  const b = tenancy({ network: { cidr: "10.52.0.0/20" }, runs: [bastion(), proxy(), agent, submits("polaris")] });
  const all = [bastion(), proxy(), vault(), agent, submits("b-polaris")];
  const first = {
    ...north({ production: tenancy({ runs: all }), "production-b": b }, { supercomputer: polaris }),
    identity,
  };
  const second = { ...south({}), supercomputer: supercomputer("b-polaris") };
  expect(told(gather([first, second])).filter((line) => line.includes("a name in Vault"))).toEqual([
    expect.stringContaining("| a name in Vault of its own; north.production.runs.thing has this one"),
  ]);
});
