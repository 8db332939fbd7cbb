import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { grouped } from "../../model/words/grouped";
import { accountOf } from "../vault/access";
import { mounts } from "../vault/policy";
import { vaultOf } from "../vault/where";
import type { Brought } from "./kept";
import { keyOf } from "./key";
import { tokenFor, vaultServer } from "./vault-server";

/**
 * What external-secrets has to know: where Vault is, as whom it asks, and what it keeps. It asks as the account of the workload, by a token
 * that lives ten minutes; so nobody in the namespace gets more than that workload may read. What was fetched stays when Vault is
 * away, and when the object that asked for it goes.
 * @see external-secrets, SecretStore and ExternalSecret, v1; provider HashiCorp Vault, JWT
 */
export function fetchedBy(workload: string, place: PlaceEntry, registers: Registers): Brought {
  const vault = vaultOf(place, registers);
  const read = registers.secrets.flatMap((secret) =>
    secret.pods
      .filter((pods) => pods.place.id === place.id && pods.workload === workload)
      .map((reader) => ({ ...reader, path: secret.path, mount: secret.mount })),
  );
  if (!vault) return { objects: [], kept: [] };
  const nameOf = (mount: string): string => `${workload}-${mount}`;
  return {
    objects: [...grouped(read, ({ mount }) => mount)].flatMap(([mount, mine]) => {
      const metadata = { name: nameOf(mount) };
      const jwt = {
        path: mounts.podsOf(place.id),
        role: accountOf(place, workload),
        kubernetesServiceAccountToken: { ...tokenFor(workload), expirationSeconds: 600 },
      };
      return [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "SecretStore",
          metadata,
          spec: {
            provider: { vault: { ...vaultServer(vault, place), path: mount, version: "v2", auth: { jwt } } },
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
            data: mine.map(({ path, key, file }) => ({
              secretKey: keyOf(file),
              remoteRef: { key: path, property: key },
            })),
          },
        },
      ];
    }),
    kept: read.map(({ mount, file, variable }) => ({
      secret: nameOf(mount),
      key: keyOf(file),
      file,
      ...(variable === undefined ? {} : { variable }),
    })),
  };
}
