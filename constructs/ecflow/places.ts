/** The unit of a server: `ecflow-prod.service`. */
export const unitOf = (role: string): string => `${role}.service`;
/** The service of its exporter: `ecflow-prod-metrics`. */
export const metricsOf = (role: string): string => `${role}-metrics`;
/** What is configured of it. */
export const folderOf = (role: string): string => `/etc/platform/${role}`;
/** ECF_HOME, on the volume of a server. */
export const homeOf = (volume: string): string => `${volume}/ecf`;
/** Where that volume is mounted. */
export const volumeOf = (home: string): string => home.replace(/\/[^/]+$/, "");
/** Where its state is kept beside, on the same volume. */
export const stateOf = (home: string): string => `${volumeOf(home)}/state`;
/** Copies of its check points. */
export const keptOf = (home: string): string => `${stateOf(home)}/kept`;
/** The password of a user, alone in its file. */
export const passwordOf = (folder: string, user: string): string => `${folder}/passwords/${user}`;
