/** The service, its namespace and its workload. */
export const avisoName = "aviso";
/** What keeps notifications. */
export const natsName = "aviso-nats";

/** What each listens on: aviso-server and NATS by their own choice, what speaks TLS for them by ours. */
export const ports = { http: 8000, tls: 8443, metrics: 9090, nats: 4222, natsInside: 4223, natsHealth: 8222 } as const;

/** Where everything is in the pods. */
export const files = {
  config: "/etc/aviso/config.yaml",
  root: "/etc/aviso/root.crt",
  secrets: "/run/secrets/aviso",
  nginx: "/etc/nginx/aviso.conf",
  tls: "/run/tls",
  nats: "/etc/nats/nats.conf",
  /** The volume. */
  store: "/srv/notifications",
} as const;

/** Where hosts that notify have the password of their account. */
export const passwordFile = (account: string): string => `/etc/platform/aviso/${account}`;
