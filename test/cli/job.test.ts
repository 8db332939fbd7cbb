import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./command";

const polaris = `
  supercomputer: slurm("polaris", {
    host: "polaris.example.org",
    login: network("198.51.100.1"),
    internet: { login: true, compute: true },
    auth: registeredKey("hpc/polaris"),
    accounts: { production: service("svc", "project") },
    partitions: { large: gpu("gfx90a", 8, { cores: 64, walltime: hours(48), maxNodes: 100 }) },
  }),`;

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
  const file = join(checkout.folder, "sites", "north.ts");
  const text = readFileSync(file, "utf8")
    .replace('country: "FI",', `country: "FI",${polaris}`)
    .replace("import { allocated,", "import { allocated, gpu, hours, network, registeredKey, service, slurm,");
  writeFileSync(file, text);
});
afterEach(() => checkout.remove());

const job = (...words: readonly string[]) => checkout.databridge("job", ...words);

test("databridge job prints what a job says to Slurm, or the nearest that it can have", () => {
  const given = job("polaris", "--gpu-nodes", "4", "--walltime", "02:00:00", "--memory", "1TiB");
  expect([given.code, given.err]).toEqual([0, ""]);
  expect(given.out.split("\n").filter((line) => line.startsWith("#"))).toEqual([
    "# troika partition=large",
    "# troika billing_account=project",
    "# troika total_nodes=4",
    "# troika gpus_per_node=8",
    "# troika walltime=02:00:00",
    "# troika memory_per_node=1048576M",
  ]);
  expect(given.out).toContain("nobody has stated a limit: memory of large");
  const refused = job("polaris", "--gpu-nodes", "4", "--walltime", "3d");
  expect([refused.code, refused.out]).toEqual([1, expect.stringContaining("2 d or less in large · fix: ask for 2 d")]);
});

test("as JSON, and what cannot be understood is told", () => {
  const { code, out } = job("polaris", "--gpu-nodes", "200", "--walltime", "1h", "--json");
  expect([code, JSON.parse(out)]).toEqual([
    1,
    [
      {
        name: "polaris",
        problems: [expect.objectContaining({ path: "polaris.job.gpuNodes", fix: "ask for 100 nodes" })],
      },
    ],
  ]);
  expect(job("polaris", "--gpu-nodes", "4", "--walltime", "soon")).toMatchObject({
    code: 2,
    err: expect.stringContaining("is no time"),
  });
  expect(job("polars", "--gpu-nodes", "4", "--walltime", "1h")).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "polaris"?'),
  });
});
