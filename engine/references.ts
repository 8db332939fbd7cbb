import { type IResolvable, TerraformElement, type TerraformStack, Tokenization } from "cdktf";
import { elementsIn } from "./guards/elements";

/**
 * Whether anything in a stack may refer to another stack. Only such references need cdktf's preparation, which resolves
 * the whole stack once more: a third of a synthesis. What cannot be told at a glance, such as a function call, may.
 */
export const mayReferElsewhere = (stack: TerraformStack): boolean =>
  elementsIn(stack).some((element) => !isInside(element.toTerraform(), stack));

function isInside(value: unknown, stack: TerraformStack): boolean {
  if (typeof value === "string") return isTextInside(value, stack);
  if (typeof value === "number") return Math.abs(value) < 1e200; // beyond are stand-ins
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null) return true;
  if (Tokenization.isResolvable(value)) return isReferenceTo(stack, value);
  return Object.entries(value).every(([key, item]) => isTextInside(key, stack) && isInside(item, stack));
}

function isTextInside(text: string, stack: TerraformStack): boolean {
  const found = text.match(standIn)?.length ?? 0;
  if (found === 0) return true;
  const { tokens } = Tokenization.reverseString(text);
  return tokens.length === found && tokens.every((token) => isReferenceTo(stack, token));
}

/** What cdktf writes into text for what it resolves later: names, or numbers of nearly 300 digits. */
const standIn = /TfToken\[|e\+2\d\d/g;

/** A reference knows the stack of what it refers to, and what depends on an element that element. */
const isReferenceTo = (stack: TerraformStack, token: IResolvable): boolean =>
  "originStack" in token
    ? token.originStack === stack
    : "dependable" in token &&
      TerraformElement.isTerraformElement(token.dependable) &&
      token.dependable.cdktfStack === stack;
