// What a runbook tells to type, taken from its text: a gate that follows it finds what it says wrong.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";

export class Runbook {
  /** @param {string} name of `docs/runbooks` @param {Readonly<Record<string, string>>} words for what a reader puts in: `{ "<name>": "prod" }` */
  constructor(name, words) {
    this.name = name;
    this.words = words;
    this.text = readFileSync(join(root, "docs", "runbooks", `${name}.md`), "utf8");
  }

  /** The commands of the fence of a section, in order, as they are typed. @param {string} heading */
  commands(heading) {
    const [, section] = this.text.split(`\n## ${heading}\n`);
    const [, fence] = /^```\n([\s\S]*?)^```$/m.exec(section?.split("\n## ")[0] ?? "") ?? [];
    if (fence === undefined) throw new Error(`${this.name}.md has no commands under "${heading}"`);
    return fence
      .trim()
      .split("\n")
      .map((line) => this.typed(line));
  }

  /** @param {string} line */
  typed(line) {
    let typed = line.replace(/ +# .*$/, "");
    for (const [said, word] of Object.entries({ ...this.abbreviations, ...this.words }))
      typed = typed.replaceAll(said, word);
    if (/<\w+>/.test(typed)) throw new Error(`nobody says what to put into: ${typed}`);
    return typed;
  }

  /** "The first part of each line … is left out, as `as ecflow`." */
  get abbreviations() {
    const [, first] = /^```\n(sudo -u ecflow sh -c '[^']*')/m.exec(this.text) ?? [];
    return first === undefined ? {} : { "as ecflow": first };
  }
}
