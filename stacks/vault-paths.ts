/** What stands in the stack of a Vault; all else of a tenancy is in its own. */
export const isOfVault = (first: string): boolean =>
  ["audit", "store", "issuer", "login", "outward", "machine", "people", "pipelines", "policy", "rate"].includes(first);
