import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import type { SnapshotCopies } from "../../model/site/copies";
import type { Identity } from "../../model/site/identity";
import { type FlowNeed, tcp } from "../../model/site/need";
import { home, type PlaceName, placeName } from "../../model/site/place-name";
import { type Fate, fate, flavor } from "../../model/site/specs";
import { type VaultSpec, vaultSchema } from "../../model/site/vault";
import type { DescribedFields } from "../../model/words/assumed";
import { type Fields, names, text, whole } from "../../model/words/parse";
import { type Duration, days, gib, time } from "../../model/words/quantity";
import { needsOf, secretOf } from "../backup/needs";
import { copiedOf } from "./copies";
import { vaultPanels } from "./panels";
import { serverMetrics, signalOfAgents, signalsOfServers, unsealed } from "./signals";

/** The servers of Vault, and how long what they give lives. */
export interface VaultOptions {
  /** Servers of the raft cluster: 3 or 5. @default 3 */
  readonly servers?: 3 | 5;
  /** Outside networks from which people reach it, to log in and have their certificates signed. @default ["operators"] */
  readonly from?: readonly string[];
  /** Outside networks from which jobs reach it. @default - none does */
  readonly runners?: readonly string[];
  /** What becomes of raft's volumes when Vault leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** @default "medium" */
  readonly flavor?: string;
  /** @default "openbao" */
  readonly product?: VaultSpec["product"];
  /** Another number makes another issuer of certificates of each environment, which takes over. @default 1 */
  readonly issuerGeneration?: number;
  /** Where copies of its snapshots go. @default - there are none beside those on its volumes */
  readonly copies?: SnapshotCopies;
}

const outside = names("the name of an outside network");

const schema = z.strictObject({
  from: outside.default(["operators"]),
  runners: outside.default([]),
  servers: whole(3, 5, "3 or 5 servers: raft needs a majority", "write 3 or 5")
    .refine((n) => n !== 4, { params: { allowed: "3 or 5 servers: a fourth adds no safety", fix: "write 3 or 5" } })
    .default(3),
  fate: fate.default("keep"),
  flavor: flavor.default("medium"),
  product: vaultSchema.shape.product.default("openbao"),
  issuerGeneration: vaultSchema.shape.issuerGeneration,
  copies: vaultSchema.shape.copies,
} satisfies Fields<VaultOptions>);

/** Vault on VMs, never on a cluster that needs it. */
export const vault = (options: DescribedFields<VaultOptions> = {}): Component =>
  component("vault", "vault", { schema, input: options }, ({ copies, ...is }, { identity = {} }) => ({
    vault: [
      { product: is.product, issuerGeneration: is.issuerGeneration, ...(copies === undefined ? {} : { copies }) },
    ],
    hosts: Array.from({ length: is.servers }, (_, i) => ({
      name: `vault-${i + 1}`,
      roles: ["vault"],
      subnet: "services",
      slot: 11 + i,
      flavor: is.flavor,
      flavorOption: "flavor",
      volumes: [
        {
          name: "raft",
          size: gib(50),
          fate: is.fate,
          ...(copies === undefined ? {} : { backup: copies.at, backupOption: "copies.at" }),
        },
      ],
      apart: { group: "vault", policy: "anti-affinity" },
    })),
    services: [
      {
        service: "vault",
        on: { role: "vault" },
        traffic: tcp(8200),
        auth: "tls+token",
        ownTrust: true,
        entrance: { relay: "proxy" },
        // The active server alone: a standby reads by itself, and does not know of a mount for a moment after it was made.
        // @see Vault API, /sys/health: 429 of a standby, 503 of one that is sealed; https://github.com/openbao/openbao/issues/2546
        health: { http: "/v1/sys/health", tls: true },
        // Logins of machines are bound to the addresses that it sees.
        proxyProtocol: true,
      },
      { service: "vault-raft", on: { role: "vault" }, traffic: tcp(8201), auth: "mtls", ownTrust: true },
    ],
    scrapes: [{ scrape: "vault", service: "vault", path: "/v1/sys/metrics?format=prometheus", metrics: serverMetrics }],
    recordings: [unsealed],
    panels: vaultPanels,
    secrets: copies === undefined ? [] : [secretOf(copiedOf(is.product))],
    needs: [
      { need: "flow", from: { role: "vault" }, to: { service: "vault" }, why: "a new server joins the others" },
      { need: "flow", from: { role: "vault" }, to: { service: "vault-raft" }, why: "the servers agree by raft" },
      { need: "flow", from: { role: "bastion" }, to: { service: "vault" }, why: "operators unseal and administer" },
      // The certificate by which a bastion lets somebody in is signed here: the way cannot lead over a bastion.
      ...entering(is.from, "from", "people log in, write secrets, and have SSH certificates signed"),
      ...entering(is.runners, "runners", "jobs log in, and configure hosts"),
      ...discovering(identity),
      ...signalsOfServers(is.product),
      ...(copies === undefined ? [] : needsOf(copiedOf(is.product), copies)),
    ],
  }));

