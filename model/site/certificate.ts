import { z } from "zod";
import { type Fields, text } from "../words/parse";
import { days, type Duration, time } from "../words/quantity";
import { by, type SecretFile, secretFileSchema } from "./secret";

/**
 * A certificate for each host of a role, issued by Vault and renewed by the agent of the host. Its names are those by which the
 * service is met, and no others.
 */
export interface CertificateNeed {
  readonly need: "certificate";
  readonly by: { readonly role: string };
  /** The service that shows it. */
  readonly service: string;
  /** Renewed when a third of it is left, so that third is how long Vault may be away. @default 30 days */
  readonly lifetime?: Duration;
  /** Where certificate, key and the issuers' certificates are written, as one file each. */
  readonly certificate: SecretFile;
  readonly key: SecretFile;
  readonly issuers: SecretFile;
  readonly why: string;
}

export const certificateNeedSchema = z.strictObject({
  need: z.literal("certificate"),
  by,
  service: text("a service of the tenancy"),
  lifetime: time.default(days(30)),
  certificate: secretFileSchema,
  key: secretFileSchema,
  issuers: secretFileSchema,
  why: text("what it is for"),
} satisfies Fields<CertificateNeed>);
export type ShownCertificate = z.output<typeof certificateNeedSchema>;
