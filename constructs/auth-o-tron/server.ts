import { stringify } from "yaml";
import type { Duration } from "../../model/words/quantity";
import { platformRealm, ports } from "./places";

/** Its configuration but for who is let in, which has secrets in it; the secret by which it signs comes as a variable too. */
interface Config {
  readonly version: "2.0.0";
  readonly server: { readonly host: string; readonly port: number };
  readonly metrics: { readonly enabled: boolean; readonly port: number };
  readonly services: readonly { readonly name: string; readonly scopes: readonly string[] }[];
  readonly store: { readonly enabled: boolean };
  readonly jwt: { readonly iss: string; readonly exp: number };
  readonly logging: { readonly level: string; readonly format: "json" | "console" };
  readonly auth: { readonly timeout_in_ms: number };
}

/** Who is let in. @see auth-o-tron 0.3.7, authotron/schema.json: ProviderConfig */
type Provider =
  | {
      readonly type: "jwt";
      readonly name: string;
      readonly realm: string;
      readonly cert_uri: string;
      readonly iam_realm: string;
    }
  | {
      readonly type: "openid-offline";
      readonly name: string;
      readonly realm: string;
      readonly cert_uri: string;
      readonly iam_url: string;
      readonly public_client_id: string;
      readonly private_client_id: string;
      readonly private_client_secret: string;
    }
  | {
      readonly type: "plain";
      readonly name: string;
      readonly realm: string;
      readonly users: readonly {
        readonly username: string;
        readonly password: string;
        readonly roles: readonly string[];
      }[];
    };

/** Somebody else's login, by a Keycloak. */
export interface People {
  readonly url: string;
  readonly realm: string;
  readonly offline?: { readonly publicClient: string; readonly privateClient: string };
}

/** Variables in which a container has what is secret. */
export const variables = {
  jwt: "AOT_JWT__SECRET",
  client: "CLIENT_SECRET",
  password: (account: string): string => `PASSWORD_${account.replaceAll("-", "_").toUpperCase()}`,
} as const;

export const configText = (lifetime: Duration): string =>
  stringify({
    version: "2.0.0",
    server: { host: "0.0.0.0", port: ports.http },
    metrics: { enabled: true, port: ports.metrics },
    services: [],
    store: { enabled: false },
    jwt: { iss: "auth-o-tron", exp: lifetime.seconds },
    logging: { level: "info", format: "json" },
    auth: { timeout_in_ms: 5000 },
  } satisfies Config);

/**
 * Who is let in, as it reads a variable: Kubernetes puts what is secret where `$(NAME)` stands, so that no file and no description has it.
 * @see figment, value/parse.rs; Kubernetes, "Define Dependent Environment Variables"
 */
export function providersText(
  { url, realm, offline }: People,
  accounts: Readonly<Record<string, readonly string[]>>,
): string {
  const keys = { realm, cert_uri: `${url}/realms/${realm}/protocol/openid-connect/certs` };
  const providers: readonly Provider[] = [
    { type: "jwt", name: `${realm}-access`, iam_realm: realm, ...keys },
    ...(offline
      ? [
          {
            type: "openid-offline" as const,
            name: `${realm}-offline`,
            ...keys,
            iam_url: url,
            public_client_id: offline.publicClient,
            private_client_id: offline.privateClient,
            private_client_secret: `$(${variables.client})`,
          },
        ]
      : []),
    ...(Object.keys(accounts).length > 0
      ? [
          {
            type: "plain" as const,
            name: platformRealm,
            realm: platformRealm,
            users: Object.entries(accounts).map(([username, roles]) => ({
              username,
              password: `$(${variables.password(username)})`,
              roles,
            })),
          },
        ]
      : []),
  ];
  return figment(providers);
}

/** Lists and objects in figment's own words: text in quotes, `=` between a key and its value. */
const figment = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(figment).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}=${figment(inner)}`)
    .join(",")}}`;
};