const entering = (networks: readonly string[], option: string, why: string): readonly FlowNeed[] =>
  networks.map((network) => ({ need: "flow", from: { outside: network }, to: { service: "vault" }, why, option }));

/** Keys of whoever vouches for people and pipelines are fetched from where they publish them. */
function discovering({ people, pipelines }: Identity): readonly FlowNeed[] {
  const ways = new Map<number, Set<string>>();
  for (const { issuer } of [people, pipelines].flatMap((each) => each ?? [])) {
    const { hostname, port, protocol } = new URL(issuer);
    // On this machine, where somebody tries it.
    if (protocol !== "https:") continue;
    const at = Number(port || 443);
    ways.set(at, new Set([...(ways.get(at) ?? []), hostname]));
  }
  return [...ways].map(([port, hosts]) => ({
    need: "flow",
    from: { role: "vault" },
    to: { outside: "internet" },
    through: "forward-proxy",
    traffic: tcp(port),
    names: [...hosts].sort(),
    why: "fetches the keys of who vouches for people and pipelines",
  }));
}

/** A Vault that somebody else runs. */
export interface ExistingVaultOptions extends Omit<VaultSpec, "copies"> {
  readonly address: string;
}

/** A Vault that somebody else runs; it is configured like one of ours. Where it is reached is an outside named `vault`. */
export const existingVault = (options: ExistingVaultOptions): Component => ({
  kind: "vault",
  name: "vault",
  problems: [],
  describe: () => ({ vault: [options] }),
});

/** How hosts of a tenancy reach Vault, and for how long they do without. */
export interface VaultAgentOptions {
  /** Where Vault is. @default - home's production */
  readonly at?: PlaceName;
  /** The outside network at which a Vault of somebody else is met. @default - it is a service of ours */
  readonly outside?: string;
  /** How long Vault may be away, while all goes on here. @default 3 days */
  readonly survives?: Duration;
}

const agentSchema = z.strictObject({
  at: placeName("name one").default(home),
  outside: text("the name of an outside network").optional(),
  survives: time.default(days(3)),
} satisfies Fields<VaultAgentOptions>);

/** What every host of a tenancy needs to fetch its secrets and certificates. */
export const vaultAgent = (options: VaultAgentOptions = {}): Component =>
  component(
    "vault-agent",
    "vault-agent",
    { schema: agentSchema, input: options },
    ({ at, outside, survives }, here) => ({
      agents: [{ at, survives }],
      needs: [
        {
          need: "flow",
          from: { every: "host" },
          ...(outside === undefined ? { to: { service: "vault", at } } : { to: { outside }, traffic: tcp(8200) }),
          ...(outside === undefined && here.site === at.site && here.tenancy === at.tenancy
            ? {}
            : { through: "forward-proxy" }),
          why: "hosts fetch secrets and certificates",
          acrossEnvironments: true,
        },
        signalOfAgents(survives),
      ],
    }),
  );
