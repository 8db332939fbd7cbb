// Volumes are mounted, grow, and are formatted if they are empty, never else.
import { same } from "../clouds.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function volumes(gate, bridge) {
  const disk = "readlink -f /dev/disk/by-id/virtio-*";
  gate.check("a volume is mounted by its label, and grows while it is mounted", () => {
    same(bridge.inside("ecflow-prod", "findmnt -nro FSTYPE,LABEL /srv/home; echo kept > /srv/home/file"), "xfs home");
    bridge.sandbox(["grow", "ecflow-prod", "home", "768"]);
    if (!bridge.inside("ecflow-prod", "platform-volumes").includes("home has grown"))
      throw new Error("it has not grown");
    same(
      [bridge.inside("ecflow-prod", "cat /srv/home/file"), bridge.inside("ecflow-prod", "platform-volumes")],
      ["kept", ""],
    );
  });
  gate.check("a volume with data of any kind is never formatted", () => {
    const refused = (/** @type {string} */ make) => {
      const script = `set -e; d=$(${disk}); ${make}; before=$(head -c 33554432 $d | sha256sum); ! platform-volumes >/tmp/said 2>&1; grep -q refused /tmp/said; [ "$before" = "$(head -c 33554432 $d | sha256sum)" ]`;
      bridge.inside("ecflow-prod", script);
    };
    bridge.inside(
      "ecflow-prod",
      "umount /srv/home; d=$(readlink -f /dev/disk/by-id/virtio-*); xfs_admin -L other $d >/dev/null",
    );
    refused("true");
    refused("wipefs -qa $d; mkfs.ext4 -qF $d");
    refused("wipefs -qa $d; printf data | dd of=$d bs=1 seek=12345678 conv=notrunc status=none");
  });
  gate.check("an empty one is, once", () => {
    bridge.inside(
      "ecflow-prod",
      `d=$(${disk}); blkdiscard -z $d 2>/dev/null || dd if=/dev/zero of=$d bs=1M count=64 status=none; wipefs -qa $d`,
    );
    same(/is home/.test(bridge.inside("ecflow-prod", "platform-volumes")), true);
    same(bridge.inside("ecflow-prod", "platform-volumes"), "");
  });
}
