import type { z } from "zod";
import { word } from "../words/parse";
import { listed } from "../words/problem";
import { type Pending, readPending } from "../words/public-address";
import { readPublicKey } from "./lock";

/**
 * Keys by which a host proves who it is: SHA-256 fingerprints as its operator publishes them, or the public keys themselves; while
 * somebody is only asked for them, whoever logs in waits, since no key is accepted unseen.
 */
export type HostKeysFact = readonly string[] | Pending;

/** Whether it is only the fingerprint of a key, so that the key itself has to be fetched and held against it. */
export const isFingerprint = (key: string): boolean => /^SHA256:[A-Za-z0-9+/]{43}$/.test(key);

const isHostKey = (key: unknown): key is string =>
  typeof key === "string" && (isFingerprint(key) || readPublicKey(key) === key);

export const hostKeys: z.ZodType<HostKeysFact> = word(
  (v): HostKeysFact | undefined =>
    Array.isArray(v) ? (v.length > 0 && v.every(isHostKey) ? v : undefined) : readPending(v),
  'fingerprints, "SHA256:" and 43 characters, or public keys without comment, "ssh-ed25519 AAAA…"; or pending("who is asked")',
  (v) => {
    const wrong = Array.isArray(v) ? v.filter((each) => !isHostKey(each)).map((each) => JSON.stringify(each)) : [];
    return wrong.length > 0 ? `correct ${listed(wrong)}; ssh-keygen -lf tells the fingerprint` : "write one of them";
  },
);
