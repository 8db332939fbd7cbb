// Every pair of hosts and outsiders, on every port that flows name and some that none does.
import { permits, permitsOf } from "./declared.mjs";

/** Where nothing is declared. */
const strange = [9, 8081, 31337];
const metadata = "169.254.169.254";

/** @typedef {{ name: string, address: string, public?: string }} Inside */
/** @typedef {{ name: string, addresses: string[] }} Outside */
/** @typedef {{ from: string, source: string, to: string, proto: string, port: number, passes: boolean, sees?: string }} Attempt */

/**
 * What to attempt, and what is to come of it.
 * @param {{ place: any, flows: readonly any[], hosts: readonly Inside[], outside: readonly Outside[], egress: string, relays: boolean }} of
 *   relays: whether relays run, so that who is reached through one sees the relay
 * @returns {Attempt[]}
 */
export function attemptsOf({ place, flows, hosts, outside, egress, relays }) {
  const permitted = permitsOf(flows, place);
  const ports = portsOf(permitted);
  const faces = (/** @type {Inside} */ host) => host.public ?? egress;
  /** @type {(from: string, source: string, to: string, passes: (proto: string, port: number) => boolean, sees?: string) => Attempt[]} */
  const each = (from, source, to, passes, sees) =>
    ports.map(({ proto, port }) => ({
      from,
      source,
      to,
      proto,
      port,
      passes: passes(proto, port),
      ...(sees ? { sees: relaying(to, proto, port) ?? sees } : {}),
    }));
  const relayed = (relays ? flows : []).filter(({ relay }) => relay?.party.group.place === place.id);
  /** The relay itself, as who answers behind it sees it. @type {(to: string, proto: string, port: number) => string | undefined} */
  const relaying = (to, proto, port) => {
    const host = hosts.find((one) => one.public === to || one.address === to);
    const is = relayed.some(
      ({ relay: { party, traffic } }) =>
        party.hosts.some((/** @type {any} */ each) => each.name === host?.name) &&
        traffic.proto === proto &&
        traffic.from <= port &&
        port <= traffic.to,
    );
    return is ? host?.address : undefined;
  };
  const out =
    (/** @type {Inside} */ host, /** @type {string} */ to) =>
    (/** @type {string} */ proto, /** @type {number} */ port) =>
      permits(permitted, host.name, true, to, proto, port);
  const into =
    (/** @type {Inside} */ host, /** @type {string} */ from) =>
    (/** @type {string} */ proto, /** @type {number} */ port) =>
      permits(permitted, host.name, false, from, proto, port);
  return [
    ...hosts.flatMap((from) => [
      ...hosts
        .filter((to) => to !== from)
        .flatMap((to) => [
          ...each(
            from.name,
            from.address,
            to.address,
            (...of) => out(from, to.address)(...of) && into(to, from.address)(...of),
            from.address,
          ),
          // Out of the tenancy and back in: seen by the address of the way out.
          ...(to.public === undefined
            ? []
            : each(
                from.name,
                from.address,
                to.public,
                (...of) => out(from, to.public ?? "")(...of) && into(to, faces(from))(...of),
                faces(from),
              )),
        ]),
      ...outside.flatMap(({ addresses }) =>
        addresses.flatMap((to) => each(from.name, from.address, to, out(from, to), faces(from))),
      ),
      ...each(from.name, from.address, metadata, out(from, metadata)),
    ]),
    ...outside.flatMap(({ name, addresses }) =>
      addresses.flatMap((source) => [
        ...hosts.flatMap((to) => [
          ...each(name, source, to.address, () => false),
          ...(to.public === undefined ? [] : each(name, source, to.public, into(to, source), source)),
        ]),
        ...each(name, source, egress, () => false),
      ]),
    ),
  ];
}

/** Both ends of every range of ports that a flow names, in both protocols, and some that none does. @param {readonly import("./declared.mjs").Permit[]} permitted */
function portsOf(permitted) {
  const named = permitted.flatMap(({ traffic: { from, to } }) => [from, to, to + 1]);
  // DHCP is the kernel's and the cloud's; here addresses are there before boot.
  const ports = [...new Set([...named, ...strange])]
    .filter((port) => port !== 67 && port < 65536)
    .sort((a, b) => a - b);
  return ["tcp", "udp"].flatMap((proto) => ports.map((port) => ({ proto, port })));
}

/** What came otherwise than it should, in words. @param {readonly Attempt[]} attempts @param {readonly { passed: boolean, seen: string | null }[]} told */
export const surprises = (attempts, told) =>
  attempts.flatMap(({ from, to, proto, port, passes, sees }, i) => {
    const { passed = false, seen = null } = told[i] ?? {};
    const way = `${from} to ${to} ${proto} ${port}`;
    if (passed !== passes)
      return [`${way} ${passed ? "passes, and nobody declares it" : "is declared, and does not pass"}`];
    return passed && sees !== undefined && seen !== null && seen !== sees
      ? [`${way} is seen as ${seen}, not ${sees}`]
      : [];
  });
