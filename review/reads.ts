import type { Change } from "./change";
import { plain } from "./plain";
import type { Element } from "./stack";

/** `path "…" { … }`, as Vault's policies say it; Terraform's own words for the same are none of ours. */
const block = /path\s+("(?:[^"\\]|\\.)*")\s*\{([^}]*)\}/g;
/** Reasons stand there, in which anything may be written. */
const comments = /^[^\S\n]*(#|\/\/).*$/gm;

interface Grant {
  readonly capabilities: ReadonlySet<string>;
  /** Nothing is answered but in a wrapping. */
  readonly wrapped: boolean;
}

/** What a policy allows, by path. */
function grantsIn(element: Element | undefined): ReadonlyMap<string, Grant> {
  const { policy } = element?.type === "vault_policy" ? element.args : {};
  const grants = new Map<string, Grant>();
  if (typeof policy !== "string") return grants;
  for (const [, path = "", said = ""] of policy.replace(comments, "").matchAll(block)) {
    const [, list = ""] = /capabilities\s*=\s*\[([^\]]*)\]/.exec(said) ?? [];
    const capabilities = new Set(list.match(/[a-z]+/g) ?? []);
    if (capabilities.size > 0) grants.set(unquoted(path), { capabilities, wrapped: said.includes("min_wrapping_ttl") });
  }
  return grants;
}

function unquoted(path: string): string {
  try {
    return String(JSON.parse(path));
  } catch {
    return path;
  }
}

/** What a change lets somebody do in Vault that they could not do before: `lumi-production-fdb: read kv-lumi-production/…`. */
export function newlyAllowed({ action, before, after }: Change): readonly string[] {
  if (action === "move" || action === "forget" || action === "adopt") return [];
  const had = grantsIn(before);
  return [...grantsIn(after)].flatMap(([path, { capabilities, wrapped }]) => {
    const before = had.get(path);
    const more = [
      ...[...capabilities].filter((each) => !before?.capabilities.has(each)),
      ...(before?.wrapped && !wrapped ? ["answered without a wrapping"] : []),
    ];
    return more.length === 0 ? [] : [plain(`${String(after?.args.name)}: ${more.join(", ")} ${path}`)];
  });
}
