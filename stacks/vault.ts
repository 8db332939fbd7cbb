import { Audit } from "@cdktf/provider-vault/lib/audit";
import { Policy as VaultPolicy } from "@cdktf/provider-vault/lib/policy";
import { VaultProvider } from "@cdktf/provider-vault/lib/provider";
import { QuotaRateLimit } from "@cdktf/provider-vault/lib/quota-rate-limit";
import { Construct } from "constructs";
import {
  breakGlass,
  loginRoleOf,
  machinesOf,
  mounts,
  type Policy,
  policyOfMachine,
  policyOfWriter,
  policyText,
  writersOf,
} from "../constructs/vault/access";
import { Issuer, RootIssuer } from "../constructs/vault/issuer";
import { KvStore } from "../constructs/vault/kv-store";
import { MachineLogins, TokenLogins } from "../constructs/vault/logins";
import { SshCa } from "../constructs/vault/ssh-ca";
import { inFull } from "../engine/provider-source";
import { PlatformStack } from "../engine/stack";
import { onlyPasses, principalsAt } from "../model/accounts";
import { type PlaceEntry, pathTo } from "../model/entries";
import type { Registers } from "../model/registers";
import { movesUnder } from "../model/site/moves";
import type { StatedVault } from "../model/site/vault";
import type { StackEntry } from "../model/stacks";
import { grouped } from "../model/words/grouped";
import { hours } from "../model/words/quantity";
import { isIn } from "./paths";

/**
 * The configuration of the Vault of all sites, of the registers alone: who logs in, who reads, writes and is issued what.
 * Whoever applies it is root of all secrets.
 */
export class VaultStack extends PlatformStack {
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
    const [stated] = place.vault;
    if (!stated) throw new Error(`${place.id} states no Vault`);
    // OpenBao takes audit devices from the configuration of its servers alone.
    if (stated.said.product === "vault") this.addAudit();
    this.addStores();
    this.addIssuers(stated.said);
    this.addLogins(stated.said, place);
    // Far above what agents of all sites ask for. Only logins: a limit of everything would also slow whoever lifts it.
    new QuotaRateLimit(this, "rate", { name: "machines", path: `auth/${mounts.machines}/`, rate: 100 });
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

  private addIssuers({ root, issuers }: StatedVault): void {
    const { certificates } = this.registers;
    if (certificates.length === 0) return;
    const scope = new Construct(this, "issuer");
    const top = new RootIssuer(scope, "root", { path: mounts.root, name: "Data Bridge root", lifetime: root });
    for (const [environment, all] of grouped(certificates, ({ place }) => place.tenancy.environment)) {
      const [path, name] = [mounts.issuerOf(environment), `Data Bridge ${environment}`];
      const issuer = new Issuer(scope, environment, { path, name, root: top, lifetime: issuers });
      for (const { id, names, lifetime, place, service } of all)
        issuer.addRole(id, { names, lifetime, isClient: isMutual(place, service) });
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
    for (const machine of readers) {
      const name = policy(policyOfMachine(machine));
      if (machine.from !== "not learned")
        machines.addRole(machine.name, { policy: name, from: machine.from, period: machine.period });
    }
    const ca = new SshCa(this, "login", { path: mounts.logins });
    for (const principal of this.registers.places.flatMap(principalsAt))
      ca.addRole(loginRoleOf(principal), { principal, lifetime: logins, forwards: onlyPasses(principal) });
    const outward = machinesOf(this.registers).flatMap(({ signs }) => signs);
    if (outward.length > 0) {
      // Of its own: who trusts it outside trusts nothing that opens our hosts, nor the other way round.
      const theirs = new SshCa(this, "outward", { path: mounts.outward });
      for (const { name, user, lifetime } of new Map(outward.map((each) => [each.name, each])).values())
        theirs.addRole(name, { principal: user, lifetime, forwards: false });
    }
    const writers = writersOf(this.registers).map(({ name, ...of }) => ({
      group: name,
      policy: policy(policyOfWriter({ name, ...of })),
    }));
    const loud = policy(breakGlass);
    for (const kind of ["people", "pipelines"] as const) {
      const by = site.identity[kind];
      if (!by) continue;
      const tokens = new TokenLogins(this, kind, { path: mounts[kind], by });
      for (const { group, policy: name } of writers)
        tokens.addRole(group, { group, policies: [name], lifetime: logins });
      if (kind === "people") tokens.addRole(loud, { group: loud, policies: [loud], lifetime: hours(1) });
    }
  }
}

const isMutual = ({ services }: PlaceEntry, service: string): boolean =>
  services.some(({ said }) => said.service === service && said.auth === "mtls");
