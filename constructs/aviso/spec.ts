import { z } from "zod";
import { adminRole, type Events, eventsSchema, type Roles, rolesSchema } from "../../model/site/aviso";
import { type Component, component } from "../../model/site/component";
import { type Fate, fate } from "../../model/site/fate";
import { hostName, tcp } from "../../model/site/need";
import { image } from "../../model/site/workload";
import type { DescribedFields } from "../../model/words/assumed";
import { type Fields, names, oneOf, text, whole } from "../../model/words/parse";
import { days } from "../../model/words/quantity";
import { authOTronName, platformRealm } from "../auth-o-tron/places";
import { quotaOf } from "../cluster/quota";
import { namespace } from "../services/spec";
import { between, broughtTo, certificateOf, clientsOf, issued, token } from "./needs";
import { panels } from "./panels";
import { avisoName as name, natsName, ports } from "./places";
import { natsPods, serverPods } from "./pods";
import { metrics, recordings, signals } from "./signals";

/** What tells people what there is in the FDB of the tenancy. */
export interface AvisoOptions {
  readonly images: AvisoImages;
  /** As people know it, in full: `aviso.lumi.apps.dte.destination-earth.eu`. Whoever keeps its zone leads it to the relay. */
  readonly address: string;
  /** What is told, by the name of the event. */
  readonly events: Events;
  /** What becomes of what was told when it leaves the description. */
  readonly fate: Fate;
  /** Hosts that notify, by their role, and as whom: an account of `authOTron()`. @default - none do */
  readonly notifiers?: Readonly<Record<string, Notifier>>;
  /** Supercomputers whose jobs notify. @default - none do */
  readonly jobs?: readonly string[];
  /** Outside networks from which people and programs listen, and notify. @default ["internet"] */
  readonly from?: readonly string[];
  /** Who may notify of everything, and delete, by realm. @default { platform: ["aviso-admin"] } */
  readonly admins?: Roles;
  /**
   * Whose certificate it shows: one that our Vault issues, which strangers do not trust; or one that people bring as the secret
   * `aviso/certificate`. @default "issued"
   */
  readonly certificate?: "issued" | "brought";
  /** The FDB of whose fields it tells. @default "fdb" */
  readonly fdb?: string;
  /** By which it is entered. @default "ingress" */
  readonly ingress?: string;
  /** Pods of aviso-server. @default 2 */
  readonly replicas?: number;
}

/** Each with its digest. */
export interface AvisoImages {
  /** `eccr.ecmwf.int/aviso/aviso_server:…` */
  readonly server: string;
  /** `docker.io/library/nats:2.12.4@sha256:…` */
  readonly nats: string;
  /** What speaks TLS for both: nginx, unprivileged. */
  readonly tls: string;
}

/** Who on hosts of a role notifies, as which account. */
export interface Notifier {
  readonly account: string;
  /** The account of the host that reads the password. @default "root" */
  readonly owner?: string;
}

const imagesSchema = z.strictObject({ server: image, nats: image, tls: image } satisfies Fields<AvisoImages>);

const schema = z.strictObject({
  images: imagesSchema,
  address: hostName,
  events: eventsSchema,
  fate,
  notifiers: z
    .record(
      text("a role of hosts"),
      z.strictObject({
        account: text("an account of authOTron()"),
        owner: text("an account of the host").default("root"),
      } satisfies Fields<Notifier>),
    )
    .default({}),
  jobs: names("the name of a supercomputer").default([]),
  from: names("the name of an outside network").default(["internet"]),
  admins: rolesSchema.default({ [platformRealm]: [adminRole] }),
  certificate: oneOf(["issued", "brought"]).default("issued"),
  fdb: text("an FDB of the tenancy").default("fdb"),
  ingress: text("an ingress of the tenancy").default("ingress"),
  replicas: whole(1, 10, "1 to 10 pods", "write a number").default(2),
} satisfies Fields<AvisoOptions>);

const none = `example.org/it:0@sha256:${"0".repeat(64)}`;
const fallback = {
  images: { server: none, nats: none, tls: none },
  address: "aviso.example.org",
  events: { none: { identifier: { class: { is: "text" } }, kept: days(1), perDay: 1 } },
  fate: "keep",
};

/**
 * Aviso: people listen, and are told what fields have come; whoever archives them notifies. aviso-server and NATS as workloads of ours,
 * since the chart is behind a login. **Untried**: the images.
 */
export const aviso = (options: DescribedFields<AvisoOptions>): Component =>
  component(name, name, { schema, input: options, fallback }, (is, here) => {
    const workloads = [serverPods(is), natsPods(is)];
    const isBrought = is.certificate === "brought";
    return {
      namespaces: [{ ...namespace(name, "tells people what there is", here), quota: quotaOf(workloads) }],
      aviso: [
        {
          aviso: name,
          fdb: is.fdb,
          events: is.events,
          asks: authOTronName,
          admins: is.admins,
          notifiers: Object.fromEntries(Object.entries(is.notifiers).map(([role, { account }]) => [role, account])),
        },
      ],
      workloads,
      services: [
        {
          service: name,
          on: { workload: name },
          traffic: tcp(ports.tls),
          auth: "tls+token",
          entrance: { ingress: is.ingress },
          publicNames: [is.address],
          ...(isBrought ? { ownTrust: true } : {}),
        },
        { service: `${name}-metrics`, on: { workload: name }, traffic: tcp(ports.metrics), auth: "none" },
        { service: natsName, on: { workload: natsName }, traffic: tcp(ports.nats), auth: "tls+token" },
      ],
      secrets: [token, ...(isBrought ? [certificateOf(is.address)] : [])],
      scrapes: [{ scrape: name, service: `${name}-metrics`, metrics }],
      recordings,
      panels,
      needs: [...between, ...(isBrought ? broughtTo(is.address) : [issued]), ...clientsOf(is), ...signals],
    };
  });
