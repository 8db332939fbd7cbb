import { secretIdLives, tokenLives } from "../../model/signed-keys";
import type { SignalNeed } from "../../model/site/signal";
import type { MetricSpec, RecordingSpec } from "../../model/site/telemetry";
import type { VaultSpec } from "../../model/site/vault";
import { Duration, hours, minutes } from "../../model/words/quantity";
import { secretIdFile } from "./places";
import { productOf } from "./product";
import { folderOfSnapshots, server } from "./server";

/** @see OpenBao, "Telemetry metrics"; HashiCorp Vault, the same */
export const serverMetrics: readonly MetricSpec[] = [
  { metric: "vault_core_unsealed", what: "1 where a server is open", labels: ["cluster"] },
  { metric: "vault_core_active", what: "1 where it is the one that answers for all", labels: ["cluster"] },
  { metric: "vault_core_in_flight_requests", what: "what it is asked just now", labels: ["cluster"] },
  { metric: "vault_expire_num_leases", what: "logins and certificates that it keeps in mind" },
];

/** Before it is opened a server does not know what it is called, and the series of then stays beside. */
export const unsealed: RecordingSpec = {
  recording: "platform_vault_unsealed",
  expr: "max without (cluster) (vault_core_unsealed)",
  what: "1 where a server of Vault is open",
  example: {
    given: {
      'vault_core_unsealed{host="a",cluster=""}': 0,
      'vault_core_unsealed{host="a",cluster="x"}': 1,
      'vault_core_unsealed{host="b",cluster=""}': 0,
    },
    gives: { 'platform_vault_unsealed{host="a"}': 1, 'platform_vault_unsealed{host="b"}': 0 },
  },
};

/** What ends on servers of Vault, or is to be made again and again: nothing renews their certificates. */
export const signalsOfServers = (product: VaultSpec["product"]): readonly SignalNeed[] => [
  {
    need: "signal",
    signal: "platform_vault_unsealed",
    by: { role: server },
    thresholds: { critical: { below: 1 } },
    for: minutes(2),
    what: "a server of Vault, which is sealed",
    why: "with two of three sealed nothing is read, renewed or signed",
    runbook: "docs/runbooks/vault.md#it-is-sealed-at-three-in-the-morning",
  },
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
