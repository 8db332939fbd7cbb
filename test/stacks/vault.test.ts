import { cluster } from "../../constructs/cluster/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { sharedServices } from "../../constructs/services/spec";
import { vault } from "../../constructs/vault/spec";
import { gather } from "../../model/gather";
import { learnedLocks, saying, tenancy } from "../model/platform";
import { reads, secret, settled, sites, vaultAt, web } from "../model/vault";
import { type Block, synthesized } from "./synthesis";

const issuer = { issuer: "https://login.example.org", audience: "platform" };
const identity = { people: issuer, pipelines: { ...issuer, projects: ["team/one", "team/two"] } };

function stackOf(around: Parameters<typeof settled>[0] = { identity }) {
  const { registers, problems } = settled(around);
  expect(problems).toEqual([]);
  const stack = synthesized(registers)["south-production-vault"];
  if (!stack) throw new Error("no stack");
  return (type: string): readonly Block[] => Object.values(stack.resource[`vault_${type}`] ?? {});
}

test("logins of everybody are limited, once there is where they log in", () =>
  expect(
    stackOf()("quota_rate_limit").map(({ name, path }) => [name, String(path).replace(/\.\w+_?\w*\.path/, "")]),
  ).toEqual([
    ["machines", "auth/${vault_auth_backend}/"],
    ["people", "auth/${vault_jwt_auth_backend}/"],
    ["pipelines", "auth/${vault_jwt_auth_backend}/"],
  ]));

describe("who logs in", () => {
  const of = stackOf();
  const roles = (kind: string) =>
    of("jwt_auth_backend_role").filter(({ backend }) => String(backend).includes(`.${kind}`));
  test("as a job comes of a project, a protected branch and where it deploys to, for half an hour; to apply, for five minutes", () =>
    expect(
      roles("pipelines").map(({ role_name, bound_claims, token_policies, token_ttl }) => [
        role_name,
        bound_claims,
        token_policies,
        token_ttl,
      ]),
    ).toEqual([
      ...["north", "south"].map((site) => [
        `apply-${site}-production`,
        {
          environment: `${site}/production/production`,
          environment_protected: "true",
          project_path: "team/one,team/two",
          ref_protected: "true",
        },
        [`apply-${site}-production`],
        300,
      ]),
      // What is not merged yet is planned too.
      ...["north", "south"].map((site) => [
        `plan-${site}`,
        { project_path: "team/one,team/two" },
        [`plan-${site}`],
        300,
      ]),
      [
        "team",
        {
          environment: "north/hosts/production,south/hosts/production",
          environment_protected: "true",
          groups: "team",
          project_path: "team/one,team/two",
          ref_protected: "true",
        },
        ["pipeline-team"],
        1800,
      ],
    ]));
  describe("where two teams have tenancies of one environment, and one of them a test", () => {
    const network = (n: number) => ({ network: { cidr: `10.${n}.0.0/20` } });
    const of = stackOf({
      identity,
      more: {
        "production-others": tenancy({ ...network(60), owner: "others", runs: [bastion(), proxy()] }),
        test: tenancy({ ...network(61), owner: "testers", environment: "test", runs: [bastion(), proxy()] }),
      },
    });
    const claimsOf = (name: string) =>
      of("jwt_auth_backend_role").find(
        ({ role_name, backend }) => role_name === name && String(backend).includes(".pipelines"),
      )?.bound_claims;
    test("a job that applies one reads nothing of the other", () =>
      expect([claimsOf("apply-north-production"), claimsOf("apply-north-production-others")]).toMatchObject([
        { environment: "north/production/production" },
        { environment: "north/production-others/production" },
      ]));
    test("a test is applied by whoever its environment lets", () =>
      expect(claimsOf("apply-north-test")).toEqual({
        environment: "north/test/test",
        project_path: "team/one,team/two",
        ref_protected: "true",
      }));
    test("hosts of a site are configured where its production is, whosever they are", () =>
      expect(claimsOf("testers")).toMatchObject({
        environment: "north/hosts/production",
        environment_protected: "true",
        groups: "testers",
      }));
  });
  test("is a team, who keeps Vault's servers, or who breaks the glass, for an hour without more", () =>
    expect(
      roles("people").map(({ role_name, token_policies, token_ttl, token_type }) => [
        role_name,
        token_policies,
        token_ttl,
        token_type,
      ]),
    ).toEqual([
      ["break-glass", ["break-glass"], 3600, "batch"],
      ["team", ["write-team"], 28800, "service"],
      ["vault-operators", ["vault-operators"], 28800, "service"],
    ]));
});

