/** Text of somebody else on one line, without what a terminal would obey; keys are withheld, and what is long is cut. */
export function plain(text: string, most = 200): string {
  if (text.includes("PRIVATE KEY")) return "a private key, not shown";
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
