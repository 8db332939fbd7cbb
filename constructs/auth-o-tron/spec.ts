import { z } from "zod";
import { type Component, component } from "../../model/site/component";
import { type Need, tcp } from "../../model/site/need";
import type { Secret } from "../../model/site/secret";
import { image, type WorkloadSpec } from "../../model/site/workload";
import type { DescribedFields } from "../../model/words/assumed";
import { nameOf } from "../../model/words/name";
import { type Fields, text, url } from "../../model/words/parse";
import { type Duration, hours, mib, time } from "../../model/words/quantity";
import { quotaOf } from "../cluster/quota";
import { namespace } from "../services/spec";
import { authOTronName as name, passwordOf, platformRealm, ports, signingSecret } from "./places";
import { configText, type People, providersText, variables } from "./server";
import { loginUnanswered, metrics, panels, unanswered } from "./signals";

/** Who vouches, for services on the cluster, for whoever asks them. */
export interface AuthOTronOptions {
  /** `eccr.ecmwf.int/auth-o-tron/auth-o-tron:0.3.7@sha256:…` */
  readonly image: string;
  /** Whose tokens are taken. */
  readonly people: PeopleFacts;
  /** Accounts that are no person's, with their roles, in the realm `platform`: `{ notifier: ["writer"] }`. @default - none */
  readonly accounts?: Readonly<Record<string, readonly string[]>>;
  /** How long a service may take its word without asking again. @default 1 hour */
  readonly lifetime?: Duration;
}

/** A realm of a Keycloak. */
export interface PeopleFacts {
  /** `https://auth.destine.eu` */
  readonly url: string;
  /** `desp` */
  readonly realm: string;
  /** By which long-lived tokens are exchanged: the client that they are of, and one of ours that has a secret. @default - those are refused */
  readonly offline?: NonNullable<People["offline"]>;
}

const accountsSchema = z.record(nameOf("rename the account"), z.array(text("a role")).min(1));

const schema = z.strictObject({
  image,
  people: z.strictObject({
    url: url("who vouches for people"),
    realm: text("a realm"),
    offline: z
      .strictObject({ publicClient: text("a client"), privateClient: text("a client") } satisfies Fields<
        NonNullable<People["offline"]>
      >)
      .exactOptional(),
  } satisfies Fields<PeopleFacts>),
  accounts: accountsSchema.default({}),
  lifetime: time.default(hours(1)),
} satisfies Fields<AuthOTronOptions>);

const fallback = {
  image: `example.org/it:0@sha256:${"0".repeat(64)}`,
  people: { url: "https://login.example.org", realm: "people" },
};

const files = { config: "/etc/auth-o-tron/config.yaml", secrets: "/run/secrets/auth-o-tron" } as const;

/**
 * Auth-o-tron: services on the cluster hand it what somebody shows them, and it says who that is, signed by a secret that they know. One
 * for all services of a tenancy. **Untried**: the image.
 */
export const authOTron = (options: DescribedFields<AuthOTronOptions>): Component =>
  component(name, name, { schema, input: options, fallback }, ({ image, people, accounts, lifetime }, here) => {
    const by = { workload: name };
    const all = Object.keys(accounts);
    const workloads: readonly WorkloadSpec[] = [
      {
        workload: name,
        namespace: name,
        runs: { kind: "Deployment", replicas: 2 },
        containers: [
          {
            name,
            image,
            env: { AOT_CONFIG_PATH: files.config, AOT_PROVIDERS: providersText(people, accounts) },
            files: { [files.config]: configText(lifetime) },
            milliCpu: 100,
            memory: mib(128),
            health: { http: "/health", port: ports.http },
          },
        ],
        why: "tells services who asks them",
      },
    ];
    return {
      namespaces: [
        {
          ...namespace(name, "tells services who asks them", here),
          quota: quotaOf(workloads),
        },
      ],
      workloads,
      vouching: [{ vouching: name, people: people.realm, platform: platformRealm, accounts }],
      services: [
        // Within the cluster alone: whoever asks it shows what somebody showed to it.
        { service: name, on: by, traffic: tcp(ports.http), auth: "none" },
        { service: `${name}-metrics`, on: by, traffic: tcp(ports.metrics), auth: "none" },
      ],
      secrets: [signing, ...(people.offline ? [client] : []), ...all.map(password)],
      scrapes: [{ scrape: name, service: `${name}-metrics`, metrics }],
      recordings: [unanswered],
      panels,
      needs: [
        {
          need: "flow",
          from: by,
          to: { outside: "internet" },
          traffic: tcp(443),
          through: "forward-proxy",
          names: [new URL(people.url).hostname],
          why: "who vouches for people is asked for its keys, and for tokens",
          option: "people.url",
        },
        reads(signingSecret, variables.jwt, "services know its word by it"),
        ...(people.offline
          ? [reads({ secret: client.secret, key: "secret" }, variables.client, "long-lived tokens are exchanged")]
          : []),
        ...all.map((account) => reads(passwordOf(account), variables.password(account), `${account} is known by it`)),
        loginUnanswered,
      ],
    };
  });

const reads = (
  { secret, key }: { readonly secret: string; readonly key: string },
  variable: string,
  why: string,
): Need => ({
  need: "secret",
  by: { workload: name },
  secret,
  key,
  file: `${files.secrets}/${secret.split("/").slice(1).join("-")}`,
  variable,
  why,
});

const restart = `kubectl -n ${name} rollout restart deploy/${name}`;

const signing: Secret = {
  secret: signingSecret.secret,
  keys: [signingSecret.key],
  rotation: {
    steps: [
      "write another: 32 letters and digits or more",
      `wait until the cluster has it, five minutes; then ${restart}`,
      "restart whoever asks it, as it does: each reads the secret when it begins",
    ],
    test: "somebody with a token is let in by each service",
  },
  why: "services know by it that an answer is auth-o-tron's",
};

const client: Secret = {
  secret: "auth-o-tron/client",
  keys: ["secret"],
  rotation: {
    steps: [
      "have another made by who keeps the realm, for the private client",
      "write it: letters and digits",
      `wait until the cluster has it, five minutes; then ${restart}`,
    ],
    test: "somebody with a long-lived token is let in",
  },
  why: "long-lived tokens are exchanged for others by our client",
};

const password = (account: string): Secret => ({
  secret: passwordOf(account).secret,
  keys: [passwordOf(account).key],
  rotation: {
    steps: ["write another: letters and digits", `wait until the cluster has it, five minutes; then ${restart}`],
    test: `${account} is let in with it`,
  },
  why: `${account} of the realm platform is known by it`,
});
