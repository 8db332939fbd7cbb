import type { SnapshotCopies } from "../../model/site/copies";
import { type Need, tcp } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";
import { Duration, hours } from "../../model/words/quantity";

/** What the hosts of a role copy to another site, and by what. */
export interface Copied {
  /** In words: `snapshots of Vault`. */
  readonly what: string;
  readonly role: string;
  /** The account that brings them. */
  readonly account: string;
  /** Whose group reads what is brought. @default - it is the account's own */
  readonly of?: string;
  /** Where agents put the key of the other site's store, beside what says where that is. */
  readonly folder: string;
  /** What brings them: `openbao-copies.service`. */
  readonly unit: string;
  /** How often something is brought. */
  readonly every: Duration;
  /** Where that key is kept: `vault/copies`. */
  readonly secret: string;
  /** A step before another key is written. @default - none */
  readonly first?: string;
}

const keys = ["access-key", "secret-key"];

/** The folder of what brings them, and what is written there anew each time that all was brought. */
export const stateOf = ({ unit }: Pick<Copied, "unit">): string => unit.replace(/\.service$/, "");
export const broughtAt = (copied: Pick<Copied, "unit">): string => `/var/lib/${stateOf(copied)}/brought`;

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
export const needsOf = (copied: Copied, { endpoint }: SnapshotCopies): readonly Need[] => {
  const { what, role, account, folder, secret } = copied;
  return [
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
    broughtLate(copied),
  ];
};

/** Hosts that wait to be promoted bring nothing. Twice, and four times as long as it takes, and an hour for what is slow. */
const broughtLate = (copied: Copied): Need => {
  const times = (n: number) => Duration.seconds(n * copied.every.seconds + hours(1).seconds);
  return {
    need: "signal",
    signal: "platform_copies_timestamp_seconds",
    by: { role: copied.role, active: true, file: { kind: "age-of-file", path: broughtAt(copied) } },
    labels: { of: copied.role },
    thresholds: { warning: { age: times(2) }, critical: { age: times(4) } },
    what: `the last time that ${copied.what} came to another site`,
    why: "what is new since is lost with the site",
    runbook: "docs/runbooks/expiry.md#snapshots",
  };
};
