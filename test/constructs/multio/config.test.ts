import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { loggingIn } from "../../../constructs/ecflow/logins";
import { filesOf } from "../../../constructs/files";
import type { MultioOptions } from "../../../constructs/multio/spec";
import { bastion, cluster, ecflow, experiments, fdb, multio, proxy } from "../../../constructs/specs";
import { gib, person } from "../../../model/vocabulary";
import { layout, learned, north, tenancy } from "../../model/platform";

const sink = { type: "sink", sinks: [{ type: "fdb5" }] } as const;
const plans = {
  fields: { actions: [{ type: "encode", format: "grib", template: "/templates/sfc.tmpl" }, sink] },
} as const;

/** Files of plans on a host. */
function filesAt(options: Partial<MultioOptions> = {}, name = "ecflow-prod") {
  const runs = [
    bastion(),
    proxy(),
    ecflow("prod", { submitsTo: ["polaris"], standby: true }),
    fdb({ stores: 1, volume: gib(10), fate: "keep", layout }),
    multio("forecast", { home: "/appl/fdb", plans, ...options }),
  ];
  const { registers, problems } = learned([north({ production: tenancy({ runs }) })]);
  expect(problems).toEqual([]);
  const [place] = registers.places;
  const host = place?.hosts.find((each) => each.name === name);
  if (!place || !host) throw new Error("no such host");
  const files = filesOf(host, place, registers).filter(({ path }) => path.includes("multio"));
  return new Map(files.map(({ path, text }) => [path.replace("/etc/platform/hpc/include/", ""), text]));
}
const yamlOf = (files: ReadonlyMap<string, string>) => files.get("multio-forecast.yaml") ?? "";

test("hosts that submit jobs have the plans, and what suites include; others do not", () => {
  expect([...filesAt().keys()]).toEqual(["multio-forecast.yaml", "multio-forecast-polaris.h"]);
  expect([...filesAt({}, "ecflow-prod-standby").keys()]).toHaveLength(2);
  expect([...filesAt({}, "fdb-catalogue").keys()]).toEqual([]);
});

test("so have pods from which a person submits jobs, to lay them into that person's folder", () => {
  const jane = {
    is: "person",
    port: 31401,
    until: "2027-06-30",
    submitsTo: ["polaris"],
    from: [],
    why: "tries",
  } as const;
  const image = `registry.example.org/ecflow-server:5.9.2@sha256:${"0".repeat(64)}`;
  const runs = [
    cluster({ servers: 1, workers: 1, cloud: true }),
    experiments({ image, servers: { jane } }),
    fdb({ stores: 1, volume: gib(10), fate: "keep", layout }),
    multio("forecast", { home: "/appl/fdb", plans }),
  ];
  const { supercomputer, ...rest } = north({ production: tenancy({ runs: [bastion(), proxy(), ...runs] }) });
  if (!supercomputer) throw new Error("north has a supercomputer");
  const people = { jane: { ...person("doe", "project"), work: "/scratch/jane" } };
  const facts = { ...supercomputer.facts, people };
  const { registers, problems } = learned([{ ...rest, supercomputer: { ...supercomputer, facts } }]);
  expect(problems.filter(({ path }) => path.includes("multio"))).toEqual([]);
  const [place] = registers.places;
  const [pod] = place?.workloads.filter(({ said }) => said.workload === "experiment-jane") ?? [];
  if (!place || !pod) throw new Error("jane has no pod");
  const files = loggingIn(pod.said, place, registers).containers[0]?.files ?? {};
  expect(Object.keys(files).filter((path) => path.includes("multio"))).toEqual([
    "/etc/platform/hpc/include/multio-forecast.yaml",
    "/etc/platform/hpc/include/multio-forecast-polaris-jane.h",
  ]);
  expect(files["/etc/platform/hpc/include/multio-forecast-polaris-jane.h"]).toContain("=/scratch/jane/databridge/");
});

test("plans are as MultIO reads them, with the FDB by its home", () => {
  expect(parse(yamlOf(filesAt()))).toEqual({
    plans: [
      {
        name: "fields",
        actions: [
          plans.fields.actions[0],
          { type: "sink", sinks: [{ type: "fdb5", config: { fdb_home: "/appl/fdb" } }] },
        ],
      },
    ],
  });
});

test("text is in quotes, since eckit takes some for flags and numbers", () => {
  const yaml = yamlOf(filesAt({ plans: { fields: { of: "grib", actions: [{ type: "print", prefix: "no" }, sink] } } }));
  expect(yaml).toContain('prefix: "no"');
  expect(yaml).not.toContain("of:");
});

test("with I/O servers there are plans of theirs, and those that lead to them", () => {
  const transport = { type: "transport", target: "server" } as const;
  const servers = { plans: { whole: { actions: [{ type: "aggregate" }, ...plans.fields.actions] } } } as const;
  const read = parse(
    yamlOf(filesAt({ plans: { all: { actions: [transport] } }, servers: { ...servers, group: "nemo" } })),
  );
  expect(read.client).toEqual({ plans: [{ name: "all", actions: [transport] }] });
  expect([read.server.transport, read.server.group, read.server.plans[0].name]).toEqual(["mpi", "nemo", "whole"]);
});

describe("a job", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "databridge-multio-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As ecFlow would make it: between nopp and end nothing is replaced. */
  const ran = (files: ReadonlyMap<string, string>) => {
    const job = (files.get("multio-forecast-polaris.h") ?? "")
      .replace("%includenopp <multio-forecast.yaml>\n", () => yamlOf(files))
      .replace(/^%(nopp|end)\n/gm, "")
      .replace("/scratch/project", folder);
    return execFileSync("bash", ["-eu", "-c", `${job}\necho "$MULTIO_SERVER_CONFIG_FILE"`], {
      encoding: "utf8",
    }).trim();
  };

  test("lays them in the folder of its account, once, and says where", () => {
    const files = filesAt();
    const [first, second] = [ran(files), ran(files)];
    expect(first).toMatch(/\/databridge\/north-production\/ecflow-prod\/multio\/forecast-[0-9a-f]{12}\.yaml$/);
    expect(second).toBe(first);
    expect(readFileSync(first, "utf8")).toBe(yamlOf(files));
    expect(readdirSync(join(first, ".."))).toHaveLength(1);
  });

  test("has others beside them when they change: who runs keeps those that it began with", () => {
    const first = ran(filesAt());
    const second = ran(filesAt({ home: "/appl/other" }));
    expect(readdirSync(join(first, ".."))).toHaveLength(2);
    expect(readFileSync(second, "utf8")).toContain("/appl/other");
    expect(readFileSync(first, "utf8")).toContain("/appl/fdb");
  });

  test("tells those of an old file from none: an empty one is written again", () => {
    const first = ran(filesAt());
    execFileSync("truncate", ["-s", "0", first]);
    expect(readFileSync(ran(filesAt()), "utf8")).toBe(yamlOf(filesAt()));
  });
});
