import { withoutMarks } from "../../model/words/assumed";
import { listed, type Problem } from "../../model/words/problem";
import { isRecord, pathOf } from "../../model/words/record";

/** What of a plan decides what may follow what; read of anything, so that other mistakes do not hide those of order. */
interface Outline {
  /** `plans.fields.actions`. */
  readonly path: string;
  readonly at: "model" | "servers";
  readonly isGrib: boolean;
  readonly steps: readonly Step[];
}

interface Step {
  readonly type: string;
  /** Where it ends, if it is a sink. */
  readonly sinks: readonly Readonly<Record<string, unknown>>[];
}

/** Plans that MultIO would take, and that lead nowhere, or write what is not so. Paths begin at the component. */
export function orderProblems(options: unknown): readonly Problem[] {
  const { input } = withoutMarks(options, "");
  const { plans, servers } = isRecord(input) ? input : {};
  const atServers = isRecord(servers) ? outlines(servers.plans, "servers.plans", "servers") : [];
  const atModel = outlines(plans, "plans", "model");
  const all = [...atModel, ...atServers];
  return [
    ...all.flatMap(withoutEnd),
    ...all.flatMap(behindEnd),
    ...all.flatMap(unencoded),
    ...all.flatMap(unknownOnceEncoded),
    ...all.flatMap(otherStatistics),
    ...atModel.flatMap((plan) => onlyAtServers(plan, isRecord(servers))),
    ...atServers.flatMap(partsAtServers),
    ...(isRecord(servers) && atModel.length > 0 && !atModel.some(({ steps }) => has(steps, "transport"))
      ? [
          {
            path: "servers",
            value: listed(atServers.map(({ path }) => path)),
            allowed: "I/O servers to which some plan of the model sends its fields",
            fix: 'end a plan with { type: "transport", target: "server" }, or leave servers out',
          },
        ]
      : []),
  ];
}

const outlines = (plans: unknown, path: string, at: Outline["at"]): readonly Outline[] =>
  Object.entries(isRecord(plans) ? plans : {}).flatMap(([name, plan]) =>
    isRecord(plan) && Array.isArray(plan.actions)
      ? [
          {
            path: pathOf(path, name, "actions"),
            at,
            isGrib: plan.of === "grib",
            steps: plan.actions.flatMap((action: unknown): readonly Step[] => {
              if (!isRecord(action) || typeof action.type !== "string") return [];
              const sinks: readonly unknown[] = Array.isArray(action.sinks) ? action.sinks : [];
              return [{ type: action.type, sinks: sinks.filter(isRecord) }];
            }),
          },
        ]
      : [],
  );

const has = (steps: readonly Step[], ...types: readonly string[]): boolean =>
  steps.some(({ type }) => types.includes(type));
const isEnd = ({ type }: Step): boolean => ["sink", "transport"].includes(type);
const isEncoding = ({ type }: Step): boolean => ["encode", "encode-mtg2"].includes(type);
const inOrder = (steps: readonly Step[]): string => listed(steps.map(({ type }) => type));
/** What comes after the first of a kind. */
const after = (steps: readonly Step[], is: (step: Step) => boolean): readonly Step[] => {
  const first = steps.findIndex(is);
  return first < 0 ? [] : steps.slice(first + 1);
};

const withoutEnd = ({ path, steps, at }: Outline): readonly Problem[] =>
  steps.some(isEnd)
    ? []
    : [
        {
          path,
          value: inOrder(steps),
          allowed: `a sink at the end${at === "model" ? ", or transport to I/O servers" : ""}`,
          fix: 'add { type: "sink", sinks: [{ type: "fdb5" }] }',
        },
      ];

/** @see multio, src/multio/action/sink/Sink.cc: it hands nothing on, and what follows is not even made */
const behindEnd = ({ path, steps }: Outline): readonly Problem[] =>
  after(steps, isEnd).map(({ type }) => ({
    path,
    value: type,
    allowed: `nothing after ${steps.find(isEnd)?.type}: fields end there`,
    fix: "put it before, or leave it out",
  }));

/** Values come to an FDB as something for which it finds no decoder. */
function unencoded({ path, steps, isGrib }: Outline): readonly Problem[] {
  const to = steps.findIndex(({ sinks }) => sinks.some(({ type }) => type === "fdb5"));
  if (isGrib || to < 0 || steps.slice(0, to).some(isEncoding)) return [];
  return [
    {
      path,
      value: inOrder(steps),
      allowed: "an encode or encode-mtg2 before fdb5: an FDB takes GRIB alone",
      fix: 'add one, or say of: "grib" if the model encodes by itself',
    },
  ];
}

/** @see multio, src/multio/action/encode/GribEncoder.cc, setFieldValues: the message has no metadata any more */
const unknownOnceEncoded = ({ path, steps, isGrib }: Outline): readonly Problem[] =>
  (isGrib ? steps : after(steps, isEncoding))
    .filter(({ type }) => !["print", "sink"].includes(type))
    .map(({ type }) => ({
      path,
      value: type,
      allowed: `print and sink alone ${isGrib ? "for GRIB that comes encoded" : "after a field is encoded"}: MultIO knows nothing of it`,
      fix: isGrib ? 'leave it out, or have values come: of: "values"' : "put it before, or leave it out",
    }));

/** What is computed by one kind, the encoder of the other writes as values of an instant, or cannot read. */
const otherStatistics = ({ path, steps }: Outline): readonly Problem[] =>
  (
    [
      ["statistics", "encode-mtg2", "statistics-mtg2"],
      ["statistics-mtg2", "encode", "statistics"],
    ] as const
  ).flatMap(([statistics, encode, fit]) =>
    has(steps, statistics) && has(steps, encode)
      ? [
          {
            path,
            value: statistics,
            allowed: `${fit}, before ${encode}: it would take what ${statistics} computes for values of an instant`,
            fix: `write ${fit}`,
          },
        ]
      : [],
  );

const onlyAtServers = ({ path, steps }: Outline, hasServers: boolean): readonly Problem[] => [
  ...steps
    .filter(({ type }) => ["aggregate", "mask"].includes(type))
    .map(({ type }) => ({
      path,
      value: type,
      allowed: `${type} at I/O servers, which have the parts of all processes`,
      fix: "move it to servers.plans",
    })),
  ...(has(steps, "transport") && !hasServers
    ? [{ path, value: "transport", allowed: "transport where there are I/O servers", fix: "add servers: { plans: … }" }]
    : []),
];

const partsAtServers = ({ path, steps }: Outline): readonly Problem[] => [
  ...(has(steps, "transport")
    ? [{ path, value: "transport", allowed: "a sink: I/O servers send to nobody", fix: "end with a sink" }]
    : []),
  ...(has(steps, "mask") &&
  !has(
    steps.slice(
      0,
      steps.findIndex(({ type }) => type === "mask"),
    ),
    "aggregate",
  )
    ? [{ path, value: "mask", allowed: "aggregate before mask, which is for whole fields", fix: "add it before" }]
    : []),
  ...steps
    .flatMap(({ sinks }) => sinks)
    .filter((sink) => sink.type === "file" && sink["per-server"] !== true)
    .map((sink) => ({
      path: `${path}.sinks.path`,
      value: sink.path,
      allowed: "a file for each I/O server: two would write into one",
      fix: 'add "per-server": true',
    })),
];
