import { z } from "zod";
import { day } from "../words/calendar";
import { type Fields, line, names, text } from "../words/parse";

/** Something unwise that somebody knows of and answers for, until a day. */
export interface AcknowledgementFacts {
  /** The rule of `policy/`, by its name. */
  readonly rule: string;
  /** What it finds unwise here, path by path as it is told, without the site: `production.runs.fdb`. */
  readonly targets: readonly string[];
  readonly reason: string;
  /** The team that decided it. */
  readonly owner: string;
  /** The last day on which it holds, `2027-06-30`. */
  readonly until: string;
}

/** Takes responsibility for what a rule finds unwise, one target at a time, with a reason and an end. */
export const acknowledge = (
  rule: string,
  targets: readonly string[],
  is: Pick<AcknowledgementFacts, "reason" | "owner" | "until">,
): AcknowledgementFacts => ({ rule, targets, ...is });

export const acknowledgementSchema = z
  .strictObject({
    rule: text("the name of a rule"),
    targets: names("the path of what is acknowledged"),
    reason: line("why it is well so"),
    owner: line("the team that decided it"),
    until: day,
  } satisfies Fields<AcknowledgementFacts>)
  .refine(({ targets }) => targets.length > 0, {
    params: { allowed: "at least one target", fix: "name what is acknowledged, or leave it out" },
  })
  .meta({ written: 'acknowledge("rule", ["target"], { reason, owner, until })' });
export type Acknowledgement = z.output<typeof acknowledgementSchema>;
