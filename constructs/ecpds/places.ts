/** Where everything is in the pod of a mover. What OpenECPDS itself says is that of version 8.1.0, `etc/mover/sh/ecenv`. */
export const inPod = {
  program: "/usr/local/ecpds/mover",
  /** Read by its start script before all else. */
  variables: "/etc/ecpds/mover.cnf",
  about: "/etc/ecpds/mover.json",
  own: "/etc/ecpds/mover",
  /** The volume. */
  volume: "/var/lib/ecpds/mover",
  tmp: "/var/tmp/ecpds/mover",
  /** Memory, which every container has: what is secret lies there and on no disk. */
  run: "/dev/shm/ecpds",
  tls: "/run/tls",
  https: 4443,
} as const;

/** Below what its file systems are, `volume0` and on. */
export const data = `${inPod.volume}/data`;

/** What takes files in, in a container beside. */
export const beside = {
  secrets: "/run/secrets/sftp",
  tmp: "/tmp",
  port: 4022,
} as const;

/** Where it has a key of its secret. */
export const secretFile = (key: (typeof secretKeys)[number]): string => `${beside.secrets}/${key}`;
/** By which it is known, and those that it lets in: nobody is asked for a password. */
export const secretKeys = ["host-key", "authorized-keys"] as const;
