import { z } from "zod";
import { unknownKeys, unknownValues } from "../../model/layout";
import { type SpaceHandler, spaceHandlers } from "../../model/site/fdb-space";
import type { Layout, LayoutKeys, MarsFields } from "../../model/site/layout";
import { marsFields } from "../../model/site/layout";
import { type Fields, flag, oneOf } from "../../model/words/parse";
import type { Problem } from "../../model/words/problem";
import { type Size, size } from "../../model/words/quantity";
import { own, pathOf } from "../../model/words/record";

/** Volumes of each store that share what comes, or a part of it. */
export interface SpaceOptions {
  /** Of which fields it is, by keys of their dataset: `{ expver: ["0001"] }`. @default - of all that no space before it takes */
  readonly of?: MarsFields;
  /** Their sizes, each another: a new volume is known by its size. */
  readonly volumes: readonly Size[];
  /** How one is chosen where a dataset begins. @default "Default", which spreads datasets evenly */
  readonly handler?: SpaceHandler;
  /** Whether it takes new fields; what it has is read in any case. @default true */
  readonly archive?: boolean;
}

export const spaceSchema = z.strictObject({
  of: marsFields.exactOptional(),
  volumes: z.array(size).min(1).max(8),
  handler: oneOf(spaceHandlers).default("Default"),
  archive: flag.default(true),
} satisfies Fields<SpaceOptions>);
export type StatedSpace = z.output<typeof spaceSchema>;

/** Volumes of a space, by their names, which stay where another is added: the first has that of the space. */
export const volumesOf = (
  space: string,
  { volumes }: StatedSpace,
): readonly { readonly name: string; readonly size: Size }[] =>
  volumes.map((size, i) => ({ name: i === 0 ? space : `${space}-${i + 1}`, size }));

/** Spaces of which no field could be, or that leave some without any. */
export function spaceProblems(spaces: Readonly<Record<string, StatedSpace>>, { rules }: Layout): readonly Problem[] {
  const datasets = rules.map(({ dataset }) => dataset);
  const last = Object.keys(spaces).at(-1) ?? "";
  return Object.entries(spaces).flatMap(([name, { of = {} }]): readonly Problem[] => {
    const path = pathOf("spaces", name, "of");
    // Fields of one dataset lie together, so that no other key tells them apart.
    const strange = unknownKeys(Object.keys(of), datasets, path, "datasets of the layout");
    const everything = Object.keys(of).length === 0;
    const fitting = datasets.filter((dataset) => Object.keys(of).every((key) => key in dataset));
    return [
      ...strange,
      ...(strange.length === 0 && fitting.length === 0
        ? [
            {
              path,
              value: Object.keys(of),
              allowed: "keys that datasets of one rule of the layout have together",
              fix: "leave one out, or make it two spaces",
            },
          ]
        : []),
      ...Object.entries(of).flatMap(([key, values]) =>
        unknownValues(key, values, fitting, pathOf(path, key), "the layout"),
      ),
      ...(everything === (name === last)
        ? []
        : [
            name === last
              ? {
                  path,
                  value: of,
                  allowed: "a last space for all that no other takes",
                  fix: "leave of out, or add a space without it",
                }
              : {
                  path,
                  value: undefined,
                  allowed: "what it is of, since it would take all that is left for those after it",
                  fix: "say it, or put it last",
                },
          ]),
    ];
  });
}

/**
 * By what a server knows the datasets of a space: values of their keys, with colons between.
 * @see fdb, src/fdb5/toc/RootManager.cc
 */
export const regexOf = ({ rules }: Layout, of: MarsFields | undefined): string =>
  of === undefined
    ? ".*"
    : [
        ...new Set(
          rules
            .filter(({ dataset }) => Object.keys(of).every((key) => key in dataset))
            .map(({ dataset }) => `^${datasetRegex(dataset, of)}$`),
        ),
      ].join("|");

const datasetRegex = (dataset: LayoutKeys, of: MarsFields): string =>
  Object.entries(dataset)
    .map(([key, { optional = false }], i) => {
      const values = own(of, key as keyof MarsFields);
      const value = values ? `(${values.map((each) => each.replaceAll(".", "[.]")).join("|")})` : "[^:]*";
      const separated = i === 0 ? value : `:${value}`;
      return optional && !values ? `(${separated})?` : separated;
    })
    .join("");
