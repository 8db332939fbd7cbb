import type { VaultSpec } from "../../model/site/vault";
import { hours } from "../../model/words/quantity";
import type { Copied } from "../backup/needs";
import { productOf } from "./product";

/** What of Vault is copied to another site. */
export const copiedOf = (product: VaultSpec["product"]): Copied => {
  const { name, folder } = productOf(product);
  return {
    what: "snapshots of Vault",
    role: "vault",
    account: name,
    folder: `${folder}/copies`,
    unit: `${name}-copies.service`,
    every: hours(6),
    secret: "vault/copies",
    first: "hand it to those who keep it outside of Vault: without it, nobody brings back a Vault that is lost",
  };
};
