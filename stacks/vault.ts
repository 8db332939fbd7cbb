import { Audit } from "@cdktf/provider-vault/lib/audit";
import { Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { QuotaRateLimit } from "@cdktf/provider-vault/lib/quota-rate-limit";
import { Construct } from "constructs";
import {
  accountsOf,
  breakGlass,
  loginRoleOf,
  policyOfAccount,
  policyOfDeployer,
  policyOfPipeline,
  policyOfVaultOperators,
  policyOfWriter,
  sitesOfPipeline,
  snapshots,
  writersOf,
} from "../constructs/vault/access";
import { Issuer, RootIssuer } from "../constructs/vault/issuer";
import { KvStore } from "../constructs/vault/kv-store";
import {
  claimsOfDeployer,
  claimsOfPipelines,
  claimsOfPlaces,
  MachineLogins,
  PodLogins,
  TokenLogins,
} from "../constructs/vault/logins";
import { type Machine, machinesOf, policyOfMachine } from "../constructs/vault/machines";
import { mounts, type Policy, policyText } from "../constructs/vault/policy";
import { SshCa } from "../constructs/vault/ssh-ca";
import { inFull } from "../engine/provider-source";
import { PlatformStack } from "../engine/stack";
import { onlyPasses, principalsAt } from "../model/accounts";
import { isMutual } from "../model/certificates";
import { deployersOf, hostsAt } from "../model/deployers";
import { type PlaceEntry, pathTo } from "../model/entries";
import type { Registers } from "../model/registers";
import { movesUnder } from "../model/site/moves";
import type { StatedVault } from "../model/site/vault";
import type { StackEntry } from "../model/stacks";
import { grouped } from "../model/words/grouped";
import { hours, minutes } from "../model/words/quantity";
import { isIn } from "./paths";

/** How long the token of a job lives: as long as it takes to configure a site. */
const ofJobs = minutes(30);
/** GitLab's runner reads what a job needs before it begins. */
const ofDeployers = minutes(5);

/**
 * The configuration of the Vault of all sites, of the registers alone: who logs in, who reads, writes and is issued what.
 * Whoever applies it is root of all secrets.
 */
export class VaultStack extends PlatformStack {
  private readonly rates: Construct;

  constructor(
    scope: Construct,
    { name, key, place }: StackEntry,
    private readonly registers: Registers,
  ) {
    super(scope, name, {
      state: place.tenancy.state,
      key,
      moves: movesUnder(place.tenancy, isIn("vault")),
      at: pathTo(place),
    });
    // Address and token come from the environment: VAULT_ADDR, VAULT_TOKEN.
    inFull(new VaultProvider(this, "vault", { skipChildToken: true }));
    this.rates = new Construct(this, "rate");
    const [stated] = place.vault;
    if (!stated) throw new Error(`${place.id} states no Vault`);
    // OpenBao takes audit devices from the configuration of its servers alone.
    if (stated.said.product === "vault") this.addAudit();
    this.addStores();
    this.addIssuers(stated.said);
    this.addLogins(stated.said, place);
  }

  /** Far above what anybody asks for. Only logins: a limit of everything would also slow whoever lifts it. */
  private limit(name: string, { path }: { readonly path: string }): void {
    new QuotaRateLimit(this.rates, name, { name, path: `auth/${path}/`, rate: 100 });
  }

  /** Nothing is answered that could not be written to one of these. */
  private addAudit(): void {
    const scope = new Construct(this, "audit");
    new Audit(scope, "file", { type: "file", path: "file", options: { file_path: "/var/log/vault/audit.log" } });
    new Audit(scope, "journal", { type: "syslog", path: "journal", options: { facility: "AUTH", tag: "vault" } });
  }

  private addStores(): void {
    const scope = new Construct(this, "store");
    for (const [path, secrets] of grouped(this.registers.secrets, ({ mount }) => mount)) {
      const [{ place } = { place: undefined }] = secrets;
      new KvStore(scope, path, { path, description: `secrets of ${place?.site.name}, ${place?.tenancy.environment}` });
    }
  }

  private addIssuers({ root, issuers, issuerGeneration: generation }: StatedVault): void {
    const { certificates } = this.registers;
    if (certificates.length === 0) return;
    const scope = new Construct(this, "issuer");
    const top = new RootIssuer(scope, "root", { path: mounts.root, name: "Data Bridge root", lifetime: root });
    for (const [environment, all] of grouped(certificates, (each) => each.environment)) {
      const [path, name] = [mounts.issuerOf(environment), `Data Bridge ${environment}`];
      const issuer = new Issuer(scope, environment, { path, name, root: top, lifetime: issuers, generation });
      for (const each of all) issuer.addRole(each.id, { ...each, isClient: isMutual(each) });
    }
  }

  private addLogins({ logins }: StatedVault, { site }: PlaceEntry): void {
    const policies = new Construct(this, "policy");
    const policy = (of: Policy): string => {
      new VaultPolicy(policies, of.name, { name: of.name, policy: policyText(of) });
      return of.name;
    };
    const readers = machinesOf(this.registers);
    const longest = Math.max(0, ...readers.map(({ period }) => period));
    const machines = new MachineLogins(this, "machine", { path: mounts.machines, longest });
    this.limit("machines", machines);
    for (const machine of readers) {
      const name = policy(policyOfMachine(machine));
      if (machine.from !== "not learned")
        machines.addRole(machine.name, { policy: name, from: machine.from, period: machine.period });
    }
    const pods = new Construct(this, "pods");
    for (const [id, accounts] of grouped(accountsOf(this.registers), ({ place }) => place.id)) {
      const key = accounts[0]?.place.clusterKey;
      const cluster = key === undefined ? undefined : new PodLogins(pods, id, { path: mounts.podsOf(id), key });
      if (cluster) this.limit(`pods-${id}`, cluster);
      for (const account of accounts) {
        const name = policy(policyOfAccount(account));
        const { subject, from } = account;
        if (from !== "not learned") cluster?.addRole(account.name, { subject, policy: name, from });
      }
    }
    const ca = new SshCa(this, "login", { path: mounts.logins, signs: "logins" });
    for (const principal of this.registers.places.flatMap(principalsAt))
      ca.addLogin(loginRoleOf(principal), { principal, lifetime: logins, forwards: onlyPasses(principal) });
    this.addKeys(readers);
    const writers = writersOf(this.registers);
    policy(snapshots);
    const { people, pipelines } = site.identity;
    if (people) {
      const tokens = new TokenLogins(this, "people", { path: mounts.people, by: people });
      this.limit("people", tokens);
      const add = (group: string, name: string) => tokens.addRole(group, { group, policies: [name], lifetime: logins });
      for (const writer of writers) add(writer.name, policy(policyOfWriter(writer)));
      const operators = policyOfVaultOperators(this.registers);
      if (operators.grants.length > 0) add(operators.name, policy(operators));
      const loud = policy(breakGlass);
      // Not to be renewed, and no other token can be made of it: after an hour nothing of it is left.
      tokens.addRole(loud, { group: loud, policies: [loud], lifetime: hours(1), tokenType: "batch" });
    }
    if (pipelines) {
      const claims = claimsOfPipelines(pipelines);
      const tokens = new TokenLogins(this, "pipelines", { path: mounts.pipelines, by: pipelines, claims });
      this.limit("pipelines", tokens);
      for (const writer of writers) {
        const of = policyOfPipeline(writer);
        if (of.grants.length === 0) continue;
        const at = sitesOfPipeline(writer).map((each) => hostsAt(each, this.registers.places));
        tokens.addRole(writer.name, {
          group: writer.name,
          claims: claimsOfPlaces(at, pipelines),
          policies: [policy(of)],
          lifetime: ofJobs,
        });
      }
      for (const deployer of deployersOf(this.registers))
        tokens.addJob(deployer.name, {
          claims: claimsOfDeployer(deployer, pipelines),
          policy: policy(policyOfDeployer(deployer, this.registers.secrets)),
          lifetime: ofDeployers,
        });
    }
  }

  /**
   * Keys of hosts, signed by CAs of their own: who is trusted to say which host somebody is, or to open a supercomputer, opens none of our
   * hosts, nor the other way round.
   */
  private addKeys(machines: readonly Machine[]): void {
    const keys = machines.flatMap(({ signs }) => signs);
    const [hosts, users] = [keys.filter(({ kind }) => kind === "host"), keys.filter(({ kind }) => kind === "user")];
    if (hosts.length > 0) {
      const ca = new SshCa(this, "host-keys", { path: mounts.hostKeys, signs: "host keys" });
      for (const { role, names, lifetime } of hosts) ca.addHost(role, { names, lifetime });
    }
    if (users.length > 0) {
      const ca = new SshCa(this, "outward", { path: mounts.outward, signs: "logins to supercomputers" });
      for (const { role, names, lifetime } of new Map(users.map((each) => [each.role, each])).values())
        ca.addUser(role, { names, lifetime });
    }
  }
}
