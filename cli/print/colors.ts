import { createColors } from "picocolors";

/** Colour for people alone: a pipeline's log gets plain text. @see no-color.org */
const colored = (stream: NodeJS.WriteStream): boolean =>
  process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== "0"
    ? true
    : stream.isTTY === true && !process.env.NO_COLOR;
export const colors = createColors(colored(process.stdout));
/** Problems go to standard error. */
export const errors = createColors(colored(process.stderr));
