import { verbatim } from "./otel";

/**
 * What may stand in a line and is nobody's business: each an expression of RE2 whose first group stays. Programs of ours never write such;
 * others do when they fail. It helps beside that, and proves nothing.
 */
const secrets: readonly string[] = [
  // ecFlow: the word by which a job reports.
  "(ECF_PASS=)\\S+",
  // Tokens of Vault and OpenBao.
  "(\\b)(?:hv[sbr]|[sbr])\\.[A-Za-z0-9_-]{24,}",
  "((?i:authorization: *(?:bearer|basic) ))\\S+",
  "((?i:[a-z_-]*(?:password|passwd|secret|token|api_?key)[\"']?[=:] *[\"']?))[^\\s\"',;]+",
  // An URL with somebody's password.
  "(://[^/\\s:@]+:)[^/\\s@]+(?:@)",
  "(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^-]+",
];

/** Statements of the transform processor, for lines and what was read of them. */
export const redaction: readonly string[] = secrets.map(
  (secret) => `replace_pattern(log.body, "${literal(secret)}", "$$1***")`,
);

/** An expression within the quotes of OTTL. */
function literal(expression: string): string {
  return verbatim(expression.replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
}
