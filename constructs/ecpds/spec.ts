import { z } from "zod";
import { tlsFiles } from "../../model/site/certificate";
import { type Component, component } from "../../model/site/component";
import { hostName, type Need, type Service, serviceSchema, tcp } from "../../model/site/need";
import { type Fate, fate } from "../../model/site/specs";
import { image } from "../../model/site/workload";
import type { DescribedFields } from "../../model/words/assumed";
import { clock } from "../../model/words/calendar";
import { type Fields, names, text, whole } from "../../model/words/parse";
import { gib, memory, mib, type Size, size } from "../../model/words/quantity";
import { moverFiles, sftpFiles } from "./config";
import { beside, inPod, secretFile, secretKeys } from "./places";

/** A Continental Data Mover of ECMWF's OpenECPDS. */
export interface EcpdsMoverOptions {
  /** By which ECMWF's master knows it, where somebody has defined it as a Proxy Host. */
  readonly proxyHost: string;
  /** The outside network of ECMWF's data movers, who command it and bring it files. Nobody else: the commands ask for no password. */
  readonly movers: string;
  /** Hosts of these to which it reports, through the forward proxy: `ecpds-dm1.example.org`. */
  readonly reportsTo: readonly string[];
  /** Supercomputers to which it hands what arrives, by SFTP to their login nodes, by accounts that ECMWF's master knows. @default - none */
  readonly sendsTo?: readonly string[];
  /** Outside networks to which it hands products on, and by which port. @default - none */
  readonly delivers?: Readonly<Record<string, Delivery>>;
  /** Size of the volume that has the files. */
  readonly volume: Size;
  /** What becomes of it when the mover leaves the description: ECMWF has all that is on it. @default "disposable" */
  readonly fate?: Fate;
  /** File systems that ECMWF's movers have, 1 to 99: each file names its own. @default 1 */
  readonly fileSystems?: number;
  /** What the pods are made of, with digests. */
  readonly images: MoverImages;
  /** Of its container, a quarter of which is left beside Java's heap. @default gib(4) */
  readonly memory?: Size;
  /** The hour of the day, UTC, at which it begins anew for another certificate: no forecast waits then. @default "14:00" */
  readonly restartsAt?: string;
  /** Where the relay of the tenancy listens for commands, and for files. @default 4443 and 4022 */
  readonly ports?: MoverPorts;
  /** Where all nodes do, 30000 to 32767. @default 30444 and 30422 */
  readonly nodePorts?: MoverPorts;
}

/** Images of its two containers. */
export interface MoverImages {
  /** Of ECMWF's mover, made so that nobody's user can run it: `constructs/ecpds/image` tells how. */
  readonly mover: string;
  /** Of rclone, as its project publishes it. */
  readonly sftp: string;
}

/** To whom products go. */
export interface Delivery {
  /** @default 22 */
  readonly port?: number;
  readonly why: string;
}

/** Of commands and reports by HTTPS, and of files by SFTP. */
export interface MoverPorts {
  readonly https: number;
  readonly sftp: number;
}

const port = whole(1, 65535, "a port, 1 to 65535", "correct the port");
const nodePort = serviceSchema.shape.nodePort.unwrap();

const schema = z.strictObject({
  proxyHost: text("the name of the Proxy Host", "write it as ECMWF's master has it"),
  movers: text("the name of an outside network"),
  reportsTo: z.array(hostName).min(1),
  sendsTo: names("the name of a supercomputer").default([]),
  delivers: z
    .record(
      text("the name of an outside network"),
      z.strictObject({ port: port.default(22), why: text("who gets what") } satisfies Fields<Delivery>),
    )
    .default({}),
  volume: size,
  fate: fate.default("disposable"),
  fileSystems: whole(1, 99, "1 to 99 file systems", "leave it out for 1").default(1),
  images: z.strictObject({ mover: image, sftp: image } satisfies Fields<MoverImages>),
  memory: memory
    .refine((each) => each.mib >= 2048, { params: { allowed: "2 GiB or more", fix: "leave it out for 4 GiB" } })
    .default(gib(4)),
  restartsAt: clock.prefault("14:00"),
  ports: z.strictObject({ https: port, sftp: port } satisfies Fields<MoverPorts>).default({ https: 4443, sftp: 4022 }),
  nodePorts: z
    .strictObject({ https: nodePort, sftp: nodePort } satisfies Fields<MoverPorts>)
    .default({ https: 30444, sftp: 30422 }),
} satisfies Fields<EcpdsMoverOptions>);

const nothing = `example.org/it:0@sha256:${"0".repeat(64)}`;
const fallback = {
  proxyHost: "mover",
  movers: "internet",
  reportsTo: ["example.org"],
  volume: gib(1),
  images: { mover: nothing, sftp: nothing },
};

