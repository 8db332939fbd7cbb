import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { trusting } from "../constructs/aviso/trust";
import { fetchedBy } from "../constructs/cluster/fetched";
import { issuedTo, Tokens } from "../constructs/cluster/issued";
import type { Brought } from "../constructs/cluster/kept";
import { aliasesOf } from "../constructs/cluster/names";
import { TeamNamespace } from "../constructs/cluster/namespace";
import { FlowPolicy, waits } from "../constructs/cluster/network-policies";
import { PriorityClasses } from "../constructs/cluster/priority-classes";
import { proxyOf } from "../constructs/cluster/proxy";
import { chartFiles, Objects, Release } from "../constructs/cluster/release";
import { Workload } from "../constructs/cluster/workload";
import { watching } from "../constructs/collector/objects/pod";
import { loggingIn } from "../constructs/ecflow/logins";
import { askingFdb } from "../constructs/fdb/client";
import { GitopsRoles } from "../constructs/gitops/roles";
import { deploymentsFrom } from "../constructs/gitops/terraform";
import { routesOf } from "../constructs/ingress/routes";
import { deploying } from "../constructs/modules/pod";
import { retrieving } from "../constructs/polytope/pod";
import { inFull } from "../engine/provider-source";
import { PlatformStack } from "../engine/stack";
import { type NamespaceEntry, type PlaceEntry, pathTo } from "../model/entries";
import { podsIn } from "../model/pods";
import type { Registers } from "../model/registers";
import { runnersOf } from "../model/runners";
import { identityOf } from "../model/site/identity";
import { movesUnder } from "../model/site/moves";
import { clusterStacks } from "../model/site/namespace";
import type { Service } from "../model/site/need";
import { type StackEntry, stacksOf } from "../model/stacks";
import { isIn } from "./paths";

/** What workloads read that follows from what stands elsewhere. */
const fills = [loggingIn, askingFdb, deploying, watching, retrieving, trusting];

/** Under which all parts of a stack stand, where that is not the stack itself. */
const partsOf: Partial<Record<StackEntry["kind"], string>> = { "control-plane": "control", modules: "modules" };

/**
 * What stands on the cluster of a tenancy: namespaces with their quotas, what opens them, workloads and charts. Stacks of one
 * form: the control plane has what serves all sites, and only home has one; another installs software at the supercomputer.
 */
export class ClusterStack extends PlatformStack {
  private readonly place: PlaceEntry;
  private readonly namespaces: ReadonlyMap<string, TeamNamespace>;
  private readonly entries: readonly NamespaceEntry[];
  /** What opens pods, by their workload. */
  private readonly policies: ReadonlyMap<string, ITerraformDependable>;

  constructor(
    scope: Construct,
    { name, key, kind, place }: StackEntry,
    private readonly registers: Registers,
  ) {
    super(scope, name, {
      state: place.tenancy.state,
      key,
      moves: movesUnder(place.tenancy, isIn(kind)),
      at: pathTo(place),
    });
    this.place = place;
    const [cluster] = place.clusters;
    // Where the cluster is, and who applies: KUBE_CONFIG_PATH. Only the context is ours to say.
    const configContext = cluster?.said.context ?? place.id;
    inFull(new KubernetesProvider(this, "kubernetes", { configContext }));
    inFull(new HelmProvider(this, "helm", { kubernetes: { configContext } }));
    this.entries = place.namespaces.filter(({ stack }) => stack === kind);
    const parts = partsOf[kind] === undefined ? this : new Construct(this, partsOf[kind]);
    // Of the whole cluster, once: in the first that is applied.
    if (kind === stacksOf(place).find(({ kind }) => clusterStacks.some((each) => each === kind))?.kind)
      new PriorityClasses(parts, "priority");
    this.namespaces = this.addNamespaces(new Construct(parts, "namespace"));
    this.policies = this.addPolicies(new Construct(parts, "open"));
    const releases = this.addReleases(new Construct(parts, "release"), this.addRoles(parts));
    this.addWorkloads(parts, releases);
    this.addDeployments(parts, releases);
  }

  private addNamespaces(scope: Construct): ReadonlyMap<string, TeamNamespace> {
    const { site, name } = this.place;
    const labels = { "databridge/site": site.name, "databridge/tenancy": name };
    // What somebody else's API calls them, nobody has said.
    const isOurs = this.place.clusters.some(({ said }) => said.product === "rke2");
    const hasPeople = isOurs && identityOf(this.registers.sites).people !== undefined;
    return new Map(
      this.entries.map((entry) => [
        entry.namespace,
        new TeamNamespace(scope, entry.namespace, { entry, labels, hasPeople }),
      ]),
    );
  }

  /** Opens pods for their flows, as far as it is known who is at the other end. */
  private addPolicies(scope: Construct): ReadonlyMap<string, ITerraformDependable> {
    const rules = (this.registers.podRules.get(this.place.id) ?? []).filter(({ peer }) => !waits(peer));
    return new Map(
      podsIn(this.place).flatMap((pods) => {
        const namespace = this.namespaces.get(pods.namespace)?.name;
        const mine = rules.filter((rule) => rule.pods.workload === pods.workload);
        if (namespace === undefined || mine.length === 0) return [];
        return [[pods.workload, new FlowPolicy(scope, pods.workload, { namespace, pods, rules: mine }).resource]];
      }),
    );
  }

