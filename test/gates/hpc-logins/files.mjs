// Programs read what is rendered of logins to supercomputers.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../../../cli/prepare.mjs";
import { run } from "../gate.mjs";

const program = join(root, "ansible", "roles", "hpc", "files", "platform-hpc");
const exporter = join(root, "exporters", "hpc", "platform-hpc-exporter");

/**
 * What reads a file `$f` of the path `$p`, and a text that it must refuse.
 * @type {[RegExp, string, string][]}
 */
const readers = [
  [
    /^\/etc\/platform\/hpc\/ssh_config$/,
    "ssh -G -F $f lumi | grep -qx 'stricthostkeychecking true'",
    "Host lumi\n  HostNam a\n",
  ],
  [
    /^\/etc\/platform\/hpc\/known_hosts$/,
    "! grep -v '^#' $f | while read -r name key; do echo \"$key\" | ssh-keygen -lf /dev/stdin >&2 || echo wrong; done | grep wrong",
    "lumi ssh-ed25519 AAAA\n",
  ],
  [
    /^\/etc\/platform\/hpc\/connections\.json$/,
    `PLATFORM_HPC=$f python3 ${program} check nobody 2>&1 | grep -q '^nobody: not one of '`,
    "{}",
  ],
  [
    /^\/etc\/platform\/hpc\/exporter\.json$/,
    // What it cannot read ends it with 2; the address of the host is not here.
    `timeout 10 ${exporter} $f 2>/dev/null; test $? = 1`,
    '{"listen": "10.20.4.60:9811", "ssh": "/etc/platform/hpc/ssh_config", "supercomputers": []}',
  ],
  [/^\/etc\/platform\/hpc\/suites\.json$/, "python3 -m json.tool $f", "{"],
  [
    /^\/etc\/platform\/hpc\/include\//,
    "sed -e '/^%include/d' -e 's/%[A-Z_]*%/x/g' $f > included && bash -n included",
    "if true; then\n",
  ],
  [
    /^\/etc\/systemd\/system\//,
    // It looks for the programs of units too, which are not here.
    'sed "s,=/usr/local/[^ ]*/platform-hpc[^ ]*,=/bin/true," $f > "units/$(basename $p)"; ! SYSTEMD_UNIT_PATH=$PWD/units: systemd-analyze verify --man=no "units/$(basename $p)" 2>&1 | grep "$(basename $p):"',
    "[Service]\nExecStrat=/bin/true\n",
  ],
  [
    /^\/etc\/tmpfiles\.d\//,
    "mkdir -p there/etc && rm -f there/etc/* && for a in ecflow:x:990 datamover:x:991; do echo $a:${a##*:}::/:/bin/false >> there/etc/passwd && echo $a: >> there/etc/group; done && systemd-tmpfiles --root=$PWD/there --create $f",
    "dd /run/hpc-ecflow 0700 ecflow ecflow -\n",
  ],
];

/** Troika reads its own, in the gate. */
const readElsewhere = /^\/etc\/platform\/hpc\/troika\.yml$/;

/** Every such file of every site. @param {string} folder for what is made meanwhile @returns {string[]} what is wrong */
export function readByPrograms(folder) {
  mkdirSync(join(folder, "units"), { recursive: true });
  const hosts = join(root, "synthesized", "hosts");
  const files = readdirSync(hosts).flatMap((id) =>
    Object.entries(JSON.parse(readFileSync(join(hosts, id, "restarts.json"), "utf8")))
      .filter(([path, { role }]) => role === "hpc" && !readElsewhere.test(path))
      .map(([path]) => ({ path, file: join(hosts, id, path) })),
  );
  const wrongFile = join(folder, "wrong.service");
  return [
    ...(files.length < 50 ? [`only ${files.length} files`] : []),
    ...files
      .filter(({ path }) => !readers.some(([pattern]) => pattern.test(path)))
      .map(({ path }) => `nothing reads ${path}`),
    ...readers.flatMap(([pattern, reader, wrong]) => {
      const mine = files.filter(({ path }) => pattern.test(path));
      const complaints = mine.flatMap(({ path, file }) =>
        read(reader, folder, file, path) ? [] : [`${file} is refused`],
      );
      writeFileSync(wrongFile, wrong);
      const isRead = read(reader, folder, wrongFile, basename(wrongFile));
      return [
        ...complaints,
        ...(mine.length === 0 ? [`no file is like ${pattern}`] : []),
        ...(isRead ? [`read without complaint: ${wrong}`] : []),
      ];
    }),
  ];
}

/** @param {string} reader @param {string} folder @param {string} f @param {string} p */
function read(reader, folder, f, p) {
  try {
    run("bash", ["-c", reader], { cwd: folder, env: { f, p } });
    return true;
  } catch {
    return false;
  }
}
