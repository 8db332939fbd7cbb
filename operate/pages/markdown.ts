/** A table of Markdown; a word where it has no rows. */
export const rows = (head: readonly string[], all: readonly (readonly string[])[]): readonly string[] =>
  all.length === 0 ? ["None."] : [line(head), line(head.map(() => "---")), ...all.map(line)];

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Text as it is, to be copied. */
export const verbatim = (text: string): readonly string[] => ["```", ...text.split("\n"), "```"];
