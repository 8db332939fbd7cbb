import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as ts from "typescript";
import { bastion, proxy } from "../../constructs/edge/spec";
import { readSites } from "../../engine/world";
import { gather } from "../../model/gather";
import type { Component } from "../../model/site/component";
import { north, tenancy } from "../model/platform";

const root = join(__dirname, "../..");

/** The TypeScript of a page that is a whole file, and where it would stand. */
const pages: Readonly<Record<string, { readonly page: string; readonly as: string }>> = {
  site: { page: "README.md", as: "sites/north.ts" },
  component: { page: "constructs/README.md", as: "constructs/tiles/spec.ts" },
};
const code = ({ page }: { readonly page: string }): string =>
  [...readFileSync(join(root, page), "utf8").matchAll(/```ts\n(import [\s\S]*?)```/g)][0]?.[1] ?? "";

/** What such a file exports. */
function load(text: string, as: string): Readonly<Record<string, unknown>> {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: Record<string, unknown> = {};
  const from = (path: string): unknown => require(path.startsWith(".") ? resolve(root, dirname(as), path) : path);
  new Function("exports", "require", outputText)(exports, from);
  return exports;
}

test("the shortest site is sound, beside the others and alone", () => {
  const { site } = pages;
  const exported = site && load(code(site), site.as).default;
  expect(gather([...readSites(join(root, "sites")).sites, exported]).problems).toEqual([]);
  expect(gather([exported]).problems).toEqual([]);
});

test("the component of one's own is refused as the page says, and then stands", () => {
  const { component } = pages;
  const problems = (text: string) => {
    const { tiles } = load(text, component?.as ?? "") as { tiles: () => Component };
    return gather([north({ production: tenancy({ runs: [bastion(), proxy(), tiles()] }) })]).problems.map(
      ({ path, value }) => [path, value],
    );
  };
  const text = component ? code(component) : "";
  expect(problems(text)).toEqual([
    ["north.production.runs.tiles", "internet to tcp-8443 of tiles, authentication tls"],
  ]);
  expect(problems(text.replace('auth: "tls"', 'auth: "tls+token"'))).toEqual([]);
});
