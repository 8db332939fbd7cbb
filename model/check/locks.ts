import type { PlaceEntry } from "../entries";
import { layoutsOf } from "../layouts";
import type { Registers } from "../registers";
import { isOfTrust, type Lock } from "../site/lock";
import { stacksOf } from "../stacks";
import { didYouMean, listed, type Problem } from "../words/problem";
import { own } from "../words/record";

interface Told {
  /** Whether something at a path, or below, could not be read. */
  readonly wrong: (path: string) => boolean;
  /** Whether sites are missing, so that names which nobody here bears prove nothing. */
  readonly partial: boolean;
}

/** What the locks hold and the description has no more; and what they were told of nobody. */
export function lockProblems({ locks, sites, places }: Registers, { wrong, partial }: Told): readonly Problem[] {
  return [
    ...trustTwice(locks),
    ...[...locks].flatMap(([site, lock]) => lockedOut(site, lock)),
    ...[...locks].flatMap(([site, lock]): readonly Problem[] => {
      if (!sites.some(({ name }) => name === site)) return partial ? [] : [withoutSite(site, lock)];
      const here = places.filter((place) => place.site.name === site);
      if (wrong(site)) return [];
      return [
        ...stackProblems(site, lock, here),
        ...layoutProblems(lock, here),
        ...holdProblems(site, lock, here),
        ...learnedProblems(site, lock, here),
      ];
    }),
  ];
}

function withoutSite(site: string, { stacks }: Lock): Problem {
  const names = Object.keys(stacks);
  const forget = `databridge lock --forget ${names.join(" ")}`;
  return {
    path: `${site}.lock`,
    value: names.length === 0 ? "no stacks" : `the stacks ${listed(names)}`,
    allowed: "the lock of a site that has a file",
    fix: `put sites/${site}.ts back${names.length === 0 ? ", or delete the lock" : `; or, once they are destroyed: ${forget}`}`,
  };
}

function stackProblems(site: string, { stacks }: Lock, here: readonly PlaceEntry[]): readonly Problem[] {
  const described = here.flatMap(stacksOf);
  return Object.entries(stacks).flatMap(([name, { state }]): readonly Problem[] => {
    const path = `${site}.lock.stacks.${name}`;
    const stack = described.find((each) => each.name === name);
    if (!stack) {
      const allowed = `a stack that is described: ${listed(described.map((each) => each.name))}`;
      const fix = `put its tenancy back; or, once it is destroyed: databridge lock --forget ${name}`;
      return [{ path, value: state, allowed, fix }];
    }
    if (stack.state === state) return [];
    const fix = `put it back; or move the state (engine/README.md), then: databridge lock --forget ${name}.state`;
    return [{ path: `${site}.${stack.place.name}.state`, value: stack.state, allowed: `${state}, as locked`, fix }];
  });
}

/** Data that lies there would be found by nobody, and what comes would lie beside it. */
function layoutProblems({ stacks }: Lock, here: readonly PlaceEntry[]): readonly Problem[] {
  return here.flatMap(layoutsOf).flatMap(({ stack, fdb, because, fingerprint }): readonly Problem[] => {
    const locked = own(own(stacks, stack)?.layouts ?? {}, fdb);
    if (locked === undefined || locked === fingerprint) return [];
    return [
      {
        path: `${because}.layout`,
        value: `a layout, ${fingerprint.slice(0, 12)}`,
        allowed: `that of the data there, ${locked.slice(0, 12)} in the lock`,
        fix: `put it back; or, once its data is gone (docs/runbooks/fdb.md): databridge lock --forget ${stack}.layouts.${fdb}`,
      },
    ];
  });
}

/** What holds nothing would let through what somebody meant to hold. */
function holdProblems(site: string, { holds = {} }: Lock, here: readonly PlaceEntry[]): readonly Problem[] {
  const names = here.flatMap(stacksOf).map(({ name }) => name);
  return Object.keys(holds)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: `${site}.lock.holds.${name}`,
      value: name,
      allowed: `a stack of ${site}: ${listed(names)}`,
      fix: didYouMean(name, names, `databridge release ${name}`),
    }));
}

function learnedProblems(site: string, { learned }: Lock, here: readonly PlaceEntry[]): readonly Problem[] {
  const tenancies = here.map(({ name }) => name);
  return Object.entries(learned).flatMap(
    ([tenancy, { public: addresses, hostKeys = {}, clusterCa, clusterKey }]): readonly Problem[] => {
      const path = `${site}.lock.learned.${tenancy}`;
      const place = here.find(({ name }) => name === tenancy);
      if (!place) {
        const fix = didYouMean(tenancy, tenancies, `databridge learn ${site} ${tenancy}=`);
        return [{ path, value: "{…}", allowed: `a tenancy of ${site}: ${listed(tenancies)}`, fix }];
      }
      const all = place.hosts.map(({ name }) => name);
      const allocated = place.hosts.flatMap(({ name, public: facing }) => (facing?.how === "allocated" ? [name] : []));
      const unknown = (key: string, values: Readonly<Record<string, string>>, hosts: readonly string[], what: string) =>
        Object.keys(values)
          .filter((host) => !hosts.includes(host))
          .map((host) => ({
            path: `${path}.${key}.${host}`,
            value: own(values, host),
            allowed: `${what}: ${listed(hosts)}`,
            fix: didYouMean(host, hosts, `databridge learn ${site} ${tenancy}.${key}.${host}=`),
          }));
      return [
        ...unknown("public", addresses, allocated, "a host whose address is allocated"),
        ...unknown("hostKeys", hostKeys, all, "a host of the tenancy"),
        ...Object.entries({ clusterCa, clusterKey })
          .filter(([, value]) => value !== undefined && place.clusters.length === 0)
          .map(([key]) => ({
            path: `${path}.${key}`,
            value: key === "clusterCa" ? "a certificate" : "a public key",
            allowed: "nothing, since the tenancy has no cluster",
            fix: `databridge learn ${site} ${tenancy}.${key}=`,
          })),
      ];
    },
  );
}

/** All hosts trust the same; of two locks that say what, nobody could tell which. */
function trustTwice(locks: Registers["locks"]): readonly Problem[] {
  const [first, ...others] = [...locks].filter(([, lock]) => isOfTrust(lock));
  return others.map(([site, { trust }]) => ({
    path: `${site}.lock.trust`,
    value: listed(Object.keys(trust)),
    allowed: `nothing, since ${first?.[0]}.lock says what the platform trusts`,
    fix: "leave one of them out",
  }));
}

/** A CA that is in force and revoked would let nobody in, or to no host, not even to mend it. */
const lockedOut = (site: string, { trust: { revoked = {}, ...trust } }: Lock): readonly Problem[] =>
  Object.entries(revoked).flatMap(([name, value]) =>
    (["sshUserCa", "sshUserCaToo", "sshHostCa", "sshHostCaToo"] as const)
      .filter((ca) => trust[ca] === value)
      .map((ca) => ({
        path: `${site}.lock.trust.revoked.${name}`,
        value,
        allowed: "a key that is no CA in force: nobody could log in any more",
        fix: `take it out of trust.${ca} first`,
      })),
  );
