// What is told of tasks that fail, by Ansible itself and without a host.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { installed } from "../../../ansible/install.mjs";
import { root } from "../../../cli/prepare.mjs";
import { same } from "../clouds.mjs";

const loop = { loop: ["red", "blue"] };
const ofItem = { "ansible.builtin.fail": { msg: "not this one" }, when: "item == 'red'", ...loop };
const hidden = { "ansible.builtin.fail": { msg: "a secret" }, no_log: true };
const plays = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [
      { "ansible.builtin.ping": {}, ...loop },
      { block: [ofItem], rescue: [hidden] },
    ],
  },
];
const inventory = [
  "here ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'",
  "away ansible_host=127.0.0.1 ansible_port=1",
];

/** @param {string} folder to work in */
export function told(folder) {
  const at = (/** @type {string} */ name) => join(folder, name);
  writeFileSync(at("told.json"), JSON.stringify(plays));
  writeFileSync(at("told.ini"), inventory.join("\n"));
  const env = {
    ...process.env,
    LC_ALL: "C.UTF-8",
    ANSIBLE_HOME: at("told"),
    ANSIBLE_STDOUT_CALLBACK: "databridge",
    ANSIBLE_BECOME: "False",
  };
  const words = ["--inventory", at("told.ini"), at("told.json")];
  const more = { cwd: join(root, "ansible"), env, encoding: /** @type {const} */ ("utf8") };
  const { stdout } = spawnSync(join(installed("ansible"), "ansible-playbook"), words, more);
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const ofHost = (/** @type {string} */ host) =>
    lines.map((line) => JSON.parse(line)).flatMap((one) => (one.host === host && one.message) || []);
  const [item, secret] = ofHost("here");
  same([item, /hidden/.test(secret), stdout.includes("a secret")], ["red: not this one", true, false]);
  const refused = /^(red|blue): .*refused/gm;
  same([...ofHost("away").join().matchAll(refused)].length, 2);
}
