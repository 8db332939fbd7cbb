import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { tcp } from "../../model/site/need";
import { flavor } from "../../model/site/specs";
import { type Fields, names } from "../../model/words/parse";

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

export interface ProxyOptions {
  /** @default "medium" */
  readonly flavor?: string;
}

const proxySchema = z.strictObject({ flavor: flavor.default("medium") } satisfies Fields<ProxyOptions>);

/** Packages and APIs of the internet go out through it, by an allow list; services of the tenancy are reached through it. */
export const proxy = (options: ProxyOptions = {}): Component =>
  component("proxy", "proxy", { schema: proxySchema, input: options }, ({ flavor }) => ({
    hosts: [{ name: "proxy", roles: ["proxy"], subnet: "edge", slot: 11, flavor, flavorOption: "flavor" }],
    services: [{ service: "forward-proxy", on: { role: "proxy" }, traffic: tcp(3128), auth: "none" }],
    needs: [80, 443].map((port) => ({
      need: "flow",
      from: { role: "proxy" },
      to: { outside: "internet" },
      traffic: tcp(port),
      why: "packages and APIs, by the allow list",
    })),
  }));
