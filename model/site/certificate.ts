import { z } from "zod";
import { type Fields, flag, text } from "../words/parse";
import { type Duration, days, time } from "../words/quantity";
import { byEither, filePath, type Holder, holderFields } from "./secret";

/**
 * A certificate for each host of a role, issued by Vault and renewed by the agent of the host; or one for the pods of a workload, which
 * cert-manager renews, as files of their first container, or of another that says so. Its names are those by which the service is met, and no others.
 */
export interface CertificateNeed extends Holder {
  readonly need: "certificate";
  /** Hosts of a role, or pods of a workload, in the tenancy of the component. */
  readonly by: { readonly role: string } | { readonly workload: string };
  /** The service that shows it. */
  readonly service: string;
  /** Renewed when a third of it is left, so that third is how long Vault may be away. @default 30 days */
  readonly lifetime?: Duration;
  /** It also proves to others who connects. @default - only where the service asks its own clients for one */
  readonly proves?: boolean;
  /** Where it is written, as PEM. */
  readonly files: CertificateFiles;
  readonly why: string;
}

/** Where a certificate, its key and its issuers lie on a host. */
export interface CertificateFiles {
  /** With the certificates of its issuers, as servers show it. */
  readonly certificate: string;
  readonly key: string;
  /** What clients trust. */
  readonly issuers: string;
}

/** Files of a folder by the names that most programs have for them. */
export const tlsFiles = (folder: string): CertificateFiles => ({
  certificate: `${folder}/tls.crt`,
  key: `${folder}/tls.key`,
  issuers: `${folder}/ca.crt`,
});

export const certificateNeedSchema = z.strictObject({
  need: z.literal("certificate"),
  by: byEither,
  service: text("a service of the tenancy"),
  lifetime: time.default(days(30)),
  proves: flag.exactOptional(),
  files: z.strictObject({ certificate: filePath, key: filePath, issuers: filePath } satisfies Fields<CertificateFiles>),
  ...holderFields,
  why: text("what it is for"),
} satisfies Fields<CertificateNeed>);
export type ShownCertificate = z.output<typeof certificateNeedSchema>;
