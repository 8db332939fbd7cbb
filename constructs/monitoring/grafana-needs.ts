import { tlsFiles } from "../../model/site/certificate";
import type { Need } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";

export const grafanaTls = tlsFiles("/etc/platform/tls/dashboards");
export const adminFile = "/etc/platform/grafana/admin";

/** The account that its package makes. */
const owner = "grafana";

/** Whoever makes users of Grafana. */
export const grafanaAdmin: Secret = {
  secret: "monitoring/grafana",
  keys: ["admin"],
  rotation: {
    steps: [
      "write another password by kv patch",
      "once the host has it, there: grafana cli admin reset-admin-password --password-from-stdin; Grafana by itself reads it at its first start alone",
    ],
    test: "log in to dashboards as admin",
  },
  why: "the password of Grafana's admin, who makes other users",
};

export const grafanaNeeds = (role: string): readonly Need[] => [
  {
    need: "certificate",
    by: { role },
    service: "dashboards",
    owner,
    files: grafanaTls,
    why: "clients know that it is dashboards",
  },
  {
    need: "secret",
    by: { role },
    secret: grafanaAdmin.secret,
    key: "admin",
    file: adminFile,
    owner,
    why: "Grafana begins with an admin whose password nobody could guess",
  },
];
