import { bastion, proxy } from "../../../constructs/edge/spec";
import { modules } from "../../../constructs/modules/spec";
import { gather } from "../../../model/gather";
import { flowsOf, said, south, tenancy } from "../../model/platform";

test("workers of the cluster log in to the supercomputer", () => {
  const { description, problems } = said(modules({ on: ["standard"] }));
  expect(problems).toEqual([]);
  expect(flowsOf(description)).toEqual(["cluster-worker -> polaris.login tcp-22"]);
});

test("a partition that the supercomputer does not have is refused, with the nearest that it has", () => {
  expect(said(modules({ on: ["standart"] })).description.problems).toEqual([
    { path: "on", value: "standart", allowed: "partitions of polaris: standard", fix: 'did you mean "standard"?' },
  ]);
});

test("without a supercomputer there is nothing to install on", () => {
  const site = south({ production: tenancy({ runs: [bastion({ from: [] }), proxy(), modules({ on: [] })] }) });
  expect(gather([site]).problems.map(({ path, allowed }) => [path, allowed])).toEqual([
    ["south.production.runs.modules", "a site with a supercomputer"],
  ]);
});
