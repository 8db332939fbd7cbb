import { pathTo } from "../entries";
import type { Registers } from "../registers";
import { contains, only, readIpv4 } from "../words/address";
import type { Problem } from "../words/problem";

/** A state that we keep ourselves could not be read when it is needed most: to mend what keeps it. */
export const stateProblems = ({ places }: Registers): readonly Problem[] => [
  ...onOurHosts(places),
  ...inOurBuckets(places),
];

const inOurBuckets = (places: Registers["places"]): readonly Problem[] => {
  const made = new Map(
    places.flatMap(({ id, buckets }) => buckets.map(({ name, because }) => [`${id}-${name}`, because])),
  );
  return places.flatMap((place): readonly Problem[] => {
    const { state } = place.tenancy;
    const maker = state.kind === "s3" ? made.get(state.bucket) : undefined;
    if (state.kind !== "s3" || maker === undefined) return [];
    const allowed = `a bucket that no stack of ours makes; ${maker} makes this one`;
    return [
      { path: `${pathTo(place)}.state.bucket`, value: state.bucket, allowed, fix: "take one that stands by itself" },
    ];
  });
};

const onOurHosts = (places: Registers["places"]): readonly Problem[] =>
  places.flatMap((place): readonly Problem[] => {
    const { state } = place.tenancy;
    const [url, key] = state.kind === "http" ? [state.address, "address"] : [storeOf(state), "endpoint"];
    const host = url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
    const ours = host === undefined ? undefined : oneOfOurs(host, places);
    const path = `${pathTo(place)}.state.${key}`;
    const allowed = `a server that no stack of ours makes; ${ours} is one`;
    return ours === undefined ? [] : [{ path, value: url, allowed, fix: "take one that stands by itself" }];
  });

const storeOf = (state: Registers["places"][number]["tenancy"]["state"]): string | undefined =>
  state.kind === "s3" ? state.endpoint : undefined;

/** The path of the host, or of the network, that a name or an address belongs to. */
function oneOfOurs(host: string, places: Registers["places"]): string | undefined {
  const address = readIpv4(host);
  for (const { site, name, hosts, tenancy, egress } of places) {
    const at = `${site.name}.${name}`;
    const match = hosts.find(({ dns, public: facing }) => {
      const known = facing && "known" in facing.address ? facing.address.known : undefined;
      return dns === host || (address !== undefined && known === only(address));
    });
    if (match) return `${at}.${match.name}`;
    if (address === undefined) continue;
    if (contains(tenancy.network.cidr, address)) return `${at}.network`;
    if ("known" in egress && egress.known === only(address)) return `${at}.router`;
  }
  return undefined;
}
