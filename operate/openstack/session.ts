import { z } from "zod";
import { isRecord } from "../../model/words/record";
import { type CloudEntry, CloudsError } from "./clouds";

/** A service of a cloud, by the types under which catalogs have it. */
const types = {
  compute: ["compute"],
  network: ["network"],
  volume: ["block-storage", "volumev3"],
  image: ["image"],
  balancer: ["load-balancer"],
  objects: ["object-store"],
  dns: ["dns"],
} as const;
export type ServiceType = keyof typeof types;

/** An answer of a cloud that is no answer; told to people. */
export class CloudError extends Error {
  constructor(
    message: string,
    readonly status: number | undefined = undefined,
  ) {
    super(message);
  }
}

const tokenSchema = z.object({
  token: z.object({
    project: z.object({ id: z.string(), name: z.string() }).optional(),
    roles: z.array(z.object({ name: z.string() })).default([]),
    catalog: z
      .array(
        z.object({
          type: z.string(),
          endpoints: z.array(z.object({ interface: z.string(), region_id: z.string().nullish(), url: z.string() })),
        }),
      )
      .default([]),
  }),
});
type Token = z.output<typeof tokenSchema>["token"];

/** A cloud that we are logged in to. It reads; nothing here changes anything. */
export class Session {
  static async open({ authUrl, region, auth }: CloudEntry): Promise<Session> {
    const url = `${authUrl.replace(/\/+$/, "").replace(/\/v3$/, "")}/v3/auth/tokens`;
    const response = await answer(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ auth }),
    });
    const id = response.headers.get("x-subject-token");
    if (response.status !== 201 || id === null)
      throw new CloudError(`${new URL(url).host} refused the login: ${response.status}`, response.status);
    const read = tokenSchema.safeParse(await response.json());
    if (!read.success) throw new CloudError(`${new URL(url).host} is no Keystone`);
    return new Session(id, read.data.token, region);
  }

  private constructor(
    private readonly id: string,
    private readonly token: Token,
    private readonly region: string | undefined,
  ) {}

  get project(): { readonly id: string; readonly name: string } {
    if (!this.token.project) throw new CloudsError("the entry of clouds.yaml is of no project");
    return this.token.project;
  }

  get roles(): readonly string[] {
    return this.token.roles.map(({ name }) => name);
  }

  has(service: ServiceType): boolean {
    return this.urlOf(service) !== undefined;
  }

  /** @param path below the service's endpoint; a version is added where the catalog may leave it out */
  async get(service: ServiceType, path: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return (await this.fetched(service, path, headers)).json();
  }

  /** What a server has printed to its console: it is asked by a POST, which changes nothing. */
  async console(server: string): Promise<string> {
    const response = await this.fetched("compute", `/servers/${server}/action`, {}, { "os-getConsoleOutput": {} });
    return z.object({ output: z.string() }).parse(await response.json()).output;
  }

  /** All items of a list, however many pages it has. @param key under which the answer has them */
  async list(
    service: ServiceType,
    path: string,
    key: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    let next: string | undefined = path;
    for (let pages = 0; next !== undefined; pages += 1) {
      if (pages === 1000) throw new CloudError(`${service} ${path} has no last page`);
      const page: Record<string, unknown> = z
        .record(z.string(), z.unknown())
        .parse(await this.get(service, next, headers));
      items.push(...z.array(z.unknown()).parse(page[key]));
      next = nextPage(page, key);
    }
    return items;
  }

  private urlOf(service: ServiceType): string | undefined {
    const wanted: readonly string[] = types[service];
    const endpoints = this.token.catalog
      .filter(({ type }) => wanted.includes(type))
      .sort((a, b) => wanted.indexOf(a.type) - wanted.indexOf(b.type))
      .flatMap(({ endpoints }) => endpoints);
    return endpoints.find(
      (endpoint) =>
        endpoint.interface === "public" && (this.region === undefined || endpoint.region_id === this.region),
    )?.url;
  }

  private async fetched(
    service: ServiceType,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<Response> {
    const base = this.urlOf(service);
    if (base === undefined) throw new CloudError(`the cloud has no ${service} service for us`, 404);
    const url = urlUnder(versioned(base, service), path);
    const response = await answer(url, {
      headers: {
        ...headers,
        "x-auth-token": this.id,
        accept: "application/json",
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new CloudError(`${service} answered ${response.status} to ${new URL(url).pathname}`, response.status);
  }
}

/** Catalogs name some services with their version and some without. */
const versions: Readonly<Partial<Record<ServiceType, string>>> = { network: "/v2.0", image: "/v2", balancer: "/v2" };
function versioned(url: string, service: ServiceType): string {
  const base = url.replace(/\/+$/, "");
  const version = versions[service];
  return version === undefined || /\/v\d[\d.]*$/.test(base) ? base : `${base}${version}`;
}

/** Links of a page may repeat the version, or be whole; the token goes to no other server than the catalog names. */
function urlUnder(base: string, path: string): string {
  const version = /\/v\d[\d.]*$/.exec(base)?.[0] ?? "";
  const rest = version !== "" && path.startsWith(`${version}/`) ? path.slice(version.length) : path;
  if (!rest.startsWith("http")) return `${base}${rest}`;
  if (new URL(rest).origin !== new URL(base).origin) throw new CloudError(`${new URL(base).host} sends us elsewhere`);
  return rest;
}

/** `servers_links` with rel next, or `next` of Glance, or the links of Octavia. */
function nextPage(page: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const links = z.array(z.object({ rel: z.string(), href: z.string() })).safeParse(page[`${key}_links`]);
  const next = links.success ? links.data.find(({ rel }) => rel === "next")?.href : undefined;
  return next ?? (typeof page.next === "string" ? page.next : undefined);
}

const patience = 60_000;
/** A kept connection may be closed by the other side at the moment in which it is used: what only reads is asked again. */
const tries = 3;

async function answer(url: string, options: RequestInit, left = tries): Promise<Response> {
  try {
    // A redirect would take token or password elsewhere.
    return await fetch(url, { ...options, redirect: "error", signal: AbortSignal.timeout(patience) });
  } catch (error) {
    const said = reasonOf(error);
    if (left > 1 && /EPIPE|ECONNRESET|other side closed|socket hang up/.test(said))
      return answer(url, options, left - 1);
    const hint = /certificate|self-signed/.test(said) ? "; name its CA by NODE_EXTRA_CA_CERTS" : "";
    throw new CloudError(`${new URL(url).host} does not answer: ${said}${hint}`);
  }
}

/** What `fetch` says is in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, message } = (isRecord(error) || error instanceof Error ? error : {}) as {
    cause?: unknown;
    message?: unknown;
  };
  if (cause !== undefined) return reasonOf(cause);
  return typeof message === "string" ? message : String(error);
}
