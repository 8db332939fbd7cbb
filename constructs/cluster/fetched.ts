import { dirname } from "node:path/posix";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { SecretEntry } from "../../model/secrets";
import { grouped } from "../../model/words/grouped";
import { podTokens } from "../vault/logins";
import { mounts } from "../vault/policy";
import { vaultOf } from "../vault/where";
import { keyOf } from "./key";

/** A secret's key as a file of a workload. */
export interface Fetched {
  readonly secret: SecretEntry;
  readonly key: string;
  readonly file: string;
}

/** What a workload reads. */
export const fetchedBy = (workload: string, place: PlaceEntry, { secrets }: Registers): readonly Fetched[] =>
  secrets.flatMap((secret) =>
    secret.pods
      .filter((pods) => pods.place.id === place.id && pods.workload === workload)
      .map(({ key, file }) => ({ secret, key, file })),
  );

/** Where the cluster keeps what a workload reads of a store: a Secret beside it. */
export const secretOf = (workload: string, mount: string): string => `${workload}-${mount}`;

/** Folders that hold nothing else, and the files in each, by the key that they have in the Secret. */
export const foldersOf = (fetched: readonly Fetched[]): ReadonlyMap<string, readonly Fetched[]> =>
  grouped(fetched, ({ file }) => dirname(file));

/**
 * What external-secrets has to know: where Vault is, as whom it asks, and what it keeps. It asks as the account of the workload, by a token
 * that lives ten minutes; so nobody in the namespace gets more than that workload may read. What was fetched stays when Vault is
 * away, and when the object that asked for it goes.
 * @see external-secrets, SecretStore and ExternalSecret, v1; provider HashiCorp Vault, JWT
 */
export function fetching(
  workload: string,
  fetched: readonly Fetched[],
  place: PlaceEntry,
  registers: Registers,
): readonly Readonly<Record<string, unknown>>[] {
  const vault = vaultOf(place, registers);
  if (!vault || fetched.length === 0) return [];
  return [...grouped(fetched, ({ secret }) => secret.mount)].flatMap(([mount, mine]) => {
    const metadata = { name: secretOf(workload, mount) };
    return [
      {
        apiVersion: "external-secrets.io/v1",
        kind: "SecretStore",
        metadata,
        spec: {
          provider: {
            vault: {
              server: vault.url,
              path: mount,
              version: "v2",
              ...(place.trust.tlsRoots.length > 0 && vault.ca !== undefined
                ? { caBundle: Buffer.from(place.trust.tlsRoots.join("\n")).toString("base64") }
                : {}),
              auth: {
                jwt: {
                  path: mounts.podsOf(place.id),
                  role: `${place.id}-pods-${workload}`,
                  kubernetesServiceAccountToken: {
                    serviceAccountRef: { name: workload },
                    audiences: [podTokens.audience],
                    expirationSeconds: 600,
                  },
                },
              },
            },
          },
        },
      },
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata,
        spec: {
          refreshInterval: "5m",
          secretStoreRef: { kind: "SecretStore", ...metadata },
          target: { ...metadata, creationPolicy: "Orphan", deletionPolicy: "Retain" },
          data: mine.map(({ secret, key, file }) => ({
            secretKey: keyOf(file),
            remoteRef: { key: secret.path, property: key },
          })),
        },
      },
    ];
  });
}
