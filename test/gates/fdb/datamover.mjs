// What a datamover runs, by its rendered units, on a host that is a client: real rsync over real ssh, from a folder that stands for the
// supercomputer's, into the FDB.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";

/**
 * @typedef {object} Fdb
 * @property {import("../gate.mjs").Gate} gate
 * @property {import("../hosts/bridge.mjs").Bridge} bridge
 * @property {string} client
 * @property {(date: string) => string} brought
 * @property {(date: string) => readonly number[]} steps
 * @property {(host: string, name: string, packages: readonly string[]) => void} bring
 */

const from = "leonardo-production-fdb-datamover";
const units = ["fdb-archive.service", "fdb-archive-stuck.service"];

/** @param {Fdb} fdb @param {string} date of fields that nobody else writes */
export async function datamover({ gate, bridge, client, brought, steps, bring }, date) {
  const inside = (/** @type {string} */ script) => bridge.inside(client, script);
  const put = (/** @type {string} */ path, /** @type {string} */ text, mode = "644") =>
    inside(
      `install -D -m ${mode} /dev/null ${path} && echo ${Buffer.from(text).toString("base64")} | base64 -d > ${path}`,
    );
  const shown = (/** @type {string} */ unit) => inside(`systemctl show -P ActiveState ${unit}`).trim();

  await gate.checked(
    "a datamover fetches what is whole, and archives it; what is refused stays, and stays failed until it is gone",
    async () => {
      const { describe } = await bridge.described();
      const { filesIn } = await bridge.compiled("constructs/files.js");
      const { registers } = describe();
      const place = registers.places.find((/** @type {{ id: string }} */ { id }) => from.startsWith(id));
      const files = filesIn(place, registers);
      bring(client, "rsync", ["rsync", "libpopt0", "libxxhash0"]);
      for (const unit of units) put(`/etc/systemd/system/${unit}`, files.get(`${from}/etc/systemd/system/${unit}`));
      const archive = files.get(`${from}/etc/platform/fdb/archive.json`);
      put("/etc/platform/fdb/archive.json", archive);
      const program = join(root, "ansible", "roles", "fdb", "files", "platform-fdb-archive");
      put("/usr/local/sbin/platform-fdb-archive", readFileSync(program, "utf8"), "755");
      const { outbox, staging, connection, ssh } = JSON.parse(archive);
      inside(
        `useradd -r datamover; useradd -m -s /bin/sh -p '*' far; install -d -o datamover ${staging}; install -d -o far ${outbox}; ` +
          "cd /etc/platform/fdb && ssh-keygen -q -t ed25519 -N '' -C '' -f mover && ssh-keygen -q -t ed25519 -N '' -f far; chown datamover mover",
      );
      put("/etc/platform/fdb/far.conf", farSide);
      inside("mkdir -p /run/sshd; /usr/sbin/sshd -f /etc/platform/fdb/far.conf");
      put(
        ssh,
        `Host ${connection}\n  HostName 127.0.0.1\n  Port 2022\n  User far\n  IdentityFile /etc/platform/fdb/mover\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n`,
      );
      brought(date);
      inside(
        `cd ${outbox} && cp /tmp/${date}.grib whole.grib && cp whole.grib .part.grib && head -c 5000 whole.grib > cut.grib && echo no field > none.grib; chown far * .part.grib`,
      );
      inside("systemctl daemon-reload; ! systemctl start fdb-archive.service");
      const said = inside("journalctl -q -o cat -u fdb-archive");
      if (!/archived: .*whole\.grib/.test(said)) throw new Error(said);
      same(steps(date), [0, 1, 2]);
      same(inside(`ls -A ${outbox} ${staging}`).split("\n"), [
        `${outbox}:`,
        ".part.grib",
        "",
        `${staging}:`,
        "cut.grib",
        "none.grib",
      ]);
      same(shown("fdb-archive-stuck.service"), "failed");
      inside(`rm ${staging}/*.grib; systemctl start fdb-archive.service`);
      same(shown("fdb-archive-stuck.service"), "inactive");
    },
  );
}

/** An SSH server in place of a login node's. */
const farSide = `Port 2022
ListenAddress 127.0.0.1
HostKey /etc/platform/fdb/far
AuthorizedKeysFile /etc/platform/fdb/mover.pub
StrictModes no
PidFile none
`;
