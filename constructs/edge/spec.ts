import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type Need, tcp } from "../../model/site/need";
import { flavor } from "../../model/site/specs";
import { type Fields, names } from "../../model/words/parse";
import { relayPanels } from "./panels";
import { relayLeadsNowhere, relayMetrics, relayMetricsPort, relayServersDown } from "./signals";

/** The host by which people and Ansible log in to all others. */
export interface BastionOptions {
  /** Outside networks from which people may log in. @default ["operators"] */
  readonly from?: readonly string[];
  /** @default "small" */
  readonly flavor?: string;
}

const outside = names("the name of an outside network");

const bastionSchema = z.strictObject({
  from: outside.default(["operators"]),
  flavor: flavor.default("small"),
} satisfies Fields<BastionOptions>);

/** The one host that people and Ansible log in to; every other accepts SSH from here alone. */
export const bastion = (options: BastionOptions = {}): Component =>
  component("bastion", "bastion", { schema: bastionSchema, input: options }, ({ from, flavor }) => ({
    unobserved: "sshd alone, whose unit, log and port are seen as those of every host",
    hosts: [{ name: "bastion", roles: ["bastion"], subnet: "edge", slot: 10, flavor, flavorOption: "flavor" }],
    services: [
      {
        service: "bastion",
        on: { role: "bastion" },
        traffic: tcp(22),
        auth: "ssh-certificate",
        entrance: "own-address",
      },
    ],
    needs: from.map((network) => ({
      need: "flow",
      from: { outside: network },
      to: { service: "bastion" },
      why: "operators log in with certificates of the platform's CA",
      option: "from",
    })),
  }));

/** The host by which a tenancy reaches the internet, and services of it are reached. */
export interface ProxyOptions {
  /** @default "medium" */
  readonly flavor?: string;
}

const proxySchema = z.strictObject({ flavor: flavor.default("medium") } satisfies Fields<ProxyOptions>);

/** Packages and APIs of the internet go out through it, by an allow list; services of the tenancy are reached through it. */
export const proxy = (options: ProxyOptions = {}): Component =>
  component("proxy", "proxy", { schema: proxySchema, input: options }, ({ flavor }) => ({
    hosts: [{ name: "proxy", roles: ["proxy"], subnet: "edge", slot: 11, flavor, flavorOption: "flavor" }],
    services: [
      { service: "forward-proxy", on: { role: "proxy" }, traffic: tcp(3128), auth: "none" },
      { service: "relay-metrics", on: { role: "proxy" }, traffic: tcp(relayMetricsPort), auth: "none" },
    ],
    scrapes: [{ scrape: "relay", service: "relay-metrics", metrics: relayMetrics }],
    recordings: [relayServersDown],
    panels: relayPanels,
    needs: [
      ...[80, 443].map(
        (port): Need => ({
          need: "flow",
          from: { role: "proxy" },
          to: { outside: "internet" },
          traffic: tcp(port),
          why: "packages and APIs, by the allow list",
        }),
      ),
      relayLeadsNowhere,
    ],
  }));
