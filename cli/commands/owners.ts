import { ownersText } from "../../operate/gitlab/owners";
import { soundDescription } from "../project/description";

/** `databridge owners`. @returns the exit code */
export function runOwners(): number {
  const registers = soundDescription([], false);
  if (!registers) return 1;
  console.log(ownersText(registers).trimEnd());
  return 0;
}
