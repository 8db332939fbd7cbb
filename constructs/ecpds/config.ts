import { tlsFiles } from "../../model/site/certificate";
import type { ContainerSpec } from "../../model/site/workload";
import { beside, data, inPod, secretFile } from "./places";

export interface MoverConfig {
  /** By which it tells ECMWF's movers that it is there. */
  readonly name: string;
  /** Hosts of ECMWF's movers, to which it reports. */
  readonly movers: readonly string[];
  readonly fileSystems: number;
  /** Of Java's heap. */
  readonly heapMib: number;
  /** The hour, UTC, at which it takes another certificate: `14:00`. */
  readonly restarts: string;
}

type Files = Pick<ContainerSpec, "command" | "files" | "scratch" | "env">;

/** What its container has; `platform-ecpds serve` reads it. */
export function moverFiles(is: MoverConfig): Files {
  const { about, own, variables, run, tmp, volume, program, tls } = inPod;
  const conf = `${run}/conf`;
  const files = {
    [`${own}/ecmwf.properties`]: properties(mainOf(is), passwordFile),
    // Else it answers at a port of its own, to a user and a password that are the same everywhere.
    [`${own}/starter.properties`]: "starter.useJConsole=yes\n",
  };
  return {
    command: ["platform-ecpds", "serve", about],
    env: {
      ALLOCATED_MEMORY: `${is.heapMib}M`,
      INTERNAL_ADDRESS: loopback,
      // The image has one, which everybody knows; the file of properties has ours.
      KEYSTORE_PASSWORD: "",
      LOG_LEVEL: "info",
      CONSOLE_LOG_LEVEL: "info",
      LOG_ROLLOVER_SIZE_KEEP: "5",
      HOME: "/tmp",
    },
    files: {
      ...files,
      [variables]: `dir_conf=${conf}\ndir_log=${volume}/log\n`,
      [about]: `${JSON.stringify(
        {
          start: [`${program}/sh/mover`, "start"],
          image: `${program}/conf`,
          conf,
          files: Object.keys(files),
          secret: passwordFile,
          keystore: keystoreFile,
          certificate: { certificate: tlsFiles(tls).certificate, key: tlsFiles(tls).key },
          folders: [...["log", "mqtt"].map((each) => `${volume}/${each}`), ...fileSystemsOf(is)],
          restarts: is.restarts,
        },
        undefined,
        2,
      )}\n`,
    },
    scratch: ["/tmp", tmp],
  };
}

const loopback = "127.0.0.1";
const passwordFile = `${inPod.run}/secret.properties`;
const keystoreFile = `${inPod.run}/ecpds-mover.pfx`;

/** ECMWF's movers name one of these in the path of each file. */
const fileSystemsOf = ({ fileSystems }: Pick<MoverConfig, "fileSystems">): readonly string[] =>
  Array.from({ length: fileSystems }, (_, i) => `${data}/volume${i}`);

/** Addresses of a socket. */
interface Socket {
  readonly listenAddress?: string;
  readonly publicAddress?: string;
}

/** What version 8.1.0 reads of a file like this, as far as a Continental Data Mover has use for it. @see open-ecpds, etc/mover/conf/ecmwf.properties */
export interface Properties {
  readonly Login: { readonly hostName: string };
  readonly PluginList: { readonly http: string };
  /** With a group `MasterServer` it would be no Continental Data Mover. @see open-ecpds, MoverServer.java */
  readonly MoverProxy: {
    /** URLs, by semicolons; one of them is asked, and the others if it fails. */
    readonly httpMover: string;
    /** Its own default is yes. */
    readonly trustAllCerts: "yes" | "no";
    /** Milliseconds. */
    readonly connectTimeout: number;
  };
  readonly Security: { readonly SSLKeyStore: string };
  readonly Mover: { readonly operational: "yes" };
  readonly HttpPlugin: {
    readonly https: number;
    readonly listenAddress: string;
    readonly htdocs: string;
    readonly enabledProtocols: string;
    readonly checkControlChannelIsSecure: "yes";
    readonly s3Enabled: "no";
    readonly webdavEnabled: "no";
  };
  readonly ECproxyPlugin: { readonly repository: string };
  readonly CallBack: Socket & { readonly serverFactory: string; readonly clientFactory: string; readonly port: number };
  readonly RMIServerSocketFactory: Socket;
  readonly RMIClientSocketFactory: Socket;
  readonly ReportCommand: { readonly mover: string; readonly host: string };
  readonly Other: { readonly buffer: number };
}

/** Its portal and its ports for programs are left out: without a connection to the master nobody could log in there. */
function mainOf({ name, movers }: MoverConfig): Properties {
  const { program, https } = inPod;
  const local: Socket = { listenAddress: loopback, publicAddress: loopback };
  const report = `${program}/sh/report`;
  return {
    Login: { hostName: name },
    PluginList: { http: "ecmwf.ecpds.mover.plugin.http.HttpPlugin" },
    MoverProxy: {
      httpMover: movers.map((mover) => `https://${mover}`).join(";"),
      trustAllCerts: "no",
      connectTimeout: 30_000,
    },
    Security: { SSLKeyStore: keystoreFile },
    Mover: { operational: "yes" },
    HttpPlugin: {
      https,
      listenAddress: "0.0.0.0",
      htdocs: `${program}/htdocs`,
      enabledProtocols: "TLSv1.3,TLSv1.2",
      checkControlChannelIsSecure: "yes",
      s3Enabled: "no",
      webdavEnabled: "no",
    },
    ECproxyPlugin: { repository: data },
    // It makes objects of RMI all the same, which nobody calls.
    CallBack: {
      ...local,
      serverFactory: "ecmwf.common.rmi.RMIServerSocketFactory",
      clientFactory: "ecmwf.common.rmi.RMIClientSocketFactory",
      port: 4600,
    },
    RMIServerSocketFactory: local,
    RMIClientSocketFactory: local,
    ReportCommand: { mover: report, host: `${report} $host $port $listenAddress` },
    Other: { buffer: 131_072 },
  };
}

/** @param included a file of the same form, of which what is there too overrules this */
export const properties = (groups: Properties, included: string): string =>
  [
    ...Object.entries(groups).flatMap(([group, values]) => [
      `[${group}]`,
      ...Object.entries(values).map(([key, value]) => `${key}=${value}`),
    ]),
    `#include "${included}"`,
    "",
  ].join("\n");

/**
 * SFTP into the file systems and nowhere else, by keys alone: links that lead out are not followed, there is no shell and no tunnel.
 * @see rclone, "rclone serve sftp"
 */
export const sftpFiles: Files = {
  command: [
    ...["sh", "-ec", `mkdir -p ${data}; exec "$@"`, "sh"],
    ...["rclone", "serve", "sftp", data, "--addr", `:${beside.port}`],
    ...["--key", secretFile("host-key"), "--authorized-keys", secretFile("authorized-keys")],
    // What the mover deletes is seen to be gone.
    ...["--dir-cache-time", "1s", "--cache-dir", beside.tmp],
  ],
  env: { RCLONE_CONFIG: "/notfound" },
  scratch: [beside.tmp],
};
