import { readPublicKey } from "../model/site/lock";

/** Markers between which cloud-init prints a host's public keys to the console, at each boot in which it makes some. */
const [begin, end] = ["-----BEGIN SSH HOST KEY KEYS-----", "-----END SSH HOST KEY KEYS-----"];

/**
 * The Ed25519 key that a host's console shows; of several boots that made keys, that of the last. Where lines of the kernel run
 * into it, it is not there.
 * @see cloud-init, module reference, "Keys to Console"
 */
export function hostKeyIn(console: string): string | undefined {
  const from = console.lastIndexOf(begin);
  const to = console.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return console
    .slice(from, to)
    .split(/\r?\n/)
    .map((line) => readPublicKey(line.slice(Math.max(0, line.indexOf("ssh-ed25519 ")))))
    .find((key) => key?.startsWith("ssh-ed25519 "));
}
