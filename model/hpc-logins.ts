import { type Flow, isOurs, type PlaceEntry } from "./entries";
import type { Site } from "./site/site";
import type { Supercomputer } from "./site/supercomputer";

/** Hosts of a tenancy that log in to a supercomputer. */
export interface HpcLogin {
  readonly place: PlaceEntry;
  /** The site whose supercomputer it is. */
  readonly to: Site;
  readonly supercomputer: Supercomputer;
  /** Roles of hosts, each with the component that first asks for it. */
  readonly by: readonly { readonly role: string; readonly because: string }[];
}

interface Described {
  readonly places: readonly PlaceEntry[];
  readonly sites: readonly Site[];
  readonly flows: readonly Flow[];
}

/** Everybody who logs in to a supercomputer, as flows to its login nodes tell. */
export const hpcLogins = ({ places, sites, flows }: Described): readonly HpcLogin[] =>
  places.flatMap((place) =>
    sites.flatMap((to): readonly HpcLogin[] => {
      const { supercomputer } = to;
      const roles = new Map<string, string>();
      for (const flow of flows)
        if (isOurs(flow.from) && flow.from.group.place === place.id && !isOurs(flow.to))
          if (supercomputer && flow.to.theirs === `${supercomputer.name}.login` && !roles.has(flow.from.group.role))
            roles.set(flow.from.group.role, flow.because);
      const by = [...roles].map(([role, because]) => ({ role, because }));
      return supercomputer && by.length > 0 ? [{ place, to, supercomputer, by }] : [];
    }),
  );

/** Where hosts have the private key by which they log in, and whose it is there. */
export const keyOfLogin = ({ name, auth }: Supercomputer): { readonly file: string; readonly owner: string } => ({
  file: `/etc/platform/${auth.kind === "registered-key" ? auth.secret : `hpc/${name}`}`,
  owner: "root",
});
