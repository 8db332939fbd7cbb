import { sharedServices, vault, vaultAgent } from "../../constructs/specs";
import { tlsFiles } from "../../model/site/certificate";
import type { Need } from "../../model/site/need";
import type { Description } from "../../model/site/specs";
import { days, gib } from "../../model/vocabulary";
import { saying } from "../model/platform";
import { container, every, type Json, namespace, stackOf, workload } from "./cluster";

/** A stack of `every`, of which `web` has something of Vault. */
function webWith(more: Description): {
  readonly pod: Json;
  readonly objects: (release: string) => readonly Json[];
  readonly is: Json;
} {
  const { stack: is } = stackOf(
    vault(),
    vaultAgent({ at: { site: "north", tenancy: "production" } }),
    sharedServices({ vault: { site: "north", tenancy: "production" } }),
    saying({ ...every, ...more }, "trial"),
  );
  const releases = Object.values(is.resource.helm_release ?? {}) as readonly Json[];
  return {
    is,
    pod: (Object.values(is.resource.kubernetes_deployment_v1 ?? {}) as readonly Json[])[0]?.spec.template.spec,
    objects: (name) => {
      const release = releases.find((each) => each.name === name);
      expect(release?.chart).toBe("${path.module}/chart");
      return JSON.parse(release?.values[0]).resources as readonly Json[];
    },
  };
}

test("secrets are files of pods, asked for by tokens of their own account", () => {
  const secret = { secret: "web/api", keys: ["token", "user"], why: "calls" };
  const reads = (key: string): Need => ({
    need: "secret",
    by: { workload: "web" },
    secret: "web/api",
    key,
    file: `/run/web/${key}`,
    why: "calls",
  });
  const { pod, objects } = webWith({ secrets: [secret], needs: [reads("token"), reads("user")] });
  expect(pod.volume[0]).toMatchObject({
    name: "kept-0",
    projected: [
      {
        default_mode: "0440",
        sources: [
          {
            secret: [
              {
                name: "web-kv-north-production",
                items: [
                  { key: "run_.web_.token", path: "token" },
                  { key: "run_.web_.user", path: "user" },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  expect(pod.container[0].volume_mount.at(-1)).toEqual({ name: "kept-0", mount_path: "/run/web", read_only: true });
  const [store, fetched] = objects("web-secrets");
  expect(store?.spec.provider.vault).toMatchObject({
    server: "https://vault.production.north.example.org:8200",
    path: "kv-north-production",
    auth: { jwt: { path: "pods-north-production", role: "north-production-pods-web" } },
  });
  expect(store?.spec.provider.vault.auth.jwt.kubernetesServiceAccountToken.serviceAccountRef).toEqual({ name: "web" });
  expect(fetched?.spec.data).toEqual([
    { secretKey: "run_.web_.token", remoteRef: { key: "production/web/api", property: "token" } },
    { secretKey: "run_.web_.user", remoteRef: { key: "production/web/api", property: "user" } },
  ]);
});

test("of several containers, one has the volume and the secrets that it says, and the first all others", () => {
  const secret = { secret: "web/api", keys: ["token", "user"], why: "calls" };
  const reads = (key: string, file: string): Need => ({
    need: "secret",
    by: { workload: "store" },
    secret: "web/api",
    key,
    file,
    why: "calls",
  });
  const two = { ...container, name: "two", volume: true as const, kept: ["/run/two"] };
  const workloads = [
    workload("store", "one", {
      runs: { kind: "StatefulSet", replicas: 1, volume: { path: "/data", size: gib(10), fate: "keep" } },
      containers: [container, two, { ...container, name: "three" }],
    }),
  ];
  const needs = [reads("token", "/run/one/token"), reads("user", "/run/two/user")];
  const { is } = webWith({ workloads, services: [], secrets: [secret], needs });
  const [set] = Object.values(is.resource.kubernetes_stateful_set_v1 ?? {}) as readonly Json[];
  const containers: readonly Json[] = set?.spec.template.spec.container;
  expect(containers.map(({ volume_mount }) => (volume_mount ?? []).map((each: Json) => each.mount_path))).toEqual([
    ["/data", "/run/one"],
    ["/data", "/run/two"],
    [],
  ]);
});

describe("certificates", () => {
  const shows: Need = {
    need: "certificate",
    by: { workload: "web" },
    service: "web",
    lifetime: days(30),
    files: tlsFiles("/run/tls"),
    why: "clients know it",
  };
  const services = every.services?.map((each) => ({ ...each, auth: "tls" as const })) ?? [];
  const { pod, objects, is } = webWith({ services, needs: [shows] });
  const [issuer, certificate] = objects("web-certificates");

  test("are asked for by tokens of the account of their workload, where Vault signs for its names alone", () => {
    expect(issuer?.spec.vault).toMatchObject({
      server: "https://vault.production.north.example.org:8200",
      path: "pki-production/sign/north-production-web",
      auth: {
        kubernetes: {
          mountPath: "/v1/auth/pods-north-production",
          role: "north-production-pods-web",
          serviceAccountRef: { name: "web" },
          audiences: ["vault"],
        },
      },
    });
    expect(certificate?.spec).toMatchObject({
      issuerRef: { kind: "Issuer", name: issuer?.metadata.name },
      commonName: "web.production.north.example.org",
      dnsNames: ["web.production.north.example.org", "web.one.svc", "web.one.svc.cluster.local"],
      duration: "2592000s",
      renewBefore: "864000s",
      usages: ["digital signature", "server auth"],
    });
  });
  test("are files of pods, by the names that were asked for", () => {
    expect(pod.volume[0].projected[0].sources).toEqual([
      {
        secret: [
          {
            name: certificate?.spec.secretName,
            items: ["tls.crt", "tls.key", "ca.crt"].map((name) => ({ key: name, path: name })),
          },
        ],
      },
    ]);
    expect(pod.container[0].volume_mount.at(-1)).toEqual({ name: "kept-0", mount_path: "/run/tls", read_only: true });
  });
  test("let cert-manager have tokens of that account, and of no other", () => {
    const roles = Object.values(is.resource.kubernetes_role_v1 ?? {}) as readonly Json[];
    expect(roles.find(({ metadata }) => metadata.name === "web-certificates")?.rule).toEqual([
      { api_groups: [""], resources: ["serviceaccounts/token"], resource_names: ["web"], verbs: ["create"] },
    ]);
  });
  test("of a namespace are of its environment", () => {
    const lab = { ...every, namespaces: [namespace("one", "experiments"), namespace("lab", "experiments")] };
    const [other] = webWith({ ...lab, services, needs: [shows] }).objects("web-certificates");
    expect(other?.spec.vault.path).toBe("pki-experiments/sign/north-production-web");
  });
});

test("who asks Vault beside its servers meets them by their name, and who meets none knows none", () => {
  const { is, pod } = webWith({});
  const releases = Object.values(is.resource.helm_release ?? {}) as readonly Json[];
  const aliases = (name: string) =>
    JSON.parse(releases.find((each) => each.name === name)?.values[0]).hostAliases as readonly Json[];
  const servers = ["11", "12", "13"].map((last) => ({
    ip: `10.20.4.${last}`,
    hostnames: ["vault.production.north.example.org"],
  }));
  expect(aliases("cert-manager")).toEqual(servers);
  expect(aliases("external-secrets")).toEqual(servers);
  expect(pod.host_aliases ?? []).toEqual([]);
});
