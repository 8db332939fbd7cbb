// Programs read what is rendered of Vault, and of copies at another site.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";

/** systemd says where it does not understand a unit, and goes on. */
const unit =
  'd=$(mktemp -d); u=$(basename "$p"); cp $f "$d/$u"; ! SYSTEMD_UNIT_PATH=$d: systemd-analyze verify --man=no "$d/$u" 2>&1 | grep "$u:[0-9]"';

/** Another folder for its token: that of the unit is not there. */
const agent =
  "sed 's,/run/vault-agent/,/tmp/,' $f > /tmp/agent.hcl; timeout 1 bao agent -config=/tmp/agent.hcl 2>&1 | grep 'Agent started'";

/** rclone passes over what it does not know: each word has to be one of its own. */
const remote = `rclone --config $f config dump > /tmp/dump; rclone config providers > /tmp/known; python3 -c '
import json
known = {each["Name"]: [option["Name"] for option in each["Options"]] for each in json.load(open("/tmp/known"))}
words = json.load(open("/tmp/dump"))["copies"]
kind = words.pop("type")
exit(", ".join(set(words) - set(known[kind])) or 0)
'`;

/**
 * What reads a file `$f` of the path `$p`, by its path on hosts, and a text that it must refuse.
 * @type {[RegExp, string, string][]}
 */
const readers = [
  // It looks at no word of `storage`: with that, the servers of `home` run.
  [/^etc\/openbao\/openbao\.hcl$/, "bao operator validate-config -config=$f", 'listener "tcp" {\n  adress = "1"\n}\n'],
  [/copies\/rclone\.conf$/, remote, "[copies]\ntype = s3\nendpont = https://a.example.org\n"],
  [/^etc\/vault-agent\/agent\.hcl$/, agent, 'vault {\n}\nauto_auth {\n  method "approl" {\n  }\n}\n'],
  [/^etc\/vault-agent\/host\.json$/, "python3 -m json.tool $f", "{"],
  [/^etc\/systemd\/system\/.*/, unit, "[Service]\nExecStrat=/bin/true\n"],
  [
    /^etc\/logrotate\.d\/openbao$/,
    "cp $f /tmp/it && chmod 644 /tmp/it && ! logrotate -d /tmp/it 2>&1 | grep '^error'",
    "/var/log/a {\n  dayly\n",
  ],
];

/** Every such file of every site. @param {import("../hosts/bridge.mjs").Bridge} bridge @param {string} host that has the programs */
export function readOnHost(bridge, host) {
  const folder = join(root, "synthesized", "hosts");
  const mine = readdirSync(folder).flatMap((id) =>
    Object.entries(JSON.parse(readFileSync(join(folder, id, "restarts.json"), "utf8")))
      .filter(([, { role }]) => ["vault", "vault_agent", "copies"].includes(role))
      .map(([path]) => `${id}${path}`),
  );
  const tar = join(bridge.folder, "vault.tar");
  run("tar", ["-cf", tar, "-C", folder, ...mine]);
  const unpack = "mkdir -p /tmp/files && base64 -d | tar -x -C /tmp/files; apt-get install -qq logrotate rclone";
  bridge.sandbox(["exec", host, "sh", "-c", unpack], readFileSync(tar).toString("base64"));
  const pathOf = (/** @type {string} */ file) => file.slice(file.indexOf("/") + 1);
  same(
    mine.filter((file) => !readers.some(([pattern]) => pattern.test(pathOf(file)))),
    [],
  );
  /** @type {string[]} */
  const complaints = [];
  for (const [pattern, reader, wrong] of readers) {
    const those = mine.filter((file) => pattern.test(pathOf(file)));
    if (those.length === 0) complaints.push(`no file is like ${pattern}`);
    // Those that differ in their first line alone, which says whose they are, are read once.
    const script = `cd /tmp/files
useradd --system openbao 2>/dev/null
: > /tmp/seen
for p in ${those.join(" ")}; do
  f=/tmp/files/$p
  is=$(sed 1d $f | md5sum)
  grep -q "$is" /tmp/seen && continue
  echo "$is" >> /tmp/seen
  ( ${reader} ) > /tmp/said 2>&1 || { echo $f; cat /tmp/said; exit 1; }
done
f=/tmp/wrong p=wrong.service
cat > $f
( ${reader} ) > /tmp/said 2>&1 && { echo "read without complaint:"; cat $f; exit 1; }
true`;
    const { code, out } = bridge.sandbox(["exec", host, "sh", "-c", script], wrong);
    if (code !== 0) complaints.push(`${pattern}: ${out}`);
  }
  same(complaints, []);
}