  /** What a controller of deployments may, with those who run for it. @returns what has to be there before it */
  private addRoles(parts: Construct): readonly ITerraformDependable[] {
    return this.place.gitops.flatMap(({ said: by }) => {
      const namespace = this.namespaces.get(by.namespace)?.name;
      if (namespace === undefined) return [];
      const runners = runnersOf(this.registers.places).filter((runner) => runner.by === by);
      const accounts = runners.map(({ account }) => account);
      return new GitopsRoles(parts, "roles", { namespace, accounts }).ready;
    });
  }

  /** What a controller of deployments applies, a release for each tenancy: one that is refused takes no other with it. */
  private addDeployments(parts: Construct, releases: ReadonlyMap<string, ITerraformDependable>): void {
    if (!this.place.gitops.some(({ said }) => this.namespaces.has(said.namespace))) return;
    const scope = new Construct(parts, "deploy");
    const after = ["flux", "tofu-controller", "external-secrets"].flatMap((name) => releases.get(name) ?? []);
    for (const { runner, objects } of deploymentsFrom(this.place, this.registers)) {
      const namespace = this.namespaces.get(runner.by.namespace)?.name;
      if (namespace === undefined) continue;
      this.files = chartFiles;
      const why = `stacks of ${runner.place.id}`;
      new Objects(scope, runner.place.id, { name: `deploy-${runner.place.id}`, namespace, objects, why, after });
    }
  }

  /** @returns what everything is there with, by the name of each release */
  private addReleases(
    scope: Construct,
    roles: readonly ITerraformDependable[],
  ): ReadonlyMap<string, ITerraformDependable> {
    const made = new Map<string, ITerraformDependable>();
    for (const { said } of this.place.releases) {
      const { name: namespace, ready } = this.namespaces.get(said.namespace) ?? {};
      if (namespace === undefined || !ready) continue;
      const after = [
        ...ready,
        ...(this.place.gitops.some((by) => by.said.namespace === said.namespace) ? roles : []),
        ...said.pods.flatMap(({ workload }) => this.policies.get(workload) ?? []),
        ...said.after.flatMap((name) => made.get(name) ?? []),
      ];
      const names = said.pods.map(({ workload }) => workload);
      const proxy = proxyOf(names, this.place, this.registers);
      const aliases = aliasesOf(names, this.place, this.registers);
      const routes = routesOf(names, this.place);
      const services = this.servicesOn(names).filter(({ nodePort }) => nodePort !== undefined);
      const props = { release: said, namespace, proxy, aliases, routes, services, after };
      made.set(said.release, new Release(scope, said.release, props).last);
      if (said.resources.length > 0) this.files = chartFiles;
    }
    return made;
  }

  /** Secrets and certificates of Vault, where the pods of a workload have them; who brings them has to be there before, if it is in this stack. */
  private addKept(
    scope: Construct,
    workload: string,
    namespace: string,
    releases: ReadonlyMap<string, ITerraformDependable>,
  ) {
    const fetched = fetchedBy(workload, this.place, this.registers);
    const issued = issuedTo(workload, this.place, this.registers);
    const add = (what: string, { objects }: Brought, bringer: string, before: readonly ITerraformDependable[]) => {
      this.files = chartFiles;
      const name = `${workload}-${what}`;
      const release = releases.get(bringer);
      const after = [...(release ? [release] : []), ...before];
      return new Objects(scope, name, { name, namespace, objects, why: `${what} of ${workload}`, after }).release;
    };
    const after: ITerraformDependable[] = [];
    if (fetched.objects.length > 0) after.push(add("secrets", fetched, "external-secrets", []));
    if (issued.objects.length > 0) {
      const { binding } = new Tokens(scope, `${workload}-tokens`, { workload, namespace });
      after.push(add("certificates", issued, "cert-manager", [binding]));
    }
    return { kept: [...fetched.kept, ...issued.kept], after };
  }

  private servicesOn(workloads: readonly string[]): readonly Service[] {
    return this.place.services
      .map(({ said }) => said)
      .filter(({ on }) => "workload" in on && workloads.includes(on.workload));
  }

  private addWorkloads(parts: Construct, releases: ReadonlyMap<string, ITerraformDependable>): void {
    const [scope, keeping] = [new Construct(parts, "workload"), new Construct(parts, "kept")];
    const volumes = this.place.clusters[0]?.said.volumes;
    for (const { said } of this.place.workloads) {
      const entry = this.entries.find(({ namespace }) => namespace === said.namespace);
      const { name: namespace, ready } = this.namespaces.get(said.namespace) ?? {};
      if (!entry || namespace === undefined || !ready) continue;
      const services = this.servicesOn([said.workload]);
      const policy = this.policies.get(said.workload);
      const { kept, after } = this.addKept(keeping, said.workload, namespace, releases);
      new Workload(scope, said.workload, {
        workload: fills.reduce((workload, fill) => fill(workload, this.place, this.registers), said),
        environment: entry.environment,
        ...(volumes ? { volumes } : {}),
        namespace,
        place: this.place.id,
        kept,
        proxy: proxyOf([said.workload], this.place, this.registers),
        aliases: aliasesOf([said.workload], this.place, this.registers),
        services,
        after: [...ready, ...(policy ? [policy] : []), ...after],
      });
    }
  }
}
