import type { Address } from "../../model/entries";

/** An address as others are told it. */
export const addressText = (address: Address): string =>
  "known" in address ? address.known.replace(/\/32$/, "") : `(not known yet: ${address.name})`;
