import { namesOf, ofHosts } from "../model/certificates";
import type { HostEntry } from "../model/entries";
import type { Registers } from "../model/registers";
import type { CertificateFiles } from "../model/site/certificate";

/** A key of a secret, which the agent of Vault writes to a file of a host. */
export interface BroughtSecret {
  /** Unique in the platform: `lumi-production/ecflow/prod`. */
  readonly secret: string;
  readonly key: string;
  readonly file: string;
  readonly owner: string;
}

/** A certificate that the agent writes, with names of that host. */
export interface BroughtCertificate {
  readonly names: readonly string[];
  readonly files: CertificateFiles;
  readonly owner: string;
}

/** What the agent of Vault would bring to a host, for a sandbox that has none. */
export function broughtTo(
  host: HostEntry,
  { secrets, certificates }: Pick<Registers, "secrets" | "certificates">,
): { readonly secrets: readonly BroughtSecret[]; readonly certificates: readonly BroughtCertificate[] } {
  const isHere = ({ hosts }: { readonly hosts: readonly HostEntry[] }) => hosts.some(({ id }) => id === host.id);
  return {
    secrets: secrets.flatMap(({ id, readers }) =>
      readers.filter(isHere).map(({ key, file, owner }) => ({ secret: id, key, file, owner })),
    ),
    certificates: ofHosts(certificates)
      .filter(isHere)
      .map((certificate) => ({
        names: namesOf(certificate, host),
        files: certificate.files,
        owner: certificate.owner,
      })),
  };
}
