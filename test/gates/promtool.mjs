// Programs of Debian's packages, of which nothing is installed: that would start servers.
import { dirname, join } from "node:path";
import { unpacked } from "./debian.mjs";

/** @param {string} name of package @param {string} program @returns {string} where it is */
const ofDebian = (name, program) => join(unpacked(name, [name]), "usr", "bin", program);

export const promtool = () => ofDebian("prometheus", "promtool");
export const amtool = () => ofDebian("prometheus-alertmanager", "amtool");

/** Words that run Alertmanager. Debian's reads its templates at their place alone, which it gets in a namespace of its own. */
export function alertmanager() {
  const program = ofDebian("prometheus-alertmanager", "prometheus-alertmanager");
  const share = join(dirname(dirname(program)), "share");
  return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /usr/share && exec "$@"', share, program];
}
