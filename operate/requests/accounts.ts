import { type Flow, isOurs } from "../../model/entries";
import { isAssumed, type Registers } from "../../model/registers";
import { sourcesOf } from "../../model/route";
import type { Site } from "../../model/site/site";
import { type Account, awaitedForLogin, type Supercomputer } from "../../model/site/supercomputer";
import type { Environment } from "../../model/words/environment";
import { grouped } from "../../model/words/grouped";
import { counted } from "../../model/words/problem";
import { addressText } from "./address-text";

/** An account at a supercomputer. */
export interface AccountNeed {
  readonly supercomputer: string;
  /** The environment whose jobs run as it; a person experiments. */
  readonly environment: Environment;
  /** @default - it is a service's */
  readonly person?: string;
  readonly user: string;
  readonly projects: readonly string[];
  /** @default - not known */
  readonly work?: string;
  /** How one logs in by it, in words. */
  readonly by: string;
  /** From where: addresses, or what is not known yet. */
  readonly from: readonly string[];
  /** The last day, ISO 8601. @default - not known */
  readonly until?: string;
  /** What the operator has to say before anybody logs in. */
  readonly awaited: readonly string[];
  /** Whether somebody has confirmed that there is such an account. */
  readonly isConfirmed: boolean;
}

/** What the operator of a supercomputer is asked for. */
export interface AccountSheet {
  readonly operator: string;
  readonly accounts: readonly AccountNeed[];
}

/** The accounts that sites have at the supercomputers beside them, by operator. */
export function accountRequests(registers: Registers, isWanted: (site: string) => boolean): readonly AccountSheet[] {
  const sites = registers.sites.filter(({ name }) => isWanted(name));
  return [...grouped(sites, ({ operator }) => operator)]
    .map(([operator, theirs]) => ({ operator, accounts: theirs.flatMap((site) => accountsAt(site, registers)) }))
    .filter(({ accounts }) => accounts.length > 0);
}

function accountsAt(site: Site, registers: Registers): readonly AccountNeed[] {
  const { name, supercomputer } = site;
  if (!supercomputer) return [];
  const isLogin = ({ to }: Flow): boolean => !isOurs(to) && to.theirs === `${supercomputer.name}.login`;
  const from = registers.flows.flatMap((flow) => (isLogin(flow) && isOurs(flow.from) ? [flow.from] : []));
  const need = (list: "accounts" | "people", key: string, environment: Environment, account: Account): AccountNeed => {
    const those = from.filter((party) => party.environment === environment);
    return {
      supercomputer: supercomputer.name,
      environment,
      ...(list === "people" ? { person: key } : {}),
      user: account.user,
      projects: account.projects,
      ...(account.work === undefined ? {} : { work: account.work }),
      by: loginWords(supercomputer),
      from: [...new Set(those.flatMap(sourcesOf).map(addressText))],
      ...(account.expires === undefined ? {} : { until: account.expires }),
      awaited: awaitedForLogin(supercomputer, environment),
      isConfirmed: !isAssumed(registers, `${name}.supercomputer.${list}.${key}`),
    };
  };
  return [
    ...Object.entries(supercomputer.accounts).map(([key, account]) =>
      need("accounts", key, key as Environment, account),
    ),
    ...Object.entries(supercomputer.people).map(([key, account]) => need("people", key, "experiments", account)),
  ];
}

/** How one logs in to a supercomputer, for people. */
function loginWords({ auth }: Supercomputer): string {
  switch (auth.kind) {
    case "registered-key":
      return `a key that is registered at ${auth.portal ?? "your portal"}, another one every ${auth.greatestAge}`;
    case "signed-key":
      return `a key that our CA signs for ${auth.lifetime}`;
    case "operator-certificate":
      return `a certificate of your CA for ${auth.lifetime}, renewed by ${auth.renewal === "person" ? "a person" : "a service"}`;
  }
}

/** A sheet as text to send. */
export const accountText = ({ operator, accounts }: AccountSheet): string =>
  [
    `To the user support of ${operator}: ${counted(accounts.length, "account")}`,
    ...accounts.flatMap(({ awaited, ...is }, i) => [
      "",
      `${i + 1}. ${is.user} at ${is.supercomputer}, ${is.person === undefined ? `a service, for ${is.environment}` : `a person, ${is.person}`}`,
      `   charged to ${is.projects.join(", ") || "?"}`,
      ...(is.work === undefined ? [] : [`   works in   ${is.work}`]),
      `   logs in by ${is.by}`,
      `   from       ${is.from.join(", ") || "nowhere yet"}`,
      `   until      ${is.until ?? "to be told"}`,
      `   state      ${is.isConfirmed ? "confirmed" : "to be confirmed"}`,
      ...awaited.map((each) => `   awaited    ${each}`),
    ]),
  ].join("\n");
