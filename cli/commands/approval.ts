import { createInterface } from "node:readline/promises";
import { type Interruption, interruptionText } from "../../model/closed-hours";
import type { Registers } from "../../model/registers";
import type { StackFiles } from "../../operate/deployment";
import { type Plan, plannedText } from "../../operate/engine";
import type { Change } from "../../review/change";
import { interruptionsOf } from "../../review/interruptions";
import { type Packet, packetOf } from "../../review/packet";
import { readPlan } from "../../review/plan";
import { readStack } from "../../review/stack";
import { packetText } from "../../review/text";
import { colors } from "../print/colors";
import { interruptionsNow, type Override, override } from "../project/closed-hours";
import { world } from "../project/description";

export interface ApprovalProps {
  readonly destroy?: boolean;
  readonly yes?: boolean;
  readonly irreversible?: boolean;
  /** What allows to interrupt something in closed hours. @default - nothing does */
  readonly incident?: string;
  readonly json?: boolean;
  /** What the plans are of. */
  readonly head: { readonly registers: Registers; files(stack: string): StackFiles };
  /** Keeps the terminal free meanwhile. */
  readonly pause: <T>(work: () => Promise<T>) => Promise<T>;
  /** Told of closed hours that an incident overrides. */
  readonly onOverride: (overrides: readonly Override[]) => void;
  /** Called where somebody ends the run instead of answering. */
  readonly stop: () => void;
}

/**
 * Who may apply what: in production somebody has to say so, on a terminal or by `--yes`; in the sandbox nobody needs to. What
 * cannot be undone has to be named, in both; what interrupts is refused in closed hours, but for an incident.
 */
export const approval =
  ({ destroy = false, yes = false, irreversible = false, json = false, ...props }: ApprovalProps) =>
  (stack: string, plan: Plan): Promise<boolean> =>
    props.pause(async () => {
      const changes = changesOf(stack, plan, props.head);
      const packet = packetOf({
        base: { ref: "the state", tree: new Map() },
        head: { ref: "the plan", tree: new Map() },
        changes,
      });
      const interrupts = interruptionsOf(changes);
      const closed = () => interruptionsNow(props.head.registers, { stack, interrupts });
      const { irreversible: lost, outage, review } = packet.verdict;
      const isAsked = process.stdin.isTTY === true && !json;
      if (lost > 0 && !destroy && !irreversible && (yes || !isAsked))
        throw new Error(`cannot be undone: ${worstOf(packet)}\n--irreversible allows it`);
      if (props.incident === undefined) refuse(closed());
      // Hours may have closed while somebody thought about it.
      const allowed = () => {
        const found = closed();
        if (props.incident === undefined) refuse(found);
        else props.onOverride(override(found, destroy ? "deploy --destroy" : "deploy", props.incident));
        return true;
      };
      if (lost + outage + review > 0 && !json) console.log(packetText(packet, colors));
      if (yes || (world.name === "sandbox" && (lost === 0 || irreversible || destroy))) return allowed();
      const what = plannedText(plan.counts);
      if (!isAsked) throw new Error(`${what}; nobody is there to approve it: --yes`);
      const word = lost > 0 || destroy ? stack : "yes";
      const answer = await asked(
        `${colors.bold(stack)} · ${world.name} · ${what}. Type ${word} to apply: `,
        props.stop,
      );
      return answer === word && allowed();
    });

const worstOf = ({ entries }: Packet): string =>
  [...new Set(entries.filter(({ level }) => level === "irreversible").flatMap(({ reasons }) => reasons))].join("; ");

function refuse(found: readonly Interruption[]): void {
  if (found.length > 0)
    throw new Error(`${found.map(interruptionText).join("\n")}\n--incident <id> allows it, and is logged`);
}

/** What a refresh read anew and the plan leaves as it is, is no part of what is approved; drift tells of strangers. */
const changesOf = (stack: string, plan: Plan, head: ApprovalProps["head"]): readonly Change[] =>
  (
    readPlan(stack, plan.json, readStack(JSON.parse(head.files(stack).get("cdk.tf.json") ?? "{}")))?.changes ?? []
  ).filter(({ drift }) => !drift);

async function asked(question: string, stop: () => void): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Who ends the run here wants no further question either.
  terminal.on("SIGINT", () => {
    stop();
    terminal.close();
  });
  try {
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    return (await Promise.race([terminal.question(question), closed])).trim();
  } finally {
    terminal.close();
  }
}
