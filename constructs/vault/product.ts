import type { VaultSpec } from "../../model/site/vault";

/** What a product is called where it runs. The configuration of both is the same but for what each knows alone. */
export interface Product {
  /** Of the package, and of the account and the unit that run it. */
  readonly name: string;
  readonly program: string;
  /** Its folder in `/etc`. */
  readonly folder: string;
}

const products: Readonly<Record<VaultSpec["product"], Product>> = {
  openbao: { name: "openbao", program: "/usr/bin/bao", folder: "/etc/openbao" },
  vault: { name: "vault", program: "/usr/bin/vault", folder: "/etc/vault.d" },
};

export const productOf = (product: VaultSpec["product"]): Product => products[product];
