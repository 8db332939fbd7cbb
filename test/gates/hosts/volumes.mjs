// Volumes are mounted, grow, and are formatted if they are empty, never else.
import { same } from "../clouds.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export async function volumes(gate, bridge) {
  const inside = (/** @type {string} */ script) => bridge.inside("ecflow-prod", script);
  gate.check("a volume is mounted by its label, and grows while it is mounted", () => {
    same(inside("findmnt -nro FSTYPE,LABEL /srv/home; echo kept > /srv/home/file"), "xfs home");
    bridge.sandbox(["grow", "ecflow-prod", "home", `${150 * 1024}`]);
    if (!inside("platform-volumes").includes("home has grown")) throw new Error("it has not grown");
    same([inside("cat /srv/home/file"), inside("platform-volumes")], ["kept", ""]);
  });

  const tenancy = await bridge.tenancy();
  const host = tenancy.hosts.find((/** @type {{ name: string }} */ { name }) => name === "ecflow-prod");
  host.volumes = [
    { name: "home", MiB: 150 * 1024 },
    ...[2, 2, 3].map((gib, i) => ({ name: `more-${i}`, MiB: gib * 1024 })),
  ];
  const attached = bridge.sandbox(["up", "-"], JSON.stringify(tenancy));
  gate.check("disks of several sizes are attached", () =>
    same([attached.code, attached.code === 0 ? "" : attached.out], [0, ""]),
  );

  /** Describes a new volume beside the one that is there. */
  const described = (/** @type {string} */ line) => {
    inside(`printf 'home 150 /srv/home\\n${line}\\n' > /tmp/table`);
    return "PLATFORM_VOLUMES=/tmp/table platform-volumes";
  };
  const disk = 'd=$(for d in /dev/vd[c-i]; do [ "$(blockdev --getsize64 $d)" = 3221225472 ] && echo $d; done)';
  const emptied = `set -e; ${disk}; blkdiscard -z $d; if blkid -p $d; then exit 1; fi`;
  const refused = (/** @type {string} */ make, /** @type {string} */ why) => {
    const run = described("fresh 3 /srv/fresh");
    inside(
      `${emptied}; ${make}; before=$(head -c 33554432 $d | sha256sum); ! ${run} > /tmp/said 2>&1; cat /tmp/said; grep -q "refused: ${why}" /tmp/said; [ "$before" = "$(head -c 33554432 $d | sha256sum)" ]`,
    );
  };
  const write = (/** @type {string} */ at) => `printf data | dd of=$d bs=1 seek=${at} conv=notrunc status=none`;
  const holdsData = "fresh: no disk has this label, and 0 disks of 3 GiB are empty";
  gate.check("a disk with a file system, a partition table or the head of an encrypted one is never formatted", () => {
    refused("mkfs.ext4 -qF $d", holdsData);
    refused("mkfs.xfs -q -L other $d", holdsData);
    refused("printf 'label: gpt\\n,\\n' | sfdisk --quiet --no-reread --no-tell-kernel $d >/dev/null", holdsData);
    refused("printf 'LUKS\\272\\276\\000\\002' | dd of=$d conv=notrunc status=none", holdsData);
    // What is left of a file system whose beginning somebody has overwritten: its copies.
    refused("mkfs.xfs -q $d; dd if=/dev/zero of=$d bs=1M count=16 conv=notrunc status=none", holdsData);
  });
  gate.check("nor one with data behind its beginning, half way, or at its end", () => {
    refused(write("20971520"), holdsData);
    refused(write("1610612736"), holdsData);
    refused(write("3221225400"), holdsData);
  });
  gate.check("nor is one chosen of two that are alike", () => {
    const run = described("fresh 2 /srv/fresh");
    inside(`! ${run} > /tmp/said 2>&1; grep -q 'refused: fresh: .* 2 disks of 2 GiB are empty' /tmp/said`);
  });
  gate.check("nor the place of a volume taken that was mounted before and is missing", () => {
    const run = described("fresh 3 /srv/fresh");
    inside(`${emptied}; echo 'LABEL=fresh /srv/fresh xfs defaults,nofail,nodev,nosuid 0 2' >> /etc/fstab`);
    inside(
      `! ${run} > /tmp/said 2>&1; grep -q 'refused: fresh: .* its volume is missing' /tmp/said; ${disk}; ! blkid -p $d`,
    );
    inside("sed -i '/LABEL=fresh/d' /etc/fstab");
  });
  gate.check("an empty one of its size is, once, and no other", () => {
    const run = described("fresh 3 /srv/fresh");
    same(/is fresh\n/.test(inside(`${emptied}; ${run}`)), true);
    same([inside(run), inside("findmnt -nro LABEL /srv/fresh")], ["", "fresh"]);
    same(inside("for d in /dev/vd[c-i]; do blkid -p $d >/dev/null && echo $d; done | wc -l"), "1");
  });
  gate.check("a volume that the description has no more is told, and stays mounted", () => {
    inside("! platform-volumes > /tmp/said 2>&1; grep -q 'refused: fresh: the description has it no more' /tmp/said");
    same(
      inside("findmnt -nro LABEL /srv/fresh; umount /srv/fresh; sed -i '/LABEL=fresh/d' /etc/fstab; platform-volumes"),
      "fresh",
    );
  });
}
