import type { Event } from "../../model/site/aviso";
import type { Fate } from "../../model/site/fate";
import type { ContainerSpec, WorkloadSpec } from "../../model/site/workload";
import { mib } from "../../model/words/quantity";
import { volumeOf } from "./capacity";
import { natsText } from "./nats";
import { besideAviso, besideNats } from "./nginx";
import { files, avisoName as name, natsName, ports } from "./places";
import { configText, type ServerProps, variables } from "./server";

/** What its pods follow from. */
export interface PodsProps extends ServerProps {
  readonly images: Readonly<Record<"server" | "nats" | "tls", string>>;
  readonly events: Readonly<Record<string, Event>>;
  readonly fate: Fate;
  readonly replicas: number;
}

/** aviso-server, and beside it what speaks TLS for it. */
export const serverPods = (is: PodsProps): WorkloadSpec => ({
  workload: name,
  namespace: name,
  runs: { kind: "Deployment", replicas: is.replicas },
  containers: [
    {
      name,
      image: is.images.server,
      env: { [variables.config]: files.config },
      files: { [files.config]: configText(is) },
      milliCpu: 200,
      memory: mib(256),
      health: { http: "/health", ready: "/ready", port: ports.http },
    },
    speakingTls(is.images.tls, besideAviso(), ports.tls),
  ],
  why: "tells people what there is",
});

/** nginx, by which a pod is met. @param text what it reads @param port where it is met */
const speakingTls = (image: string, text: string, port: number): ContainerSpec => ({
  name: "tls",
  image,
  command: ["nginx", "-e", "stderr", "-c", files.nginx, "-g", "daemon off;"],
  files: { [files.nginx]: text },
  kept: [files.tls],
  scratch: ["/tmp"],
  milliCpu: 100,
  memory: mib(128),
  health: { tcp: port },
});

/** NATS: one, whose volume has all that is kept. While it begins anew, who notifies tries again. */
export const natsPods = ({ images, events, fate }: PodsProps): WorkloadSpec => ({
  workload: natsName,
  namespace: name,
  runs: {
    kind: "StatefulSet",
    replicas: 1,
    volume: { path: files.store, size: volumeOf(events), fate },
  },
  containers: [
    {
      name: "nats",
      image: images.nats,
      args: ["--config", files.nats],
      files: { [files.nats]: natsText(events) },
      milliCpu: 200,
      memory: mib(512),
      // @see NATS, "Monitoring": healthz
      health: { http: "/healthz?js-enabled-only=true", ready: "/healthz", port: ports.natsHealth },
    },
    speakingTls(images.tls, besideNats(), ports.nats),
  ],
  why: "keeps notifications",
});
