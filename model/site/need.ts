/** A tenancy of a site. */
export interface PlaceName {
  readonly site: string;
  readonly tenancy: string;
}

/** Where what the sites share stands, unless somebody says otherwise. */
export const home: PlaceName = { site: "home", tenancy: "production" };

/** How a service knows who speaks to it; `none` and `tls` know nobody. */
export const auths = ["none", "tls", "ssh-certificate", "ssh-key", "mtls", "tls+password", "tls+token"] as const;
export type Auth = (typeof auths)[number];

/** Protocol and ports, both ends of the range included. */
export interface Traffic {
  readonly proto: "tcp" | "udp";
  readonly from: number;
  readonly to: number;
}

/** TCP to a port, or to a range of ports. */
export const tcp = (port: number, to = port): Traffic => ({ proto: "tcp", from: port, to });
/** UDP to a port, or to a range of ports. */
export const udp = (port: number, to = port): Traffic => ({ proto: "udp", from: port, to });

/** Traffic as it stands in names and tables: `tcp-3141`, `udp-30000-30010`. */
export const shown = ({ proto, from, to }: Traffic): string =>
  from === to ? `${proto}-${from}` : `${proto}-${from}-${to}`;

/** Hosts of ours: those with a role, or all of the tenancy. */
export type OurSide = ({ readonly role: string } | { readonly every: "host" }) & {
  /** @default - the tenancy of the component */
  readonly at?: PlaceName;
};

/**
 * The other side: nodes of a supercomputer, or a network that a site names under `outside`. Every place also knows the
 * outsides `internet`, `dhcp`, `metadata`, `resolvers` and `ntp`.
 */
export type TheirSide =
  | { readonly supercomputer: string; readonly nodes: "login" | "compute" }
  | { readonly outside: string };

/** Something that hosts of ours listen on. Its port is written here and nowhere else. */
export interface Service {
  /** Unique in its tenancy. */
  readonly service: string;
  readonly on: OurSide;
  readonly traffic: Traffic;
  readonly auth: Auth;
  /**
   * How it is reached from outside its tenancy: at the public addresses of its hosts, or through hosts of a relaying
   * role that listen for it on a port of theirs (by default the same).
   * @default - only from inside the tenancy
   */
  readonly entrance?: "own-address" | { readonly relay: string; readonly port?: number };
  /** A load balancer of the tenancy, which clients inside it address instead of the hosts. @default - none */
  readonly balancer?: string;
}

/** A service, by name. */
export interface ServiceName {
  readonly service: string;
  /** @default - the tenancy of the component */
  readonly at?: PlaceName;
}

/** A connection that has to be possible. An end that resolves to nothing is a problem of the description. */
export interface Need {
  readonly need: "flow";
  readonly from: OurSide | TheirSide;
  readonly to: ServiceName | TheirSide;
  /** Where `to` is not ours, so that nobody else writes the port. */
  readonly traffic?: Traffic;
  /** A forward proxy of the tenancy by which it leaves: a service. @default - leaves directly */
  readonly through?: string;
  /** For reviewers and for whoever has to open the other half. */
  readonly why: string;
  /** The option of the component that asks for it, where a wrong name is corrected. @default - the component */
  readonly option?: string;
  /** Its ends may belong to two environments. @default false */
  readonly acrossEnvironments?: boolean;
}
