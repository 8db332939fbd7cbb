import { secretIdLives, tokenLives } from "../../model/signed-keys";
import type { SignalNeed } from "../../model/site/signal";
import type { VaultSpec } from "../../model/site/vault";
import { Duration, hours } from "../../model/words/quantity";
import { secretIdFile } from "./places";
import { productOf } from "./product";
import { folderOfSnapshots, server } from "./server";

/** What ends on servers of Vault, or is to be made again and again: nothing renews their certificates. */
export const signalsOfServers = (product: VaultSpec["product"]): readonly SignalNeed[] => [
  {
    need: "signal",
    signal: "platform_certificate_expiry_timestamp_seconds",
    by: { role: server, file: { kind: "x509", path: `${productOf(product).folder}/tls/tls.crt` } },
    labels: { certificate: "vault" },
    what: "the certificate of a server of Vault, by the offline root",
    why: "nobody reaches Vault: nothing is read, renewed or signed",
    runbook: "docs/runbooks/vault.md#its-certificate-ends",
  },
  {
    need: "signal",
    signal: "platform_snapshot_timestamp_seconds",
    by: { role: server, file: { kind: "age-of-file", path: `${folderOfSnapshots}/*.snap` } },
    labels: { of: "vault" },
    // One every six hours, twenty minutes more or less.
    thresholds: { warning: { age: hours(13) }, critical: { age: hours(25) } },
    what: "the last snapshot of Vault",
    why: "what is written since is lost with the servers",
    runbook: "docs/runbooks/expiry.md#snapshots",
  },
];

/**
 * How long ago a host was handed what it logs in by: `configure` hands over another one when a quarter of its time is over, and an agent
 * that is restarted after its end stays out.
 */
export function signalOfAgents(survives: Duration): SignalNeed {
  const lives = secretIdLives(tokenLives(survives));
  return {
    need: "signal",
    signal: "platform_vault_login_timestamp_seconds",
    by: { every: "host", file: { kind: "age-of-file", path: secretIdFile } },
    thresholds: {
      warning: { age: Duration.seconds((lives * 3) / 4) },
      critical: { age: Duration.seconds((lives * 11) / 12) },
    },
    what: "what the host logs in to Vault by",
    why: "an agent that is restarted stays out, and what it keeps ends one after another",
    runbook: "docs/runbooks/expiry.md#logins-to-vault",
  };
}
