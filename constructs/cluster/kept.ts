import { dirname } from "node:path/posix";
import { grouped } from "../../model/words/grouped";

/** A key of a Secret of the cluster, as a file of a workload. */
export interface Kept {
  /** The Secret beside the workload. */
  readonly secret: string;
  readonly key: string;
  readonly file: string;
  /** The variable that has it too. @default - none has */
  readonly variable?: string;
}

/** Folders that hold nothing else, and the files in each. */
export const foldersOf = (kept: readonly Kept[]): ReadonlyMap<string, readonly Kept[]> =>
  grouped(kept, ({ file }) => dirname(file));

/** What a workload has of Vault: the objects that ask for it, as Kubernetes takes them, and where the cluster keeps it. */
export interface Brought {
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  readonly kept: readonly Kept[];
}
