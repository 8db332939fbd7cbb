import type { SnapshotCopies } from "../../model/site/copies";
import { type Need, tcp } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";
import type { VaultSpec } from "../../model/site/vault";
import { type Product, productOf } from "./product";

const [secret, keys] = ["vault/copies", ["access-key", "secret-key"]] as const;

/** Where agents put the key of the other site's store, beside what says where that is. */
export const folderOfCopies = ({ folder }: Product): string => `${folder}/copies`;
export const unitOfCopies = ({ name }: Product): string => `${name}-copies.service`;

/** Two halves, and no file of credentials: in one of those, whoever writes it could name a program that is run. */
export const secretOfCopies = (product: VaultSpec["product"]): Secret => ({
  secret,
  keys,
  rotation: {
    steps: [
      "make another key at the object store, for that bucket alone",
      "hand it to those who keep it outside of Vault: without it, nobody brings back a Vault that is lost",
      "write both halves of it",
      "withdraw the old key once the test has passed",
    ],
    test: `on each server: systemctl start ${unitOfCopies(productOf(product))}`,
  },
  why: "snapshots of Vault are copied to another site",
});

/** Nothing restarts for another key: the next copy takes it. */
export const needsOfCopies = ({ endpoint }: SnapshotCopies, product: VaultSpec["product"]): readonly Need[] => [
  ...keys.map(
    (key): Need => ({
      need: "secret",
      by: { role: "vault" },
      secret,
      key,
      file: `${folderOfCopies(productOf(product))}/${key}`,
      owner: productOf(product).name,
      why: "snapshots are copied",
    }),
  ),
  {
    need: "flow",
    from: { role: "vault" },
    to: { outside: "internet" },
    through: "forward-proxy",
    traffic: tcp(443),
    names: [endpoint],
    why: "snapshots of Vault go to another site",
    option: "copies",
  },
];
