import Table from "cli-table3";
import { colors } from "./colors";

const none = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
};
const plain = { ...none, left: " ", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " };

/** Rows under a head, without lines, so that it can be read, copied and cut. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const grid = new Table({
    head: [...head],
    chars: plain,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: head.map((_, i) => (right.includes(i) ? "right" : "left")),
  });
  for (const row of rows) grid.push([...row]);
  const lines = grid
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  return [colors.dim(lines[0] ?? ""), ...lines.slice(1)].join("\n");
}
