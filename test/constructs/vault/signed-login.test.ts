import { bastion, proxy } from "../../../constructs/edge/spec";
import { machinesOf, policyOfMachine, policyText } from "../../../constructs/vault/access";
import { vault, vaultAgent } from "../../../constructs/vault/spec";
import { gather } from "../../../model/gather";
import { tcp } from "../../../model/site/need";
import { cpu, hours, service, shared, signedKey, slurm } from "../../../model/vocabulary";
import { north, saying, tenancy } from "../../model/platform";

const at = { site: "north", tenancy: "production" };
const supercomputer = slurm("polaris", {
  host: "polaris.example.org",
  login: shared("198.51.100.1"),
  hostKeys: [`SHA256:${"A".repeat(43)}`],
  internet: { login: true, compute: true },
  auth: signedKey(hours(12)),
  accounts: { production: service("svc", "project") },
  partitions: { standard: cpu("zen3", { cores: 64 }) },
});
const submits = saying({
  hosts: [{ name: "box", roles: ["box"], subnet: "services", slot: 60, flavor: "small" }],
  needs: [
    {
      need: "flow",
      from: { role: "box" },
      to: { supercomputer: "polaris", nodes: "login" },
      traffic: tcp(22),
      why: "jobs",
    },
  ],
});
const runs = [bastion(), proxy(), vault(), vaultAgent({ at, survives: hours(4) }), submits];
const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };

test("what is signed outlives Vault's absence twice", () => {
  const short = [bastion(), proxy(), vault(), vaultAgent({ at, survives: hours(5) }), submits];
  const { problems } = gather([{ ...north({ production: tenancy({ runs: short }) }, { supercomputer }), identity }]);
  expect(problems.map(({ path, allowed }) => `${path} | ${allowed}`)).toEqual([
    "north.supercomputer.auth.lifetime | three times what north.production survives without Vault, 5 h, or more",
  ]);
});

test("who logs in to a supercomputer that trusts Vault's CA has keys signed as its user, and holds no secret for it", () => {
  const { registers, problems } = gather([
    { ...north({ production: tenancy({ runs }) }, { supercomputer }), identity },
  ]);
  expect(problems).toEqual([]);
  expect(registers.secrets).toEqual([]);
  const [machine] = machinesOf(registers);
  expect(machine?.signs).toEqual([
    { name: "north-production-polaris", user: "svc", lifetime: hours(12), why: "logs in to polaris" },
  ]);
  expect(machine && policyText(policyOfMachine(machine))).toBe(
    '# logs in to polaris\npath "ssh-outward/sign/north-production-polaris" {\n  capabilities = ["update"]\n}\n',
  );
});
