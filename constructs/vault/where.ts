import { serviceDns } from "../../model/certificates";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { StatedVault } from "../../model/site/vault";
import { forwardProxyOf } from "../edge/forward-proxy";
import { rootFile } from "../hosts/roots";
import { isBeside } from "./machines";

/** Where the agents of a tenancy find Vault. */
export interface Vault {
  readonly said: StatedVault;
  readonly url: string;
  /** The certificates that it is held against. @default - those that all programs of the host trust */
  readonly ca?: string;
  /** The forward proxy that leads there. @default - it is reached directly */
  readonly proxy?: string;
}

export function vaultOf(place: PlaceEntry, { places }: Registers): Vault | undefined {
  const [agent] = place.agents;
  const there = places.find(({ site, name }) => site.name === agent?.said.at.site && name === agent.said.at.tenancy);
  const [stated] = there?.vault ?? [];
  if (!there || !stated) return undefined;
  const { address } = stated.said;
  const port = there.services.find(({ said }) => said.service === "vault")?.said;
  const entrance = port?.entrance;
  const relayed =
    place.id !== there.id && typeof entrance === "object" && "relay" in entrance ? entrance.port : undefined;
  const url = address ?? `https://${serviceDns(there, "vault")}:${relayed ?? port?.traffic.from ?? 8200}`;
  const proxy = isBeside(place, there) ? undefined : forwardProxyOf(place);
  return {
    said: stated.said,
    url,
    ...(address === undefined ? { ca: rootFile } : {}),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
