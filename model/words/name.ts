import { word } from "./parse";

/** Names become parts of addresses in Terraform, of DNS names and of file names, and must be good as each. */
export const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 40 && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value);

export const nameRule = "lower-case letters, digits and single dashes, a letter first, at most 40";

/** A schema for a name. */
export const nameOf = (fix: string) => word((value) => (isName(value) ? value : undefined), nameRule, fix);

const domainName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** A schema for a domain. */
export const domain = word(
  (value) => (typeof value === "string" && domainName.test(value) ? value : undefined),
  "a domain name in lower case",
  "write e.g. lumi.apps.dte.destination-earth.eu",
);
