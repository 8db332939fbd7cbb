/**
 * Text of somebody, at any depth, as it is: what would be a template of Terraform is none. Keys are ours.
 * @see Terraform, strings and templates: escape sequences
 */
export function literal<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll("${", () => "$${").replaceAll("%{", "%%{") as T;
  if (Array.isArray(value)) return value.map(literal) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(item)])) as T;
}