test("the next issuers have other keys, and issue; hosts ask for the same", () => {
  const raised = stackOf({ identity, vault: [vault({ from: [], issuerGeneration: 2 })] });
  const first = stackOf();
  const keys = (of: typeof first) => of("pki_secret_backend_intermediate_cert_request").map(({ key_name }) => key_name);
  expect([keys(first), keys(raised)]).toEqual([["generation-1"], ["generation-2"]]);
  const chosen = (of: typeof first) => of("pki_secret_backend_config_issuers")[0];
  expect(chosen(first)).toMatchObject({ default: expect.stringMatching(/_signed\.imported_issuers\.0}/) });
  expect(chosen(raised)).toMatchObject({ default: expect.stringMatching(/_signed-2\.imported_issuers\.0}/) });
  for (const type of ["root_cert", "role"])
    expect(raised(`pki_secret_backend_${type}`)).toEqual(first(`pki_secret_backend_${type}`));
});

test("keys of hosts are signed by a CA of their own: each host's by its own names, of Ed25519, as a host, and never without a name", () => {
  const roles = stackOf()("ssh_secret_backend_role").filter(({ backend }) => String(backend).includes(".host-keys."));
  expect(roles).toHaveLength(9);
  expect(roles.find(({ name }) => name === "north-production-thing-1")).toEqual({
    "//": expect.anything(),
    backend: "${vault_mount.host-keys.path}",
    name: "north-production-thing-1",
    key_type: "ca",
    allow_host_certificates: true,
    allow_user_certificates: false,
    allowed_domains: "thing-1.production.north.example.org,10.20.4.50",
    allow_bare_domains: true,
    allow_subdomains: false,
    allow_empty_principals: false,
    allow_user_key_ids: false,
    allowed_user_key_config: [{ type: "ssh-ed25519", lengths: [0] }],
    key_id_format: "{{role_name}}",
    ttl: "2592000",
    max_ttl: "2592000",
    algorithm_signer: "default",
    depends_on: ["vault_ssh_secret_backend_ca.host-keys_ca"],
  });
  // Nobody is known whose supercomputer trusts us.
  expect(stackOf()("mount").map(({ path }) => path)).not.toContain("ssh-outward");
});

describe("pods", () => {
  const trial = saying({
    ...web,
    secrets: [secret()],
    needs: [reads({ by: { workload: "web" } })],
  });
  const described = sites({
    identity,
    runs: [cluster({ servers: 1, workers: 1 }), sharedServices({ vault: vaultAt }), trial],
  });
  /** The stack once all is learned, with the key of the cluster or without it. */
  const of = (clusterKey?: string) => {
    const locks = JSON.parse(JSON.stringify(learnedLocks(gather(described))));
    if (clusterKey) {
      locks.north.version = 3;
      locks.north.learned.production.clusterKey = clusterKey;
    }
    const { registers, problems } = gather(described, locks);
    expect(problems).toEqual([]);
    const stack = synthesized(registers)["south-production-vault"];
    return (type: string): readonly Block[] => Object.values(stack?.resource[`vault_${type}`] ?? {});
  };
  const key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
  const ofPods = (all: readonly Block[]) => all.filter(({ backend }) => String(backend).includes(".pods_"));

  test("log in by tokens of their cluster, as one account, from where their nodes are seen", () => {
    const vaultStack = of(key);
    const backend = vaultStack("jwt_auth_backend").find(({ path }) => path === "pods-north-production");
    expect(backend).toMatchObject({
      jwt_validation_pubkeys: [key],
      bound_issuer: "https://kubernetes.default.svc.cluster.local",
    });
    expect(ofPods(vaultStack("jwt_auth_backend_role"))).toMatchObject([
      {
        role_name: "north-production-pods-web",
        bound_subject: "system:serviceaccount:one:web",
        bound_audiences: ["vault"],
        token_policies: ["north-production-pods-web"],
        token_bound_cidrs: [expect.stringMatching(/^203\.0\.113\.\d+\/32$/)],
      },
    ]);
    const policies = vaultStack("policy").find(({ name }) => name === "north-production-pods-web");
    expect(String(policies?.policy).match(/path "[^"]+"/g)).toEqual([
      'path "kv-north-production/data/production/thing/feed"',
    ]);
  });
  test("do not while nobody has learned by which key", () => {
    expect(ofPods(of()("jwt_auth_backend_role"))).toEqual([]);
  });
});
