// Plans as hosts have them that submit jobs to LUMI; and plans with every word that one may say.
import { createRequire } from "node:module";
import { join } from "node:path";
import { compile } from "../../../cli/prepare.mjs";

const load = createRequire(join(compile(), "main.js"));
/** @type {typeof import("../../../model/gather.js")} */
const { gather } = load("./model/gather.js");
/** @type {typeof import("../../../model/layout.js")} */
const { schemaText } = load("./model/layout.js");
/** @type {typeof import("../../../cli/project/project.js")} */
const { readOwnSites } = load("./cli/project/project.js");
/** @type {typeof import("../../../constructs/files.js")} */
const { filesOf } = load("./constructs/files.js");
/** @type {typeof import("../../../constructs/specs.js")} */
const { multio } = load("./constructs/specs.js");

/** @typedef {import("../../../constructs/multio/spec.js").MultioOptions} Options */
/** @typedef {import("../../../model/site/multio-actions.js").Action} Action */

const { sites } = readOwnSites();
const lumi = /** @type {{ tenancies: { production: { runs: unknown[] } } }} */ (
  sites.find((site) => /** @type {{ name: string }} */ (site).name === "lumi")
);

/** Files of plans, the layout of the FDB that they are held against, and what is wrong with them. @param {Options} options */
export function rendered(options) {
  const { production } = lumi.tenancies;
  const runs = [...production.runs, multio("gate", options)];
  const site = { ...lumi, tenancies: { ...lumi.tenancies, production: { ...production, runs } } };
  const { registers, problems } = gather([site], {}, { partial: true });
  const place = registers.places.find(({ id }) => id === "lumi-production");
  const host = place?.hosts.find(({ roles }) => roles.some((role) => role.startsWith("ecflow")));
  if (!place || !host) throw new Error("no host of LUMI submits jobs");
  const files = filesOf(host, place, registers);
  const file = (/** @type {string} */ end) => files.find(({ path }) => path.endsWith(end))?.text ?? "";
  return {
    yaml: file("/include/multio-gate.yaml"),
    include: file("/include/multio-gate-lumi.h"),
    problems: problems.filter(({ path }) => path.includes("multio-gate")),
    schema: schemaText(place.fdb[0]?.said.layout ?? { rules: [] }),
  };
}

/** Plans of all site files. */
export function plansOfSites() {
  const { registers } = gather(sites);
  return registers.places.flatMap((place) =>
    place.hosts.flatMap((host) =>
      filesOf(host, place, registers).filter(({ path }) => /\/include\/multio-.*\.yaml$/.test(path)),
    ),
  );
}

const fields = {
  ...{ category: "a", class: "a", dataset: "a", domain: "a", expver: "a", gridType: "a", levtype: "a", name: "a" },
  ...{ nemoParam: "a", param: "1", stream: "a", type: "a", typeOfLevel: "a" },
  ...{ endStep: 1, level: 1, levelist: 1, paramId: 1, startStep: 1, step: 1 },
};
const restarts = {
  ...{ "initial-condition-present": true, "read-restart": false, "write-restart": false, "restart-path": "/a" },
  ...{ "restart-prefix": "a", "restart-time": "latest", "value-count-threshold": 1 },
};
const both = /** @type {const} */ ([
  ...["instant", "average", "minimum", "maximum", "accumulate", "difference", "inverse-difference"],
]);

/** @type {Options} */
export const everyWord = {
  home: "/a",
  plans: {
    template: {
      actions: [
        { type: "select", match: [fields], ignore: [fields] },
        { type: "print", stream: "cout", prefix: "a", "only-fields": true },
        { type: "metadata-mapping", mapping: "/a", "enforce-match": true, "overwrite-existing": true },
        {
          type: "statistics",
          "output-frequency": "1h",
          operations: [...both, "de-accumulate", "flux-average", "fixed-window-flux-average"],
          options: {
            ...restarts,
            "window-type": "forward-offset",
            "step-frequency": 1,
            "time-step": 1,
            "use-current-time": true,
            "solver-reset-accumulate-fields-every": "month",
          },
        },
        {
          type: "encode",
          format: "grib",
          template: "/a",
          "atlas-named-grid": "O1",
          "additional-metadata": {
            ...{ class: "d1", dataset: "extremes-dt", expver: "0001", stream: "oper", type: "fc", typeOfLevel: "a" },
            ...{ setPackingType: "a", bitsPerValue: 1, generatingProcessIdentifier: 1, grib2LocalSectionNumber: 1 },
            ...{ localDefinitionNumber: 1, localTablesVersion: 1, productDefinitionTemplateNumber: 8 },
            ...{ productionStatusOfProcessedData: 12, setLocalDefinition: 1, subCentre: 1, tablesVersion: 1 },
          },
        },
        { type: "sink", sinks: [{ type: "file", path: "a", append: true, "per-server": true }, { type: "fdb5" }] },
      ],
    },
    mars: {
      actions: [
        {
          type: "statistics-mtg2",
          "output-frequency": "1h",
          operations: [...both, "stddev"],
          options: { ...restarts, "window-type": "backward-offset", "disable-strict-mapping": true },
        },
        { type: "encode-mtg2", cached: true },
        { type: "sink", sinks: [{ type: "file", path: "a" }] },
      ],
    },
    sent: { actions: [{ type: "transport", target: "server" }] },
  },
  servers: {
    group: "multio",
    plans: {
      whole: {
        actions: [
          { type: "aggregate" },
          { type: "mask", "apply-bitmap": true, "missing-value": 1, "offset-fields": ["a"], "offset-value": 1 },
          { type: "sink", sinks: [{ type: "file", path: "a", "per-server": true }] },
        ],
      },
    },
  },
};
