import { bastion, proxy } from "../../constructs/edge/spec";
import { vault, vaultAgent } from "../../constructs/vault/spec";
import { type Gathered, gather } from "../../model/gather";
import type { CertificateNeed } from "../../model/site/certificate";
import type { Component } from "../../model/site/component";
import { type Service, tcp } from "../../model/site/need";
import type { Secret, SecretNeed } from "../../model/site/secret";
import type { Description, HostSpec } from "../../model/site/specs";
import type { TenancyInput } from "../../model/site/tenancy";
import { gib, mib } from "../../model/vocabulary";
import type { Problem } from "../../model/words/problem";
import { learned, north, saying, south, tenancy } from "./platform";

/** Where Vault stands in this platform. */
export const vaultAt = { site: "south", tenancy: "production" };

export const host = (name: string, slot: number, roles = [name]): HostSpec => ({
  name,
  roles,
  subnet: "services",
  slot,
  flavor: "small",
});

export const secret = (is: Partial<Secret> = {}): Secret => ({
  secret: "thing/feed",
  keys: ["password"],
  why: "a feed",
  ...is,
});

export const reads = (is: Partial<SecretNeed> = {}): SecretNeed => ({
  need: "secret",
  by: { role: "thing" },
  secret: "thing/feed",
  key: "password",
  file: "/etc/thing/password",
  why: "reads the feed",
  ...is,
});

export const service = (is: Partial<Service> = {}): Service => ({
  service: "door",
  on: { role: "thing" },
  traffic: tcp(7000),
  auth: "tls+token",
  ...is,
});

export const shows = (is: Partial<CertificateNeed> = {}): CertificateNeed => ({
  need: "certificate",
  by: { role: "thing" },
  service: "door",
  files: { certificate: "/etc/thing/tls.crt", key: "/etc/thing/tls.key", issuers: "/etc/thing/ca.crt" },
  why: "clients know it",
  ...is,
});

/** A thing with a secret that it reads, and a certificate that it shows. */
export const thing = {
  hosts: [host("thing-1", 50, ["thing"]), host("thing-2", 51, ["thing"])],
  services: [service()],
  secrets: [secret()],
  needs: [reads(), shows()],
};

/** A workload of a cluster, and nothing that it needs. */
export const web: Description = {
  namespaces: [{ namespace: "one", quota: { milliCpu: 1000, memory: gib(2), pods: 5 }, why: "tests" }],
  workloads: [
    {
      workload: "web",
      namespace: "one",
      runs: { kind: "Deployment", replicas: 1 },
      containers: [
        {
          name: "it",
          image: `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`,
          milliCpu: 100,
          memory: mib(64),
        },
      ],
      why: "tests",
    },
  ],
};

export const people = { issuer: "https://login.example.org", audience: "platform" };

export interface Around {
  /** What runs at `north.production` beside its edge and its agent. */
  readonly runs?: readonly Component[];
  readonly agent?: readonly Component[];
  /** The same at `south.production`, where Vault is. */
  readonly there?: readonly Component[];
  readonly vault?: readonly Component[];
  readonly identity?: unknown;
  readonly owner?: string;
  /** Further tenancies of `north`. */
  readonly more?: Readonly<Record<string, TenancyInput>>;
}

const edge = [bastion(), proxy()];

/** Two sites, the second with Vault. */
export const sites = ({
  runs = [saying(thing)],
  agent = [vaultAgent({ at: vaultAt })],
  there = [],
  vault: kept = [vault({ from: [] })],
  identity = { people },
  owner = "team",
  more = {},
}: Around = {}): readonly unknown[] => [
  north({ production: tenancy({ owner, runs: [...edge, ...agent, ...runs] }), ...more }),
  {
    ...south({
      production: tenancy({
        network: { cidr: "10.36.0.0/20" },
        runs: [bastion({ from: [] }), proxy(), ...kept, vaultAgent({ at: vaultAt }), ...there],
      }),
    }),
    identity,
  },
];

export const platform = (around?: Around): Gathered => gather(sites(around));
/** The same once all addresses are learned. */
export const settled = (around?: Around): Gathered => learned(sites(around));
export const problemsOf = (around: Around): readonly Problem[] => platform(around).problems;
/** As one reads them: path, value, what is allowed, the fix. */
export const told = (around: Around): readonly string[] =>
  problemsOf(around).map(
    ({ path, value, allowed, fix }) => `${path} | ${value === undefined ? "–" : String(value)} | ${allowed} | ${fix}`,
  );
