import type { Rule } from "./rule";
import { rules as all } from "./rules";

/** All rules as a page, `docs/policy.md`. */
export const rulesPage = (rules: readonly Rule[] = all): string =>
  [
    "# Policy",
    "",
    "What is possible, and unwise. `databridge policy` says what it finds, and fails while nobody answers for it;",
    "`databridge review` shows what a change adds. What is impossible is refused by every command, and is no rule here.",
    "",
    "A team answers for a finding in the site file, one target at a time; when the day has passed, the finding is back:",
    "",
    "<!-- ts: in a site -->",
    "```ts",
    'acknowledged: [acknowledge("<rule>", ["<target>"], { reason: "…", owner: "<team>", until: "2027-06-30" })],',
    "```",
    ...rules.flatMap(({ name, asks, why, fix }) => [
      "",
      `## ${name}`,
      "",
      asks,
      "",
      `*Why:* ${why}`,
      "",
      `*Instead:* ${fix}.`,
    ]),
    "",
    "This page is written by `npx databridge policy --rules > docs/policy.md`.",
    "",
  ].join("\n");
