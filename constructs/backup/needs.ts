import type { SnapshotCopies } from "../../model/site/copies";
import { type Need, tcp } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";

/** What the hosts of a role copy to another site, and by what. */
export interface Copied {
  /** In words: `snapshots of Vault`. */
  readonly what: string;
  readonly role: string;
  /** The account that brings them. */
  readonly account: string;
  /** Where agents put the key of the other site's store, beside what says where that is. */
  readonly folder: string;
  /** What brings them: `openbao-copies.service`. */
  readonly unit: string;
  /** Where that key is kept: `vault/copies`. */
  readonly secret: string;
  /** A step before another key is written. @default - none */
  readonly first?: string;
}

const keys = ["access-key", "secret-key"];

/** Two halves, and no file of credentials: in one of those, whoever writes it could name a program that is run. */
export const secretOf = ({ what, unit, secret, first }: Copied): Secret => ({
  secret,
  keys,
  rotation: {
    steps: [
      "make another key at the object store, for that bucket alone",
      ...(first === undefined ? [] : [first]),
      "write both halves of it",
      "withdraw the old key once the test has passed",
    ],
    test: `on each server: systemctl start ${unit}`,
  },
  why: `${what} are copied to another site`,
});

/** Nothing restarts for another key: the next copy takes it. */
export const needsOf = (
  { what, role, account, folder, secret }: Copied,
  { endpoint }: SnapshotCopies,
): readonly Need[] => [
  ...keys.map(
    (key): Need => ({
      need: "secret",
      by: { role },
      secret,
      key,
      file: `${folder}/${key}`,
      owner: account,
      why: `${what} are copied`,
    }),
  ),
  {
    need: "flow",
    from: { role },
    to: { outside: "internet" },
    through: "forward-proxy",
    traffic: tcp(443),
    names: [endpoint],
    why: `${what} go to another site`,
    option: "copies",
  },
];
