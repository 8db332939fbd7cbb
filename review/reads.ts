import type { Change } from "./change";
import { plain } from "./plain";
import type { Element } from "./stack";

/** `path "…" { … capabilities = […] }`, as Vault's policies say it; Terraform's own words for the same are none of ours. */
const grant = /path\s+("(?:[^"\\]|\\.)*")\s*\{[^}]*?capabilities\s*=\s*(\[[^\]]*\])/g;

/** What a policy allows, by path. */
function grantsIn(element: Element | undefined): ReadonlyMap<string, ReadonlySet<string>> {
  const { policy } = element?.type === "vault_policy" ? element.args : {};
  const grants = new Map<string, ReadonlySet<string>>();
  if (typeof policy !== "string") return grants;
  for (const [, path = "", capabilities = ""] of policy.matchAll(grant))
    grants.set(unquoted(path), new Set(capabilities.match(/[a-z]+/g) ?? []));
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
  return [...grantsIn(after)].flatMap(([path, capabilities]) => {
    const more = [...capabilities].filter((each) => !had.get(path)?.has(each));
    return more.length === 0 ? [] : [plain(`${String(after?.args.name)}: ${more.join(", ")} ${path}`)];
  });
}
