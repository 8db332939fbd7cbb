import { z } from "zod";
import { type Fields, text } from "../words/parse";

/** A service that says to others who somebody is: Auth-o-tron. */
export interface VouchingSpec {
  /** The service that is asked: `auth-o-tron`. */
  readonly vouching: string;
  /** The realm of people, whose roles somebody else keeps: `desp`. */
  readonly people: string;
  /** The realm of accounts that are no person's: `platform`. */
  readonly platform: string;
  /** These accounts, with their roles. */
  readonly accounts: Readonly<Record<string, readonly string[]>>;
}

export const vouchingSchema = z.strictObject({
  vouching: text("a service"),
  people: text("a realm"),
  platform: text("a realm"),
  accounts: z.record(z.string(), z.array(text("a role"))),
} satisfies Fields<VouchingSpec>);
/** Who vouches, read. */
export type StatedVouching = z.output<typeof vouchingSchema>;
