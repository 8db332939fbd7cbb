import { join } from "node:path";
import fc from "fast-check";
import { cluster } from "../../constructs/cluster/spec";
import { collector } from "../../constructs/collector/spec";
import { ecflow } from "../../constructs/ecflow/spec";
import { bastion, proxy } from "../../constructs/edge/spec";
import { ingress } from "../../constructs/ingress/spec";
import { monitoring } from "../../constructs/monitoring/spec";
import { vault, vaultAgent } from "../../constructs/vault/spec";
import { readSites } from "../../engine/world";
import { type Gathered, gather } from "../../model/gather";
import { allRules, type Registers } from "../../model/registers";
import { type Rule, waits } from "../../model/rules";
import { type FlowNeed, tcp, udp } from "../../model/site/need";
import { allocated, hours, mbitPerSecond } from "../../model/vocabulary";
import { type Cidr, contains } from "../../model/words/address";
import { namespace, workload } from "../stacks/cluster";
import { concerns, Internet, type Packet, type Plug, printed, type Way } from "./packets";
import { answered, learned, north, saying, south, tenancy } from "./platform";

const home = { site: "south", tenancy: "production" };

/** Two sites behind NAT, with every kind of way that a flow can take. */
const sites = () => [
  north({
    production: tenancy({
      runs: [
        bastion(),
        proxy(),
        vaultAgent({ at: home }),
        ecflow("prod", {
          standby: true,
          submitsTo: ["polaris"],
          users: { operators: { is: "team", from: ["front-ends"], why: "watch" } },
        }),
        cluster({ servers: 3, workers: 1 }), // behind a load balancer
        collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: home }),
        ingress(),
        saying({
          namespaces: [namespace("maps")],
          workloads: [workload("tiles", "maps")],
          services: [
            {
              ...{ service: "tiles", on: { workload: "tiles" }, traffic: tcp(8000), auth: "mtls", ownTrust: true },
              entrance: { ingress: "ingress" },
            },
          ],
          needs: [
            { need: "flow", from: { outside: "front-ends" }, to: { service: "tiles" }, why: "maps are looked at" },
          ],
        }),
      ],
    }),
  }),
  {
    ...south({
      production: tenancy({
        network: { cidr: "10.36.0.0/20" },
        runs: [
          bastion(),
          proxy(),
          vault(),
          vaultAgent({ at: home }),
          monitoring(),
          cluster({ servers: 3, workers: 1 }),
        ], // on a shared address
      }),
    }),
    identity: { people: { issuer: "https://login.example.org", audience: "platform" } },
  },
];

/** A packet, its way, and whether it is let out and in: by the rules, and by what flows mean. */
interface Tried {
  readonly packet: Packet;
  readonly way: Way;
  readonly ruled: { readonly leaves: boolean; readonly arrives: boolean };
  readonly meant: { readonly leaves: boolean; readonly arrives: boolean };
}

class Trial {
  private readonly internet: Internet;
  private readonly meant: ReturnType<Internet["meant"]>;

  constructor(private readonly registers: Registers) {
    this.internet = new Internet(registers.places, registers.flows);
    this.meant = this.internet.meant();
  }

  *tried(): Generator<Tried> {
    const rules = allRules(this.registers);
    for (const { packet, way } of this.internet.packets()) {
      const leaves = this.internet.leaves(packet, way, rules);
      yield {
        packet,
        way,
        ruled: { leaves, arrives: this.internet.arrives(packet, way, rules) },
        meant: this.meant(packet, way),
      };
    }
  }

  /** Doors that the rules of the platform open otherwise than its flows mean. */
  differences(): readonly string[] {
    const found: string[] = [];
    for (const { packet, ruled, meant } of this.tried())
      for (const door of ["leaves", "arrives"] as const)
        if (ruled[door] !== meant[door])
          found.push(`${printed(packet)} ${door}: ${ruled[door]}, but flows mean ${meant[door]}`);
    return found;
  }

