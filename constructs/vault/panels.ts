import { chosen, type PanelSpec } from "../../model/site/telemetry";

export const vaultPanels: readonly PanelSpec[] = [
  {
    panel: "Servers of Vault that are open",
    on: "site",
    as: "state-timeline",
    unit: "bool",
    signal: "platform_vault_unsealed",
    queries: [{ query: `max by (host) (platform_vault_unsealed{${chosen}})`, legend: "{{host}}" }],
    what: "A server that began anew is sealed until three people have opened it.",
  },
  {
    panel: "What Vault keeps in mind",
    on: "site",
    as: "timeseries",
    queries: [{ query: `max by (tenancy) (vault_expire_num_leases{${chosen}})`, legend: "{{tenancy}}" }],
    what: "Logins and leases. If they grow without end, somebody logs in for each request.",
  },
  {
    panel: "What Vault is asked",
    on: "site",
    as: "timeseries",
    queries: [{ query: `sum by (host) (vault_core_in_flight_requests{${chosen}})`, legend: "{{host}}" }],
    what: "Requests under way. Many for long: its disk is slow, or it has no majority.",
  },
];
