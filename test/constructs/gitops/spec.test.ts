import { gitops } from "../../../constructs/gitops/spec";
import { flowsOf, said } from "../../model/platform";

test("the repository is followed by the forward proxy, by its name", () => {
  const { description, problems } = said(gitops({ repository: "https://git.example.org/platform" }));
  expect(problems).toEqual([]);
  expect(flowsOf(description)).toContain("source-controller -> internet tcp-443 through forward-proxy");
  expect(description.needs?.flatMap((need) => ("names" in need ? need.names : []))).toEqual(["git.example.org"]);
});

test("only the controller has runners work, and only what fetches leaves the cluster", () => {
  const flows = flowsOf(said(gitops({ repository: "https://git.example.org/platform" })).description);
  expect(flows.filter((flow) => flow.endsWith("-> tofu-runner"))).toEqual(["tofu-controller -> tofu-runner"]);
  expect(flows.filter((flow) => flow.includes("internet"))).toHaveLength(1);
});

test("it stands in the stack of the control plane", () =>
  expect(
    said(gitops({ repository: "https://git.example.org/platform" })).description.namespaces?.map(({ stack }) => stack),
  ).toEqual(["control-plane"]));

test("a repository that is no URL of HTTPS is refused", () =>
  expect(said(gitops({ repository: "git@git.example.org:platform.git" })).problems).toEqual([
    'repository "git@git.example.org:platform.git"',
  ]));
