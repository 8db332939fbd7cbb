import { bastion, proxy } from "../../../constructs/edge/spec";
import { gather } from "../../../model/gather";
import { stateUrl } from "../../../model/site/state";
import type { TenancyInput } from "../../../model/site/tenancy";
import { http, pg, s3 } from "../../../model/vocabulary";
import { learned, north, saying, tenancy } from "../platform";

const edge = [bastion(), proxy()];
const problems = (state: unknown) =>
  gather([north({ production: tenancy({ state: state as TenancyInput["state"], runs: edge }) })]).problems.map(
    ({ path, value }) => [path, value],
  );

describe("a state", () => {
  test("is told from all others by kind, store and key", () => {
    const key = "lumi/test/lumi-test-tenancy.tfstate";
    const endpoint = "https://s3.example.org";
    expect([
      stateUrl({ kind: "s3", bucket: "b", region: "r" }, key),
      stateUrl({ kind: "s3", bucket: "b", region: "r", endpoint }, key),
      stateUrl({ kind: "http", address: "https://x.example.org/states/" }, key),
      stateUrl({ kind: "pg", schemaName: "states" }, key),
    ]).toEqual([
      `s3://b/${key}`,
      `s3://b/${key}?endpoint=${endpoint}`,
      "https://x.example.org/states/lumi-test-tenancy",
      "pg://states-lumi-test-tenancy",
    ]);
  });

  test("may be kept by S3, HTTP or PostgreSQL", () => {
    for (const state of [
      s3({ bucket: "bucket", region: "r" }),
      http({ address: "https://x.example.org" }),
      pg({ schemaName: "x" }),
    ])
      expect(problems(state)).toEqual([]);
  });

  test.each([
    [http({ address: "https://me:secret@x.example.org" }), "address", "https://…@x.example.org"],
    [http({ address: "https://x.example.org/?token=1" }), "address", "https://x.example.org/?…"],
    [http({ address: "http://x.example.org" }), "address", "http://x.example.org"],
    [pg({ schemaName: "States" }), "schemaName", "States"],
    [pg({ schemaName: "a-name-longer-than-twenty" }), "schemaName", "a-name-longer-than-twenty"],
  ])("is refused as %j", (state, key, value) =>
    expect(problems(state)).toEqual([[`north.production.state.${key}`, value]]));

  test("is refused in a bucket of ours", () => {
    const runs = [...edge, saying({ buckets: [{ name: "states", fate: "keep" }] })];
    const state = s3({ bucket: "north-production-states", region: "r" });
    expect(gather([north({ production: tenancy({ state, runs }) })]).problems).toEqual([
      {
        path: "north.production.state.bucket",
        value: "north-production-states",
        allowed: "a bucket that no stack of ours makes; north.production.runs.thing makes this one",
        fix: "take one that stands by itself",
      },
    ]);
  });

  test.each([
    ["name", "https://proxy.production.north.example.org:9000"],
    ["private address", "https://10.20.0.11"],
    ["public address", "https://203.0.113.11"],
    ["router's address", "https://203.0.113.10"],
  ])("is refused on a host of ours, by its %s", (_, endpoint) => {
    const state = s3({ bucket: "bucket", region: "r", endpoint });
    const site = north({ production: tenancy({ state, runs: edge }) });
    expect(learned([site]).problems.map(({ path, value }) => [path, value])).toEqual([
      ["north.production.state.endpoint", endpoint],
    ]);
  });
});
