import type { ModulesOptions } from "../../../constructs/modules/spec";
import { modules } from "../../../constructs/specs";
import type { Recipe } from "../../../model/site/modules";
import type { SoftwareFacts } from "../../../model/site/software";
import { ofModule } from "../../../model/vocabulary";
import { north, tenancy } from "../../model/platform";

const recipe = (name: string, ...needs: readonly string[]): Recipe => ({
  easyconfig: `name = '${name}'\nversion = '@version@'\ntoolchain = '@toolchain@'\nchecksums = ['@sha256@']\ndependencies = [\n${needs.map((need) => `    '@${need}@',\n`).join("")}]\nconfigopts = ' '.join([\n    '@options@',\n])\n`,
  source: { file: `${name}-{version}.tar.gz`, url: `https://example.org/${name}/{version}.tar.gz` },
  test: { run: `${name} --version`, finds: "{version}" },
});

export const recipes = { tiles: recipe("tiles", "waves", "CMake"), waves: recipe("waves", "CMake") };

export const software: SoftwareFacts = {
  prefix: "/appl/ours",
  python: { program: "python3" },
  targets: {
    standard: { toolchain: "foss/2024a", modules: ["stack/24.03"], given: { CMake: ofModule("cmake/3.29") } },
  },
};

const image = `example.org/modules:1@sha256:${"a".repeat(64)}`;

/** The component, with two packages in two cycles. */
export const installing = (is: Partial<ModulesOptions> = {}) =>
  modules({
    software: { "48r3": { tiles: "1.0", waves: "2.0" }, "49r3": { tiles: "1.1", waves: "2.0" } },
    on: ["standard"],
    image,
    recipes,
    ...is,
  });

type Facts = NonNullable<ReturnType<typeof north>["supercomputer"]>["facts"];

/** `north`, whose supercomputer says how software is installed. */
export function withSoftware(runs: Parameters<typeof tenancy>[0], facts: Partial<Facts> = {}) {
  const { supercomputer, ...site } = north({ production: tenancy(runs) });
  if (!supercomputer) throw new Error("north has a supercomputer");
  return {
    ...site,
    supercomputer: { ...supercomputer, facts: { ...supercomputer.facts, software, ...facts } as Facts },
  };
}
