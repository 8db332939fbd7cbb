import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { tcp } from "../../model/site/need";
import { home, type PlaceName } from "../../model/site/place-name";
import { type Fate, fate, flavor } from "../../model/site/specs";
import { type Fields, whole } from "../../model/words/parse";
import { gib } from "../../model/words/quantity";

export interface VaultOptions {
  /** Servers of the raft cluster: 3 or 5. @default 3 */
  readonly servers?: 3 | 5;
  /** What becomes of raft's volumes when Vault leaves the description. @default "keep" */
  readonly fate?: Fate;
  /** @default "medium" */
  readonly flavor?: string;
}

const schema = z.strictObject({
  servers: whole(3, 5, "3 or 5 servers: raft needs a majority", "write 3 or 5")
    .refine((n) => n !== 4, { params: { allowed: "3 or 5 servers: a fourth adds no safety", fix: "write 3 or 5" } })
    .default(3),
  fate: fate.default("keep"),
  flavor: flavor.default("medium"),
} satisfies Fields<VaultOptions>);

/** Vault on VMs, never on a cluster that needs it. */
export const vault = (options: VaultOptions = {}): Component =>
  component("vault", "vault", { schema, input: options }, (is) => ({
    hosts: Array.from({ length: is.servers }, (_, i) => ({
      name: `vault-${i + 1}`,
      roles: ["vault"],
      subnet: "services",
      slot: 11 + i,
      flavor: is.flavor,
      flavorOption: "flavor",
      volumes: [{ name: "raft", size: gib(50), fate: is.fate }],
      apart: { group: "vault", policy: "anti-affinity" },
    })),
    services: [
      { service: "vault", on: { role: "vault" }, traffic: tcp(8200), auth: "tls+token", entrance: { relay: "proxy" } },
      { service: "vault-raft", on: { role: "vault" }, traffic: tcp(8201), auth: "mtls" },
    ],
    needs: [
      { need: "flow", from: { role: "vault" }, to: { service: "vault" }, why: "a new server joins the others" },
      { need: "flow", from: { role: "vault" }, to: { service: "vault-raft" }, why: "the servers agree by raft" },
      { need: "flow", from: { role: "bastion" }, to: { service: "vault" }, why: "operators unseal and administer" },
    ],
  }));

/** What every host of a tenancy needs to fetch its secrets and certificates. @param at where Vault runs */
export const vaultAgent = (at: PlaceName = home): Component => ({
  kind: "vault-agent",
  name: "vault-agent",
  problems: [],
  describe: (here) => ({
    needs: [
      {
        need: "flow",
        from: { every: "host" },
        to: { service: "vault", at },
        ...(here.site === at.site && here.tenancy === at.tenancy ? {} : { through: "forward-proxy" }),
        why: "hosts fetch secrets and certificates",
        acrossEnvironments: true,
      },
    ],
  }),
});
