import { z } from "zod";
import { type Fields, text } from "../words/parse";
import { hostName } from "./need";
import { type PlaceName, placeName } from "./place-name";

/** Where copies of snapshots are kept: the bucket of another site's tenancy, which its object store offers by S3. */
export interface SnapshotCopies {
  /** The tenancy of the bucket, which runs `backups()`. */
  readonly at: PlaceName;
  /** The host at which that store speaks S3, by TLS at port 443: `object.example.org`. */
  readonly endpoint: string;
  /** @default "us-east-1", which stores without regions take */
  readonly region?: string;
}

export const copiesSchema = z.strictObject({
  at: placeName("name the one of the bucket"),
  endpoint: hostName,
  region: text("a region of the store").default("us-east-1"),
} satisfies Fields<SnapshotCopies>);
export type StatedCopies = z.output<typeof copiesSchema>;

/** The bucket of a tenancy in which other sites keep copies. */
export const copiesBucket = "backups";

/** What it is called at its store: `lumi-production-backups`. */
export const bucketOf = ({ at }: Pick<SnapshotCopies, "at">): string => `${at.site}-${at.tenancy}-${copiesBucket}`;
