import fc from "fast-check";
import {
  breakGlass,
  policyOfPipeline,
  policyOfVaultOperators,
  policyOfWriter,
  writersOf,
} from "../../../constructs/vault/access";
import { type Policy, policyText } from "../../../constructs/vault/policy";
import type { Gathered } from "../../../model/gather";
import { saying, tenancy } from "../../model/platform";
import { type Around, host, reads, secret, settled, thing } from "../../model/vault";

const sound = ({ registers, problems }: Gathered) => {
  expect(problems).toEqual([]);
  return registers;
};
const at = { site: "north", tenancy: "production" };
/** A reader where Vault is, and a tenancy of another team. */
const around: Around = {
  there: [saying({ hosts: [host("other", 50)], needs: [reads({ by: { role: "other" }, at })] })],
  more: { test: tenancy({ environment: "test", owner: "testers", public: {}, network: { cidr: "10.52.0.0/20" } }) },
};

describe("teams", () => {
  const machines = [
    ...["bastion", "proxy", "thing-1", "thing-2"].map((name) => `north-production-${name}`),
    ...["bastion", "proxy", "other"].map((name) => `south-production-${name}`),
  ];
  const runs = [
    saying({
      ...thing,
      secrets: [secret(), secret({ secret: "thing/turning", writer: "rotator", byJob: true })],
      needs: [...thing.needs, reads({ secret: "thing/turning", file: "/etc/thing/turning" })],
    }),
  ];
  const writers = () => writersOf(sound(settled({ ...around, runs })));
  test("own tenancies and machines, write secrets, or both", () =>
    expect(
      writers().map(({ name, owns, secrets, machines }) => [
        name,
        owns.map(({ id }) => id),
        secrets.map(({ id }) => id),
        machines.map((machine) => machine.name),
      ]),
    ).toEqual([
      ["rotator", [], ["north-production/thing/turning"], []],
      ["team", ["north-production", "south-production"], ["north-production/thing/feed"], machines],
      ["testers", ["north-test"], [], []],
    ]));
  const grants = (team: string, policyOf = policyOfWriter) =>
    writers()
      .filter(({ name }) => name === team)
      .flatMap((writer) => policyOf(writer).grants)
      .map(({ path, capabilities, wrapped }) => [path, capabilities.join(), ...(wrapped ? [wrapped] : [])]);
  test("write without reading, and see how old it is", () =>
    expect(grants("rotator")).toEqual([
      ["kv-north-production/data/production/thing/turning", "create,update,patch"],
      ["kv-north-production/metadata/production/thing/turning", "read"],
    ]));
  test("have logins signed to what they own", () =>
    expect(grants("testers")).toEqual([
      ["ssh/sign/ansible-north-test", "update"],
      ["ssh/sign/bastion-operator-north-test", "update"],
      ["ssh/sign/jump-north-test", "update"],
      ["ssh/sign/operator-north-test", "update"],
    ]));
  test("hand secret ids to machines of theirs, wrapped for ten minutes at most", () =>
    expect(grants("team").filter(([path]) => String(path).startsWith("auth/"))).toEqual(
      machines
        .flatMap((name) => [
          [`auth/approle/role/${name}/role-id`, "read"],
          [`auth/approle/role/${name}/secret-id`, "update", 600],
        ])
        .concat(
          machines.flatMap((name) => [
            [`auth/approle/role/${name}/secret-id/`, "list"],
            [`auth/approle/role/${name}/secret-id-accessor/destroy`, "update"],
          ]),
        ),
    ));
  const signed = (team: string, policyOf = policyOfWriter) =>
    grants(team, policyOf).flatMap(([path]) => (String(path).startsWith("ssh/") ? [String(path).slice(9)] : []));
  test("are never let in where Vault runs, whatever they own", () => {
    expect(signed("team")).toContain("operator-south-production");
    expect(
      [...signed("team"), ...signed("team", policyOfPipeline)].filter((role) => role.startsWith("vault-")),
    ).toEqual([]);
  });
  test("of Vault's servers are a group of people of its own, which alone lets these log in", () =>
    expect(
      policyOfVaultOperators(sound(settled()))
        .grants.map(({ path }) => path)
        .sort(),
    ).toEqual([
      ...[1, 2, 3].flatMap((n) =>
        ["role-id", "secret-id", "secret-id-accessor/destroy", "secret-id/"].map(
          (what) => `auth/approle/role/south-production-vault-${n}/${what}`,
        ),
      ),
      "ssh/sign/jump-south-production",
      "ssh/sign/vault-ansible-south-production",
      "ssh/sign/vault-operator-south-production",
    ]));
  test("have jobs that configure what they own, administer nothing, and write only what is theirs to write", () => {
    expect(signed("team", policyOfPipeline)).toEqual(
      ["north", "south"].flatMap((site) => [`ansible-${site}-production`, `jump-${site}-production`]),
    );
    expect(
      grants("team", policyOfPipeline).filter(([path]) => /^kv-|secret-id-|secret-id\/$/.test(String(path))),
    ).toEqual([]);
    expect(grants("rotator", policyOfPipeline)).toEqual(grants("rotator"));
  });
});

describe("the text of a policy", () => {
  const grant = (is: Partial<Policy["grants"][number]> = {}) => ({
    path: "a/b",
    capabilities: ["read"] as const,
    why: "a test",
    ...is,
  });
  const text = (...grants: Policy["grants"]) => policyText({ name: "a", grants });
  test("has a path once, with all that is said of it, in the order of paths", () =>
    expect(text(grant({ path: "b" }), grant(), grant({ capabilities: ["read", "update"], why: "more" }))).toBe(
      '# a test; more\npath "a/b" {\n  capabilities = ["read","update"]\n}\n\n# a test\npath "b" {\n  capabilities = ["read"]\n}\n',
    ));
  test("demands a wrapping, the shortest that is said", () =>
    expect(text(grant({ wrapped: 600 }), grant({ wrapped: 60 }))).toBe(
      '# a test\npath "a/b" {\n  capabilities = ["read"]\n  min_wrapping_ttl = "1s"\n  max_wrapping_ttl = "60s"\n}\n',
    ));
  test("breaks glass for everything", () => expect(policyText(breakGlass)).toContain('path "*" {'));
  test("takes no rule, and nothing that Terraform computes, from a reason", () => {
    expect(text(grant({ why: 'x\n}\npath "*" { capabilities = ["sudo"] }' })).split("\n")).toHaveLength(5);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "\n", "\r", "\u2028", "#", "a", '"') }),
        (why) => {
          const [first = "", ...rest] = text(grant({ why })).split(/[\n\r\u2028\u2029\v\f\u0085]/);
          expect(first.startsWith("# ")).toBe(true);
          expect(first).not.toMatch(/[$%]\{/);
          expect(rest).toEqual(['path "a/b" {', '  capabilities = ["read"]', "}", ""]);
        },
      ),
    );
  });
});
