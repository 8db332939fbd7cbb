/** What the agent of a host knows between its runs. */
export const stateFolder = "/var/lib/vault-agent";
/** By which it logs in; handed over by whoever configures. */
export const secretIdFile = `${stateFolder}/secret-id`;

const fetchedAt = (name: string): string => `${stateFolder}/fetched/${name}`;

/** A path as the name of a file: no two paths give the same. */
const nameOf = (path: string): string => path.slice(1).replaceAll("_", "__").replaceAll("/", "_-");

/** Where the agent writes what becomes a file of the host. */
export const fetchedFor = (file: string): string => fetchedAt(nameOf(file));
/** Where it writes a certificate with its issuers and its key. */
export const fetchedOf = (service: string): string => fetchedAt(`${service}.pem`);
/** Where it writes when a secret was written: a path in Vault, with its store. */
export const writtenAt = (secret: string): string => fetchedAt(`${nameOf(`/${secret}`)}.written`);
