import type { PlaceEntry } from "../../model/entries";
import { podTokens } from "../vault/logins";
import type { Vault } from "../vault/where";

/** Where Vault is, as controllers on a cluster are told it. */
export const vaultServer = ({ url, ca }: Vault, { trust: { tlsRoots } }: PlaceEntry) => ({
  server: url,
  ...(tlsRoots.length > 0 && ca !== undefined ? { caBundle: Buffer.from(tlsRoots.join("\n")).toString("base64") } : {}),
});

/** Whose token they ask the cluster for: that of the workload for which they act. */
export const tokenFor = (workload: string) => ({
  serviceAccountRef: { name: workload },
  audiences: [podTokens.audience],
});
