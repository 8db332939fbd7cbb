import { lines } from "./lines";

/**
 * What no service of ours needs. Each says its umask, and what it writes. Whoever looks names up asks by netlink too.
 * @see systemd.exec(5)
 */
export const hardened: readonly string[] = [
  "LimitCORE=0",
  "NoNewPrivileges=yes",
  "CapabilityBoundingSet=",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelLogs=yes",
  "ProtectControlGroups=yes",
  "ProtectClock=yes",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "LockPersonality=yes",
];

/** What holds secrets, and runs nothing of somebody else, does without more. */
export const hardenedForSecrets: readonly string[] = [
  "UMask=0077",
  ...hardened,
  "ProtectHostname=yes",
  "MemoryDenyWriteExecute=yes",
  "SystemCallArchitectures=native",
];

/**
 * Begins the unit of its name.
 * @param at the first line
 * @param when of `OnCalendar`
 * @param spread at most so much later, so that not all hosts do it at once
 * @see systemd.timer(5)
 */
export const timer = (at: string, when: string, spread: string, ...more: readonly string[]): string =>
  lines(
    at,
    "[Timer]",
    `OnCalendar=${when}`,
    `RandomizedDelaySec=${spread}`,
    ...more,
    "",
    "[Install]",
    "WantedBy=timers.target",
  );
