import { bastion, cluster, existingCluster, proxy } from "../../constructs/specs";
import type { Component } from "../../model/site/component";
import type { Identity } from "../../model/site/identity";
import { learned, north, saying, tenancy } from "../model/platform";
import { type Json, namespace, namespaceIn, stackIn, stackOf } from "./cluster";

const spaces = [{ ...namespace("one"), owner: "maps" }, namespace("two")];
const { stack } = stackOf(saying({ namespaces: spaces }, "trial"));
const all = (type: string, of = stack): readonly Json[] => Object.values(of.resource[`kubernetes_${type}`] ?? {});
const views = (of = stack): readonly Json[] =>
  all("role_binding_v1", of).filter(({ metadata }) => metadata.name === "databridge-view");

test("people of the team that answers for a namespace may look at it, and those of no other", () => {
  const bound = views().map(({ metadata, role_ref: role, subject }) => [
    namespaceIn(metadata.namespace),
    role.kind,
    subject,
  ]);
  const group = (name: string) => [{ api_group: "rbac.authorization.k8s.io", kind: "Group", name: `people:${name}` }];
  expect(bound).toEqual([
    ["one", "Role", group("maps")],
    ["openstack", "Role", group("team")],
    ["two", "Role", group("team")],
  ]);
  expect(all("cluster_role_binding_v1")).toEqual([]);
});

test("they change nothing, see no secret, and are in no pod", () => {
  const rules: readonly Json[] = all("role_v1").flatMap(({ rule }) => rule);
  expect(rules.length).toBeGreaterThan(20);
  for (const { verbs, resources, api_groups: groups } of rules) {
    expect([verbs, groups.length]).toEqual([["get", "list", "watch"], 1]);
    for (const resource of resources)
      expect(resource).not.toMatch(/^\*|^secrets$|\/(exec|attach|portforward|proxy|token|ephemeralcontainers)$/);
  }
  expect(rules.flatMap(({ resources }) => resources)).toContain("pods/log");
});

describe("nobody looks", () => {
  const viewsOf = (on: readonly Component[], identity: Identity) => {
    const runs = [...on, saying({ namespaces: spaces }, "trial")];
    return views(stackIn(learned([north({ production: tenancy({ runs }) }, { identity })])).stack);
  };
  const people = { issuer: "https://login.example.org", audience: "platform", user: "sub", groups: "groups" };
  const ours = [bastion(), proxy(), cluster({ servers: 1, workers: 1 })];
  const theirs = existingCluster({
    outside: "front-ends",
    version: "v1.33.1",
    pods: "10.244.0.0/16",
    services: "10.96.0.0/12",
  });
  test("where nobody vouches for people", () =>
    expect([viewsOf(ours, {}), viewsOf(ours, { people }).length]).toEqual([[], 2]));
  test("where somebody else's API has names of its own for them", () =>
    expect(viewsOf([bastion(), proxy(), theirs], { people })).toEqual([]));
});
