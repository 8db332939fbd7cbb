import { lines } from "../hosts/lines";
import { hardened } from "../hosts/units";
import { account, agentState, queueFolder } from "./places";

export interface OtelUnit {
  readonly at: string;
  readonly description: string;
  readonly program: string;
  readonly config: string;
  /** What it writes to. */
  readonly writes: readonly string[];
  readonly more?: readonly string[];
}

/** A collector as a service: it begins again until it can, and what it has not delivered lies on a disk. @see systemd.service(5) */
export const otelUnit = ({ at, description, program, config, writes, more = [] }: OtelUnit): string =>
  lines(
    at,
    "[Unit]",
    `Description=${description}`,
    "Wants=network-online.target",
    "After=network-online.target",
    ...writes.filter((path) => path.startsWith("/srv/")).map((path) => `RequiresMountsFor=${path}`),
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `User=${account}`,
    `Group=${account}`,
    `ExecStart=${program} --config=${config}`,
    "Restart=always",
    "RestartSec=5",
    "TimeoutStopSec=60",
    "LimitNOFILE=65536",
    "UMask=0027",
    ...hardened,
    ...writes.map((path) => `ReadWritePaths=${path}`),
    // What is said last adds to an empty set.
    ...more,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );

/** It reads what is others', and writes to one folder. */
export const agentUnit = (at: string, program: string, config: string): string =>
  otelUnit({
    at,
    description: "Brings the journal and logs of this host to the collector of its tenancy",
    program,
    config,
    writes: [agentState],
    more: ["AmbientCapabilities=CAP_DAC_READ_SEARCH", "CapabilityBoundingSet=CAP_DAC_READ_SEARCH", "MemoryMax=512M"],
  });

export const gatheringUnit = (at: string, program: string, config: string): string =>
  otelUnit({
    at,
    description: "Gathers metrics and logs of the tenancy, and delivers them to home",
    program,
    config,
    writes: [queueFolder],
  });

/** Debian's exporter of probes, which would listen at every address. @see systemd.service(5): an empty ExecStart takes back */
export const probesUnit = (at: string, config: string, port: number): string =>
  lines(
    at,
    "[Service]",
    "ExecStart=",
    `ExecStart=/usr/bin/prometheus-blackbox-exporter --config.file=${config} --web.listen-address=127.0.0.1:${port}`,
    "RestartSec=10",
  );