const workload = "ecpds-mover";
const files = "ecpds-mover-sftp";
const secret = "ecpds/sftp";
const namespace = "ecpds";

/**
 * A Continental Data Mover on the cluster of the tenancy: ECMWF's movers bring it files by SFTP and tell it by HTTPS to whom they go, and it
 * sends them there and reports. It logs nobody in: who brings data, or fetches products, does so at ECMWF. **Untried.**
 */
export const ecpdsMover = (options: DescribedFields<EcpdsMoverOptions>): Component =>
  component("ecpds-mover", "ecpds-mover", { schema, input: options, fallback }, (is, { environment }) => {
    const mover = { milliCpu: 1000, memory: is.memory };
    const sftp = { milliCpu: 250, memory: mib(512) };
    const service = (name: string, listens: number, which: keyof MoverPorts, auth: Service["auth"]): Service => ({
      service: name,
      on: { workload },
      traffic: tcp(listens),
      auth,
      nodePort: is.nodePorts[which],
      entrance: { relay: "proxy", port: is.ports[which], option: "ports" },
    });
    return {
      unobserved:
        "it tells of itself by JMX alone, which would ask everybody for one password; its lines come with those of all pods, a milestone tells what has not arrived",
      namespaces: [
        {
          namespace,
          environment,
          quota: {
            milliCpu: mover.milliCpu + sftp.milliCpu,
            memory: mib(mover.memory.mib + sftp.memory.mib),
            pods: 1,
            storage: is.volume,
          },
          why: "files of ECMWF on their way",
        },
      ],
      workloads: [
        {
          workload,
          namespace,
          runs: { kind: "StatefulSet", replicas: 1, volume: { path: inPod.volume, size: is.volume, fate: is.fate } },
          containers: [
            {
              name: "mover",
              image: is.images.mover,
              ...moverFiles({
                name: is.proxyHost,
                movers: is.reportsTo,
                fileSystems: is.fileSystems,
                heapMib: Math.floor((is.memory.mib * 3) / 4),
                restarts: is.restartsAt,
              }),
              ...mover,
              health: { tcp: inPod.https },
            },
            {
              name: "sftp",
              image: is.images.sftp,
              ...sftpFiles,
              ...sftp,
              volume: true,
              kept: [beside.secrets],
              health: { tcp: beside.port },
            },
          ],
          why: "a Continental Data Mover of ECMWF",
        },
      ],
      secrets: [
        {
          secret,
          keys: secretKeys,
          rotation: {
            steps: [
              "of the host key: make another, ssh-keygen -t ed25519, and tell ECMWF its public half",
              "of keys that are let in: write old and new, a line each",
              `kubectl -n ${namespace} rollout restart statefulset ${workload}, in hours that are open`,
              "write the new ones alone, once ECMWF uses them",
            ],
            test: "ECMWF's movers bring a file",
          },
          why: "ECMWF's movers know where they bring files, and are known there",
        },
      ],
      services: [
        // Whoever reaches it may have files sent and deleted: addresses are all that tells who that is.
        service(workload, inPod.https, "https", "tls"),
        service(files, beside.port, "sftp", "ssh-key"),
      ],
      needs: [
        {
          need: "certificate",
          by: { workload },
          service: workload,
          files: tlsFiles(inPod.tls),
          why: "ECMWF's movers know whom they command",
        },
        ...secretKeys.map(
          (key): Need => ({
            need: "secret",
            by: { workload },
            secret,
            key,
            file: secretFile(key),
            why: "files are brought by keys",
          }),
        ),
        ...[
          { to: workload, why: "ECMWF's movers tell it what to send, and ask how it is" },
          { to: files, why: "ECMWF's movers bring files" },
        ].map(
          ({ to, why }): Need => ({
            need: "flow",
            from: { outside: is.movers },
            to: { service: to },
            why,
            option: "movers",
          }),
        ),
        {
          need: "flow",
          from: { workload },
          to: { outside: "internet" },
          through: "forward-proxy",
          traffic: tcp(443),
          names: is.reportsTo,
          why: "it tells ECMWF that it is there, and what it has sent",
          option: "reportsTo",
          remedy: "add proxy()",
        },
        ...is.sendsTo.map(
          (supercomputer): Need => ({
            need: "flow",
            from: { workload },
            to: { supercomputer, nodes: "login", account: "theirs" },
            traffic: tcp(22),
            why: `what arrives is handed to ${supercomputer} by SFTP`,
            option: "sendsTo",
          }),
        ),
        ...Object.entries(is.delivers).map(
          ([outside, to]): Need => ({
            need: "flow",
            from: { workload },
            to: { outside },
            traffic: tcp(to.port),
            why: to.why,
            option: "delivers",
          }),
        ),
      ],
    };
  });
