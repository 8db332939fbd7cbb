import { z } from "zod";
import { type Assumption, type Described, type DescribedFields, unreasoned, withoutMarks } from "../words/assumed";
import { environments } from "../words/environment";
import { domain, isName, nameOf, nameRule } from "../words/name";
import { type BlockFact, block } from "../words/network-block";
import { type Fields, parse, text, word } from "../words/parse";
import type { Problem } from "../words/problem";
import { isRecord } from "../words/record";
import { type Acknowledgement, type AcknowledgementFacts, acknowledgementSchema } from "./acknowledgement";
import { type Cloud, type CloudFacts, cloudFallback, cloudSchema } from "./cloud";
import { type Identity, type IdentityFacts, identitySchema } from "./identity";
import {
  type Supercomputer,
  type SupercomputerInput,
  supercomputerFallback,
  supercomputerSchema,
} from "./supercomputer";
import { type Tenancy, type TenancyInput, tenancyFallback, tenancySchema } from "./tenancy";

/** Facts about a site that hold for all of its tenancies. */
export interface SiteFacts {
  /** Who runs cloud and supercomputer, and is asked for addresses, openings and accounts. */
  readonly operator: string;
  /** Where people reach the operator: an address of mail, or of a form. @default - nobody has written it down */
  readonly support?: string;
  /** ISO 3166, two letters. */
  readonly country: string;
  /** The domain of the site; names of hosts and services stand below it. */
  readonly dns: string;
  /** Networks of others that any site may speak of: `{ outside: "operators" }`. @default - none */
  readonly outside?: Readonly<Record<string, BlockFact>>;
  /** Who vouches for people and pipelines. @default - nobody does */
  readonly identity?: IdentityFacts;
  /** What rules of the policy find unwise here, and somebody answers for. @default - nothing */
  readonly acknowledged?: readonly AcknowledgementFacts[];
}

/** A site as its file writes it. */
export type SiteInput = DescribedFields<SiteFacts> & {
  readonly name: string;
  readonly cloud: Described<CloudFacts>;
  readonly supercomputer?: SupercomputerInput;
  readonly tenancies: Readonly<Record<string, TenancyInput>>;
};

/** A site: a cloud, perhaps a supercomputer beside it, and what we run there. The only thing that a site file exports. */
export const site = (name: string, is: Omit<SiteInput, "name">): SiteInput => ({ ...is, name });

/** A site that has been read. */
export interface Site {
  readonly name: string;
  readonly operator: string;
  readonly support?: string | undefined;
  readonly country: string;
  readonly dns: string;
  readonly outside: Readonly<Record<string, z.output<typeof block>>>;
  readonly identity: Identity;
  readonly acknowledged: readonly Acknowledgement[];
  readonly cloud: Cloud;
  readonly supercomputer: Supercomputer | undefined;
  readonly tenancies: Readonly<Record<string, Tenancy>>;
}

const siteSchema = z.strictObject({
  name: nameOf("name the site as its file"),
  operator: text("who runs the site"),
  support: text("an address of mail, or of a form").optional(),
  country: word(
    (v) => (typeof v === "string" && /^[A-Z]{2}$/.test(v) ? v : undefined),
    "two capital letters (ISO 3166)",
    'write e.g. "FI"',
  ),
  dns: domain,
  outside: z.record(z.string(), block).default({}),
  identity: identitySchema.default({}),
  acknowledged: z.array(acknowledgementSchema).default([]),
  cloud: z.unknown().optional(),
  supercomputer: z.unknown().optional(),
  tenancies: z.record(z.string(), z.unknown()),
} satisfies Fields<SiteInput>);

const siteFallback = { name: "unnamed", operator: "?", country: "XX", dns: "example.org", tenancies: {} };

/** What a site file said, read. */
export interface ReadSite {
  readonly site: Site;
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
}

/** Reads what a site file exports. Never throws; whatever is wrong is replaced, so that the rest can be checked too. */
export function readSite(written: unknown): ReadSite {
  try {
    return readFacts(written);
  } catch (error) {
    // A getter, or a proxy, may throw whatever it likes.
    const value = error instanceof Error ? error.message : "something that is no error";
    const thrown = { path: "unnamed", value, allowed: "plain data, whose reading throws nothing", fix: "call site(…)" };
    return { ...readFacts({ ...siteFallback }), problems: [thrown] };
  }
}

function readFacts(written: unknown): ReadSite {
  const name = isRecord(written) && isName(written.name) ? written.name : "unnamed";
  const { input, assumptions: marked } = withoutMarks(written, name);
  const assumptions = marked.map((assumption) => ({ ...assumption, path: asRead(assumption.path) }));
  const facts = parse(siteSchema, input, name, siteFallback);
  const cloud = parse(cloudSchema, facts.value.cloud, `${name}.cloud`, cloudFallback);
  const supercomputer =
    facts.value.supercomputer === undefined
      ? undefined
      : parse(
          supercomputerSchema,
          flattened(facts.value.supercomputer, "name"),
          `${name}.supercomputer`,
          supercomputerFallback,
        );
  const tenancies = Object.entries(facts.value.tenancies).map(([key, tenancy]) => ({
    key,
    named: tenancyNameProblems(name, key, tenancy),
    ...parse(tenancySchema, tenancy, `${name}.${key}`, tenancyFallback),
  }));
  return {
    site: {
      ...facts.value,
      cloud: cloud.value,
      supercomputer: supercomputer?.value,
      tenancies: Object.fromEntries(tenancies.map(({ key, value }) => [key, value])),
    },
    assumptions,
    problems: [
      ...assumptions.flatMap(unreasoned),
      ...facts.problems,
      ...cloud.problems,
      ...(supercomputer?.problems ?? []),
      ...tenancies.flatMap(({ named, problems }) => [...named, ...problems]),
    ],
  };
}

/** What the description nests for its own sake is no part of a path: `lumi.production`, not `lumi.tenancies.production`. */
const asRead = (path: string): string => path.replace(/\.(facts|tenancies)(?=\.)/g, "");

/** `slurm("lumi", { … })` keeps name and facts apart, so that the facts alone can be marked; a reader wants one object. */
const flattened = (input: unknown, key: string): unknown =>
  isRecord(input) && isRecord(input.facts) ? { ...input.facts, [key]: input[key] } : input;

/** The environment is told from a tenancy's name wherever it stands: stack, state, DNS, Vault. */
function tenancyNameProblems(site: string, key: string, tenancy: unknown): readonly Problem[] {
  const environment = isRecord(tenancy) ? tenancy.environment : undefined;
  if (!isName(key)) return [{ path: `${site}.${key}`, value: key, allowed: nameRule, fix: "rename the tenancy" }];
  const isOne = environments.some((each) => each === environment);
  if (!isOne || key === environment || key.startsWith(`${environment}-`)) return [];
  const allowed = `"${environment}" or "${environment}-…", as its environment`;
  return [{ path: `${site}.${key}`, value: key, allowed, fix: "rename the tenancy, or correct its environment" }];
}
