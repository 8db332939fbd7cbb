import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "../../constructs/files";
import { listed } from "../../model/words/problem";
import { pagesOf } from "../../operate/pages/all";
import { kindNames } from "../../operate/pages/kinds";
import { soundDescription, tell } from "../project/description";
import { root } from "../project/project";

interface Options {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `databridge docs`: writes the pages of sites, and what runbooks leave to the description. @returns the exit code */
export function runDocs({ check = false, json = false }: Options): number {
  const registers = soundDescription([], json);
  if (!registers) return 1;
  const { pages, unknown } = pagesOf(registers, root, (host, place) => filesOf(host, place, registers));
  if (unknown.length > 0) {
    tell(
      unknown.map(({ page, name }) => ({
        path: page,
        value: name,
        allowed: `contacts, or a kind: ${listed(kindNames)}`,
        fix: "correct the mark",
      })),
      json,
    );
    return 1;
  }
  const changed = [...pages].filter(([path, text]) => read(join(root, path)) !== text);
  if (!check) for (const [path, text] of changed) write(join(root, path), text);
  const paths = changed.map(([path]) => path);
  if (json) console.log(JSON.stringify({ changed: paths, written: !check }, undefined, 2));
  else if (paths.length === 0) console.log(`${pages.size} pages are current`);
  else console.log(paths.map((path) => `${check ? "not current" : "written"}  ${path}`).join("\n"));
  return check && paths.length > 0 ? 1 : 0;
}

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

function write(file: string, text: string | undefined): void {
  if (text === undefined) {
    rmSync(file);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
