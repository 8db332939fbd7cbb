// The whole process against the way of cdktf's template: `cdktf synth`, which runs `npx ts-node main.ts`; same sites, same
// constructs. The CLI and ts-node are installed outside the checkout.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../cli/prepare.mjs";
import { cache, folder, interleaved, run, shown, table, timed, verdict } from "./bench.mjs";

const times = 5;
const cwd = join(cache, "template-0.21.0");
const json = (/** @type {string} */ file, /** @type {object} */ of) =>
  writeFileSync(join(cwd, file), JSON.stringify(of));

mkdirSync(cwd, { recursive: true });
json("package.json", {
  private: true,
  dependencies: { "cdktf-cli": "0.21.0", "ts-node": "10.9.2", typescript: "5.9.3" },
});
if (!existsSync(join(cwd, "node_modules", ".bin", "cdktf")))
  run("npm", ["install", "--no-audit", "--no-fund"], { cwd });
json("cdktf.json", {
  language: "typescript",
  app: "npx ts-node main.ts",
  projectId: "template",
  sendCrashReports: "false",
});
json("tsconfig.json", {
  extends: join(root, "tsconfig.json"),
  compilerOptions: {
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    noEmit: false,
    allowJs: false,
    checkJs: false,
  },
  include: ["main.ts"],
});

const from = (/** @type {string} */ file) => JSON.stringify(join(root, file));
const sites = readdirSync(join(root, "sites")).filter((file) => file.endsWith(".ts"));
writeFileSync(
  join(cwd, "main.ts"),
  `${sites.map((file, i) => `import site${i} from ${from(`sites/${file.slice(0, -3)}`)};`).join("\n")}
import { main } from ${from("main")};
import { gather } from ${from("model/gather")};
import { production, readLocks } from ${from("engine/world")};
const { registers, problems } = gather([${sites.map((_, i) => `site${i}`).join(", ")}], readLocks(production(${from("")})));
if (problems.length > 0) throw new Error(JSON.stringify(problems));
main(registers, process.env.CDKTF_OUTDIR ?? "cdktf.out");
`,
);

const ms = interleaved(times, {
  ours: () => timed("node", ["cli/databridge.mjs", "synth"], { env: { CDKTF_OUTDIR: join(folder, "out") } }),
  template: () =>
    timed(join(cwd, "node_modules", ".bin", "cdktf"), ["synth"], { cwd, env: { CI: "1", CHECKPOINT_DISABLE: "1" } }),
  tsNode: () => timed("npx", ["ts-node", "main.ts"], { cwd }),
});
const bytes = (/** @type {string} */ out) =>
  readdirSync(join(out, "stacks"))
    .sort()
    .map((name) => [name, run("cat", [join(out, "stacks", name, "cdk.tf.json")])]);
if (JSON.stringify(bytes(join(folder, "out"))) !== JSON.stringify(bytes(join(cwd, "cdktf.out"))))
  throw new Error("the two write different things");
table(`Whole processes, ms, medians of ${times}`, [
  ["", "ms", "ratio", ""],
  ["databridge synth", shown(ms.ours), "", ""],
  ["npx ts-node main.ts", shown(ms.tsNode), `${(ms.tsNode / ms.ours).toFixed(1)}×`, ""],
  [
    "cdktf synth, which runs it",
    shown(ms.template),
    `${(ms.template / ms.ours).toFixed(1)}×`,
    verdict(ms.template >= 10 * ms.ours, "10× or more"),
  ],
]);