  /** A packet that shows that one rule was exchanged for others; none if nobody would notice. */
  notices(tried: readonly Tried[], old: Rule, now: readonly Rule[]): string | undefined {
    const changed = [...allRules(this.registers).filter((rule) => rule !== old), ...now];
    const touched = (side: "in" | "out", plug: Plug | undefined) =>
      plug !== undefined && [old, ...now].some((rule) => rule.direction === side && concerns(rule, plug));
    const noticed = tried.find(
      ({ packet, way, meant }) =>
        (touched("out", way.sender) && this.internet.leaves(packet, way, changed) !== meant.leaves) ||
        (touched("in", way.target) && this.internet.arrives(packet, way, changed) !== meant.arrives),
    );
    return noticed && printed(noticed.packet);
  }
}

/** Every small slip that somebody could make with a rule. */
function slips(rule: Rule, rules: readonly Rule[]): Readonly<Record<string, readonly Rule[]>> {
  const { traffic, peer, group } = rule;
  const others = rules.flatMap((other) =>
    other.group.place === group.place && !other.group.balancer ? [other.group] : [],
  );
  const networks = "address" in peer && "known" in peer.address ? wider(peer.address.known) : [];
  return {
    deleted: [],
    "ports after": [{ ...rule, traffic: { ...traffic, to: traffic.to + 7 } }],
    "ports before": [{ ...rule, traffic: { ...traffic, from: traffic.from - 7 } }],
    "the next port": [{ ...rule, traffic: { ...traffic, from: traffic.from + 1, to: traffic.to + 1 } }],
    "the other protocol": [{ ...rule, traffic: { ...traffic, proto: traffic.proto === "tcp" ? "udp" : "tcp" } }],
    "the other direction": [{ ...rule, direction: rule.direction === "in" ? "out" : "in" }],
    "any address": [{ ...rule, peer: { address: { name: "any", known: "0.0.0.0/0" as Cidr } } }],
    ...Object.fromEntries(
      networks.map((network) => [`as ${network}`, [{ ...rule, peer: { address: { name: network, known: network } } }]]),
    ),
    ...("group" in peer
      ? Object.fromEntries(
          others
            .filter((other) => other.role !== peer.group.role)
            .map((other) => [`as ${other.role}`, [{ ...rule, peer: { group: other } }]]),
        )
      : {}),
  };
}

/** The network twice as large. */
function wider(network: Cidr): readonly Cidr[] {
  const [base = "", length = "0"] = network.split("/");
  const bits = Number(length) - 1;
  return bits < 0 ? [] : [`${base}/${bits}` as Cidr];
}

/** What is still the same after a slip: everywhere was open already, or another rule admits the neighbour that came in. */
function harmless(rule: Rule, slip: string, rules: readonly Rule[]): boolean {
  const known = knownOf(rule);
  if (slip === "any address") return known === "0.0.0.0/0";
  const [wide] = known?.endsWith("/32") && slip.startsWith("as ") ? wider(known) : [];
  const alike = ({ group, direction, traffic }: Rule) => JSON.stringify([group, direction, traffic]);
  return rules.some((other) => {
    const neighbour = knownOf(other);
    return other !== rule && alike(other) === alike(rule) && wide && neighbour && contains(wide, neighbour);
  });
}

const knownOf = ({ peer }: Rule): Cidr | undefined =>
  "address" in peer && "known" in peer.address ? peer.address.known : undefined;

describe("the rules of a platform", () => {
  const platform = learned(sites());
  const rules = allRules(platform.registers);
  const trial = new Trial(platform.registers);
  const tried = [...trial.tried()];

  test("are sound, and none waits", () => {
    expect(platform.problems).toEqual([]);
    expect(rules.filter(waits)).toEqual([]);
    expect(rules.length).toBeGreaterThan(60);
  });

  test("let exactly the packets of its flows through", () => {
    expect(trial.differences()).toEqual([]);
    expect(tried.filter(({ meant }) => meant.leaves && meant.arrives).length).toBeGreaterThan(500);
  });

  test("none can be changed without a packet that notices", () => {
    const unnoticed = rules.flatMap((rule) =>
      Object.entries(slips(rule, rules))
        .filter(([slip, now]) => !harmless(rule, slip, rules) && trial.notices(tried, rule, now) === undefined)
        .map(([slip]) => `${rule.group.place} ${rule.group.role} ${rule.id}: ${slip}`),
    );
    expect(unnoticed).toEqual([]);
  });
});

