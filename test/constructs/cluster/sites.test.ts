import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { filesOf } from "../../../constructs/cluster/config";
import { production, readLocks, readSites } from "../../../engine/world";
import { gather } from "../../../model/gather";
import { known, unknownIn } from "./options";

const root = join(__dirname, "../../..");
const { registers } = gather(readSites(join(root, "sites")).sites, readLocks(production(root)));
const nodes = registers.places.flatMap((place) =>
  place.hosts.flatMap((host) => {
    const files = new Map(filesOf(host, place, registers).map(({ path, text }) => [path, text]));
    return files.size === 0 ? [] : [{ host, place, files }];
  }),
);
const at = "/etc/rancher/rke2/";

test("each of our sites has a cluster, of the version whose options are listed", () => {
  expect(
    Object.fromEntries(registers.places.map(({ id, clusters }) => [id, clusters.map(({ said }) => said.version)])),
  ).toEqual({
    "home-production": [known.version],
    "leonardo-production": [known.version],
    "lumi-production": [known.version],
    "lumi-test": [],
    "marenostrum5-production": [known.version],
  });
  expect(nodes.length).toBe(22);
});

test.each(
  nodes.map(({ host, files }) => [host.id, files] as const),
)("%s is told what its program knows", (id, files) => {
  const config = parse(files.get(`${at}config.yaml`) ?? "");
  const isServer = id.includes("-cluster-server-");
  expect(unknownIn(config, isServer ? "rke2 server" : "rke2 agent")).toEqual([]);
  expect(config).toMatchObject({ profile: "cis", "node-name": id });
  expect([...files.keys()].includes(`${at}audit-policy.yaml`)).toBe(isServer);
});

test("a misspelt option, and one of the other program, are found", () => {
  const said = { "kubelet-arg": ["max-pod=110"], "kube-apiserver-arg": ["oidc-isuer=x"], "tls-sans": [], server: "" };
  expect(unknownIn(said, "rke2 server")).toEqual([
    "kubelet max-pod",
    "kube-apiserver oidc-isuer",
    "rke2 server tls-sans",
  ]);
  expect(unknownIn({ "tls-san": [], "cluster-init": true }, "rke2 agent")).toEqual([
    "rke2 agent tls-san",
    "rke2 agent cluster-init",
  ]);
});

test("everything else in YAML is of its kind", () => {
  const kinds = nodes.flatMap(({ files }) =>
    [...files]
      .filter(([path]) => path.endsWith(".yaml") && path !== `${at}config.yaml`)
      .flatMap(([path, text]) =>
        parseAllDocuments(text).map((each) => {
          expect(each.errors).toEqual([]);
          const { apiVersion, kind } = each.toJS();
          return `${path.replace(/^.*\//, "")}: ${apiVersion} ${kind}`;
        }),
      ),
  );
  expect([...new Set(kinds)].sort()).toEqual([
    "audit-policy.yaml: audit.k8s.io/v1 Policy",
    "authentication.yaml: apiserver.config.k8s.io/v1 AuthenticationConfiguration",
    "platform-shared-address.yaml: apps/v1 DaemonSet",
    "platform-shared-address.yaml: rbac.authorization.k8s.io/v1 ClusterRole",
    "platform-shared-address.yaml: rbac.authorization.k8s.io/v1 ClusterRoleBinding",
    "platform-shared-address.yaml: rbac.authorization.k8s.io/v1 Role",
    "platform-shared-address.yaml: rbac.authorization.k8s.io/v1 RoleBinding",
    "platform-shared-address.yaml: v1 ServiceAccount",
    "pod-security.yaml: apiserver.config.k8s.io/v1 AdmissionConfiguration",
  ]);
});

test("servers share an address where the cloud has no load balancers, and nowhere else", () => {
  const shared = nodes.filter(({ files }) => [...files.keys()].some((path) => path.endsWith("shared-address.yaml")));
  expect([...new Set(shared.map(({ place }) => place.id))]).toEqual(["leonardo-production", "marenostrum5-production"]);
});
