import { servesVault } from "./accounts";
import type { PlaceEntry } from "./entries";
import { type StackEntry, stacksOf } from "./stacks";

/**
 * The stacks on which whatever runs in a control plane stands, and a controller wherever it is: its own, its cluster's tenancy, Vault and
 * Vault's servers. What runs there never applies them: it would take away what it stands on, and be root of all secrets.
 */
export const bootstrapStacks = (places: readonly PlaceEntry[]): readonly StackEntry[] =>
  places.flatMap((place) => {
    const stacks = stacksOf(place);
    const hosting = new Set([
      "control-plane",
      ...place.gitops.map(({ said }) => place.namespaces.find(({ namespace }) => namespace === said.namespace)?.stack),
    ]);
    const plane = Math.max(...stacks.map(({ kind }, i) => (hosting.has(kind) ? i : -1)));
    // What comes before it on the same cluster is what it counts on.
    return stacks.filter(
      ({ kind }, i) => i <= plane || kind === "vault" || (kind === "tenancy" && place.hosts.some(servesVault)),
    );
  });
