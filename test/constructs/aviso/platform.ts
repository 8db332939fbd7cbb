import {
  authOTron,
  aviso,
  bastion,
  cluster,
  clusterCollector,
  collector,
  ecflow,
  fdb,
  ingress,
  proxy,
  sharedServices,
  vault,
  vaultAgent,
} from "../../../constructs/specs";
import type { Component } from "../../../model/site/component";
import { days, gib, hours, mbitPerSecond } from "../../../model/vocabulary";
import { givingVolumes, layout, learned, north, south, tenancy } from "../../model/platform";

export const image = `registry.example.org/it:1.0.0@sha256:${"0".repeat(64)}`;
const images = { server: image, nats: image, tls: image };
export const address = "aviso.north.example.org";

/** As `layout` of the tests lays fields out. */
export const events = {
  mars: {
    identifier: { class: { is: "one-of", values: ["d1"] }, date: { is: "date", asked: true }, levtype: { is: "text" } },
    reads: { people: ["*"] },
    writes: { platform: ["writer"] },
    kept: days(7),
    perDay: 1000,
  },
} as const;

type Options = Parameters<typeof aviso>[0];
export const options = (is: Partial<Options> = {}): Options =>
  ({ images, address, events, fate: "keep", ...is }) as Options;

const at = { site: "north", tenancy: "production" };

/** A bridge with an FDB, and with what tells of its fields. */
export const bridge = (is: Partial<Options> = {}, more: readonly Component[] = []): readonly Component[] => [
  bastion(),
  proxy(),
  vault({ from: [] }),
  vaultAgent({ at }),
  cluster({ servers: 1, workers: 1, cloud: true }),
  sharedServices({ vault: at }),
  ingress(),
  collector({ survives: hours(1), at: mbitPerSecond(1), deliversTo: at }),
  clusterCollector({ image }),
  ecflow("prod"),
  fdb({ stores: 1, volume: gib(100), fate: "keep", layout }),
  authOTron({
    image,
    people: { url: "https://login.example.org", realm: "people" },
    accounts: { notifier: ["writer"] },
  }),
  aviso(options(is)),
  ...more,
];

export const described = (runs: readonly Component[] = bridge()) =>
  learned([north({ production: tenancy({ runs }) }, { cloud: givingVolumes }), south({})]);
