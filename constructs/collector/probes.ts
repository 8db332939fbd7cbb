import { stringify } from "yaml";
import type { ProbeEntry } from "../../model/telemetry";
import { rootFile } from "../hosts/roots";

/**
 * What the exporter of probes knows to do: connect, and for each name that a certificate has to have, hold it against that and our root.
 * @see blackbox_exporter, CONFIGURATION.md
 */
export const probesConfig = (at: string, probes: readonly ProbeEntry[]): string =>
  `${at}\n${stringify(
    {
      modules: {
        tcp: { prober: "tcp", timeout: "10s", tcp: { preferred_ip_protocol: "ip4" } },
        ...Object.fromEntries(
          probes.flatMap(({ service, name }) =>
            name === undefined
              ? []
              : [
                  [
                    service,
                    {
                      prober: "tcp",
                      timeout: "10s",
                      tcp: {
                        preferred_ip_protocol: "ip4",
                        tls: true,
                        tls_config: { ca_file: rootFile, server_name: name },
                      },
                    },
                  ],
                ],
          ),
        ),
      },
    },
    { lineWidth: 0 },
  )}`;
