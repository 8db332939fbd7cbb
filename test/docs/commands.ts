import type { Command } from "commander";
import { programOf } from "../../cli/program";

/** Code of a page: what stands in fences by its lines, continued ones joined, and between backticks. */
export function codeIn(text: string): readonly string[] {
  const fences: string[] = [];
  const prose = text.replaceAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm, (_, language: string, code: string) => {
    if (language === "" || language === "sh" || language === "bash")
      fences.push(...code.replaceAll(/\\\n/g, " ").split("\n"));
    return "";
  });
  return [...fences, ...[...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll(/\s+/g, " "))].map(
    (line) => line.trim(),
  );
}

/** Calls of our command in a line, each by its words. */
export const callsIn = (line: string): readonly (readonly string[])[] =>
  wordsOf(line).flatMap((words) => {
    const at = words.findIndex((word) => !/^(\$|npx|eval|sudo|nice|[A-Z_]+=.*)$/.test(word));
    return words[at] === "databridge" ? [words.slice(at + 1)] : [];
  });

/** Words of the commands of a line; what is quoted, or put in by a shell, is one word. */
function wordsOf(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [word] of line.matchAll(
    /(?:\$\((?:[^()]|\([^()]*\))*\)?|"(?:[^"\\]|\\.)*"?|'[^']*'?|<[^<>]*>|[^\s"'|&;<>$]|\$)+|&&|[|;&<>]|\S/g,
  )) {
    if (/^(&&|[|;&<>])$/.test(word)) commands.push([]);
    else if (word.startsWith("#")) break;
    else commands.at(-1)?.push(word);
  }
  return commands;
}

const program = programOf({ code: 0 });

/** What is wrong with a call, or nothing. */
export function misused(words: readonly string[]): string | undefined {
  let command: Command = program;
  let operands = 0;
  const said = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const sub: Command | undefined = operands === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (sub) command = sub;
    else if (word === "--help" || word === "--version") continue;
    else if (word.startsWith("-")) {
      const [flag = ""] = word.split("=");
      const option = command.options.find(({ long, short }) => [long, short].includes(flag));
      if (!option) return `${command.name()} has no ${flag}`;
      said.add(option.attributeName());
      if (option.required || option.optional) i += word.includes("=") ? 0 : 1;
      if (option.variadic) while (words[i + 1] !== undefined && !words[i + 1]?.startsWith("-")) i++;
    } else operands++;
  }
  const taken = command.registeredArguments;
  if (taken.length === 0 && operands > 0)
    return `${command.name()} has no ${command.commands.length > 0 ? "such command" : "arguments"}`;
  if (!taken.some(({ variadic }) => variadic) && operands > taken.length) return `${command.name()} takes less`;
  // Without any word it is named, and not called.
  if (operands + said.size === 0) return undefined;
  if (operands < taken.filter(({ required }) => required).length) return `${command.name()} takes more`;
  const unsaid = command.options.find((option) => option.mandatory && !said.has(option.attributeName()));
  return unsaid && `${command.name()} wants ${unsaid.long}`;
}
