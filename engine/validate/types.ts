import type { Type } from "./schema";

/** A type for people, as Terraform writes it. */
export function shownType(type: Type): string {
  if (typeof type === "string") return type === "dynamic" ? "any" : type;
  if (type[0] === "object") return `object({ ${Object.keys(type[1]).join(", ")} })`;
  if (type[0] === "tuple") return `tuple([${type[1].map(shownType).join(", ")}])`;
  return `${type[0]}(${shownType(type[1])})`;
}

/**
 * Whether Terraform would turn a value that is not known yet from one type into another: text may turn out to be a number.
 * @see go-cty, docs/convert.md
 */
export function converts(from: Type, to: Type): boolean {
  if (from === "dynamic" || to === "dynamic") return true;
  if (typeof from === "string" || typeof to === "string") {
    if (typeof from !== "string" || typeof to !== "string") return false;
    return from === to || from === "string" || to === "string";
  }
  const [into, inner] = [to[0], elementOf(to)];
  if (isSequence(from) && isSequence(to)) {
    if (from[0] === "tuple") return into !== "tuple" ? from[1].every((each) => converts(each, inner)) : true;
    return into === "tuple" ? false : converts(elementOf(from), inner);
  }
  if (from[0] === "object" && into === "map") return Object.values(from[1]).every((each) => converts(each, inner));
  if (from[0] === "map" && into === "map") return converts(from[1], inner);
  if (from[0] === "object" && to[0] === "object") {
    const [, has] = from;
    const [, wants, optional = []] = to;
    return Object.entries(wants).every(([name, type]) => {
      const held = Object.hasOwn(has, name) ? has[name] : undefined;
      return held === undefined ? optional.includes(name) : converts(held, type);
    });
  }
  return from[0] === "map" && into === "object";
}

const isSequence = (type: Exclude<Type, string>): boolean => ["list", "set", "tuple"].includes(type[0]);

/** What a collection holds. */
export function elementOf(type: Type): Type {
  if (typeof type === "string" || type[0] === "object" || type[0] === "tuple") return "dynamic";
  return type[1];
}

/** The type behind a step of a path: `.name`, `[0]`; nothing where no such step can be taken. */
export function step(type: Type, key: string | number): Type | undefined {
  if (type === "dynamic") return "dynamic";
  if (typeof type === "string") return undefined;
  const [kind] = type;
  if (kind === "object") return typeof key === "string" && Object.hasOwn(type[1], key) ? type[1][key] : undefined;
  if (kind === "map") return type[1];
  if (kind === "set") return undefined;
  if (typeof key === "string" && !/^\d+$/.test(key)) return undefined;
  return kind === "tuple" ? (type[1][Number(key)] ?? undefined) : type[1];
}
