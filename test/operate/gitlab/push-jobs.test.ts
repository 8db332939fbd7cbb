import { grouped } from "../../../model/words/grouped";
import { pushJobs } from "../../../operate/gitlab/push-jobs";
import { objectsOf, ours, terraformsOf } from "../../constructs/gitops/platform";

const { registers } = ours();
const pushed = (differs: (stack: string) => boolean) =>
  Object.values(pushJobs(registers, differs)).flatMap(({ script = [] }) =>
    script.map((line) => {
      const [, artifact = "", ...stacks] = line.split(" ");
      return { artifact, stacks: stacks.sort() };
    }),
  );

test("all that the controller plans is pushed to where it looks for it, and nothing else", () => {
  const sources = new Map(
    objectsOf(registers)
      .filter(({ kind }) => kind === "OCIRepository")
      .map(({ metadata: { name }, spec }) => [name, `${spec.url}:${Object(spec.ref).tag}`]),
  );
  const wanted = grouped(terraformsOf(registers), ({ spec }) => sources.get(Object(spec.sourceRef).name) ?? "");
  const names = [...wanted].map(([artifact, of]) => ({
    artifact,
    stacks: of.map(({ metadata }) => metadata.name).sort(),
  }));
  const byName = (a: { artifact: string }, b: { artifact: string }) => a.artifact.localeCompare(b.artifact);
  expect(names.length).toBeGreaterThan(2);
  expect(pushed(() => true).sort(byName)).toEqual(names.sort(byName));
});

test("a site in which nothing differs is not planned anew", () => {
  const [one] = pushed((stack) => stack === "lumi-production-services");
  expect([one?.artifact.split("/").at(-1), one?.stacks.includes("lumi-production-services")]).toEqual([
    "lumi:production",
    true,
  ]);
  expect(pushed((stack) => stack === "lumi-production-services")).toHaveLength(1);
  expect(pushed(() => false)).toEqual([]);
});
