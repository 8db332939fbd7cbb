import { createInterface } from "node:readline/promises";
import type { StackFiles } from "../operate/deployment";
import { countsText, type Plan } from "../operate/engine";
import { packetOf } from "../review/packet";
import { readPlan } from "../review/plan";
import { readStack } from "../review/stack";
import { packetText } from "../review/text";
import { colors } from "./colors";
import { world } from "./description";

export interface ApprovalProps {
  readonly destroy?: boolean;
  readonly yes?: boolean;
  readonly irreversible?: boolean;
  readonly json?: boolean;
  /** What the plans are of. */
  readonly head: { files(stack: string): StackFiles };
  /** Keeps the terminal free meanwhile. */
  readonly pause: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Who may apply what: in production somebody has to say so, on a terminal or by `--yes`; in the sandbox nobody needs to. What
 * cannot be undone has to be named, in both.
 */
export const approval =
  ({ destroy = false, yes = false, irreversible = false, json = false, head, pause }: ApprovalProps) =>
  (stack: string, plan: Plan): Promise<boolean> =>
    pause(async () => {
      const packet = packetOfPlan(stack, plan, head);
      const { irreversible: lost, outage, review } = packet.verdict;
      const isAsked = process.stdin.isTTY === true && !json;
      if (lost > 0 && !destroy && !irreversible) {
        const words = packet.entries.filter(({ level }) => level === "irreversible").flatMap(({ reasons }) => reasons);
        if (!isAsked) throw new Error(`cannot be undone: ${[...new Set(words)].join("; ")}\n--irreversible allows it`);
      }
      if (lost + outage + review > 0 && !json) console.log(packetText(packet, colors));
      if (yes || (world.name === "sandbox" && (lost === 0 || irreversible || destroy))) return true;
      if (!isAsked)
        throw new Error(
          `${countsText(plan.counts).replace(/(\d+) /g, "$1 to be ")}; nobody is there to approve it: --yes`,
        );
      const word = lost > 0 || destroy ? stack : "yes";
      const answer = await asked(
        `${colors.bold(stack)}: ${countsText(plan.counts).replace(/(\d+) /g, "$1 to be ")}. Type ${word} to apply: `,
      );
      return answer === word;
    });

const packetOfPlan = (stack: string, plan: Plan, head: ApprovalProps["head"]) =>
  packetOf({
    base: { ref: "the state", tree: new Map() },
    head: { ref: "the plan", tree: new Map() },
    changes:
      readPlan(stack, plan.json, readStack(JSON.parse(head.files(stack).get("cdk.tf.json") ?? "{}")))?.changes ?? [],
  });

async function asked(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