test("the rules of this platform let exactly the packets of its flows through, once all is learned and answered", () => {
  const platform = learned(readSites(join(__dirname, "../../sites")).sites.map(answered));
  expect(platform.problems).toEqual([]);
  expect(allRules(platform.registers).filter(waits)).toEqual([]);
  expect(new Trial(platform.registers).differences()).toEqual([]);
});

describe("what is not known", () => {
  const unknown = gather(sites());

  test("opens nothing: rules that need it wait", () => {
    const waiting = allRules(unknown.registers)
      .filter(waits)
      .map(({ id }) => id);
    expect(waiting).toContain("out-tcp-4318-to-south-production-proxy");
    expect(waiting).toContain("in-tcp-4318-from-north-production-router");
    expect(new Trial(unknown.registers).differences()).toEqual([]);
  });

  test("keeps the names of rules when it is learned", () => {
    const ids = ({ registers }: Gathered) =>
      allRules(registers).map(({ id, group }) => `${group.place} ${group.role} ${id}`);
    expect(ids(unknown)).toEqual(ids(learned(sites())));
  });
});

describe("any flows at all", () => {
  const role = fc.constantFrom("a", "b", "c");
  const place = fc.constantFrom({ site: "north", tenancy: "production" }, { site: "south", tenancy: "production" });
  const service = fc.constantFrom("a-relayed", "b-own", "c-hidden", "ab-range");
  const theirs = fc.constantFrom(
    { outside: "operators" },
    { outside: "internet" },
    { supercomputer: "polaris", nodes: "login" as const },
    { supercomputer: "polaris", nodes: "compute" as const },
  );
  const ours = fc.oneof(
    role.map((r) => ({ role: r })),
    fc.constant({ every: "host" as const }),
  );
  const through = fc.constantFrom({}, { through: "forward-proxy" });
  const traffic = fc.constantFrom(tcp(7000), tcp(7001, 7003), udp(7000));
  const need: fc.Arbitrary<FlowNeed> = fc.oneof(
    fc
      .record({ from: ours, to: fc.record({ service, at: place }), through })
      .map(({ from, to, through }) => flow(from, to, through)),
    fc
      .record({ from: ours, to: theirs, traffic, through })
      .map(({ from, to, traffic, through }) => flow(from, to, { traffic, ...through })),
    fc.record({ from: theirs, to: fc.record({ service }) }).map(({ from, to }) => flow(from, to, {})),
  );
  const flow = (from: FlowNeed["from"], to: FlowNeed["to"], rest: Partial<FlowNeed>): FlowNeed => ({
    need: "flow",
    from,
    to,
    why: "a test",
    ...rest,
  });

  /** Hosts a, b and two of c; b has a public address. */
  const thing = (needs: readonly FlowNeed[]) =>
    saying({
      hosts: ["a", "b", "c-1", "c-2"].map((name, i) => ({
        name,
        roles: [name[0] ?? "", ...(i < 2 ? ["ab"] : [])],
        subnet: "services",
        slot: 50 + i,
        flavor: "small",
      })),
      services: [
        {
          service: "a-relayed",
          on: { role: "a" },
          traffic: tcp(8000),
          auth: "mtls",
          entrance: { relay: "proxy", port: 9000 },
        },
        { service: "b-own", on: { role: "b" }, traffic: tcp(8000), auth: "mtls", entrance: "own-address" },
        { service: "c-hidden", on: { role: "c" }, traffic: udp(8002), auth: "mtls" },
        { service: "ab-range", on: { role: "ab" }, traffic: tcp(8000, 8010), auth: "mtls" },
      ],
      needs,
    });
  const platformOf = (here: readonly FlowNeed[], there: readonly FlowNeed[]) => {
    const is = { public: { bastion: allocated, proxy: allocated, b: allocated } };
    return learned([
      north({ production: tenancy({ ...is, runs: [bastion(), proxy(), thing(here)] }) }),
      south({
        production: tenancy({ ...is, network: { cidr: "10.36.0.0/20" }, runs: [bastion(), proxy(), thing(there)] }),
      }),
    ]);
  };

  test("get rules that let exactly their packets through", () => {
    fc.assert(
      fc.property(fc.array(need, { maxLength: 6 }), fc.array(need, { maxLength: 3 }), (here, there) => {
        expect(new Trial(platformOf(here, there).registers).differences()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
