import { gitops } from "../../../constructs/gitops/spec";
import { flowsOf, said } from "../../model/platform";

test("what pipelines push is fetched by the forward proxy, by its name", () => {
  const { description, problems } = said(gitops({ artifacts: "oci://registry.example.org/platform" }));
  expect(problems).toEqual([]);
  expect(flowsOf(description)).toContain("source-controller -> internet tcp-443 through forward-proxy");
  expect(description.needs?.flatMap((need) => ("names" in need ? need.names : []))).toEqual(["registry.example.org"]);
});

test("only the controller has runners work, and only what fetches leaves the cluster", () => {
  const flows = flowsOf(said(gitops({ artifacts: "oci://registry.example.org/platform" })).description);
  expect(flows.filter((flow) => flow.endsWith("-> tofu-runner"))).toEqual(["tofu-controller -> tofu-runner"]);
  expect(flows.filter((flow) => flow.includes("internet"))).toHaveLength(1);
});

test("it stands in the stack of the control plane", () =>
  expect(
    said(gitops({ artifacts: "oci://registry.example.org/platform" })).description.namespaces?.map(
      ({ stack }) => stack,
    ),
  ).toEqual(["control-plane"]));

test("what is no registry, or names a tag, is refused", () => {
  const problems = (artifacts: string) => said(gitops({ artifacts })).problems;
  expect(problems("https://git.example.org/platform.git")).toEqual([
    'artifacts "https://git.example.org/platform.git"',
  ]);
  expect(problems("oci://registry.example.org/platform:latest")).toHaveLength(1);
});

test("runners bear the labels that tofu-controller gives them, or no policy opens them", () =>
  expect(
    said(gitops({ artifacts: "oci://registry.example.org/platform" })).description.gitops?.map(({ runner }) => runner),
  ).toEqual([
    {
      workload: "tofu-runner",
      labels: { "app.kubernetes.io/created-by": "tofu-controller", "app.kubernetes.io/name": "tf-runner" },
    },
  ]));
