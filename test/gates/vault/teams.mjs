// Every team and every secret and tenancy: it writes its own and cannot read it, lets people in to its own, and nothing else.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";
import { Count } from "./machines.mjs";
import { shownIn } from "./openssh.mjs";
import * as people from "./people.mjs";
import {
  breakGlass,
  configuringAt,
  loginRoleOf,
  mounts,
  opensVault,
  policyOfPipeline,
  policyOfVaultOperators,
  principalsAt,
  servesVault,
} from "./platform.mjs";

/** @typedef {import("./api.mjs").Api} Api */
/** @typedef {import("./platform.mjs").Platform} Platform */
/** @typedef {import("./platform.mjs").Kind} Kind */
/** @param {string} certificate */
const namedIn = (certificate) => {
  const { type, principals } = shownIn(certificate);
  return { type, principals };
};
const kinds = /** @type {readonly Kind[]} */ (["people", "pipelines"]);

/** Members of each team, logged in; others are refused. @param {Platform} platform @param {Api} nobody */
export async function loggedIn(platform, nobody) {
  const count = new Count();
  /** @type {Record<Kind, Map<string, Api>>} */
  const sessions = { people: new Map(), pipelines: new Map() };
  const lasts = { people: platform.vault.vault[0]?.said.logins.seconds, pipelines: 1800 };
  const policy = { people: "write", pipelines: "pipeline" };
  for (const kind of kinds)
    for (const writer of platform.writers) {
      const { name } = writer;
      if (kind === "pipelines" && policyOfPipeline(writer).grants.length === 0) continue;
      const login = (/** @type {string} */ jwt) => people.byJwt(nobody, mounts[kind], name, jwt);
      const right = kind === "pipelines" ? platform.ofHosts(name) : {};
      const token = (
        /** @type {readonly string[]} */ groups,
        /** @type {Record<string, unknown>} */ other = {},
        /** @type {[number?, InstanceType<typeof people.Issuer>?]} */ ...more
      ) => platform.token(kind, groups, { ...right, ...other }, ...more);
      const found = await login(token(["some", name]));
      count.take(`${kind} of ${name}`, found.status, 200);
      same([found.policies, found.lasts], [["default", `${policy[kind]}-${name}`], lasts[kind]]);
      sessions[kind].set(name, nobody.as(found.token));
      const others = platform.writers.map((other) => other.name).filter((other) => other !== name);
      const { user } = platform.identityOf(kind);
      const elsewhere = kind === "people" ? "pipelines" : "people";
      const wrong = {
        "no group": token([]),
        "groups of others": token([...others, `${name}s`, name.slice(1), "*", breakGlass.name]),
        "a group as a user": token([], { [user]: name }),
        "another audience": token([name], { aud: "elsewhere" }),
        "another issuer": token([name], { iss: "https://elsewhere.example.org" }),
        late: token([name], {}, -300),
        forged: token([name], {}, 300, new people.Issuer()),
        "signed by the others": token([name], {}, 300, platform.issuers[elsewhere]),
        "of the others": platform.token(elsewhere, [name], right),
        ...(kind === "pipelines" ? wrongJobs(platform, name) : {}),
      };
      for (const [what, jwt] of Object.entries(wrong))
        count.take(`${kind} of ${name}, ${what}`, (await login(jwt)).status, 400);
    }
  return { sessions, told: `logins: ${count}` };
}

/** Jobs that somebody of the team had run where they should not. @param {Platform} platform @param {string} name */
function wrongJobs(platform, name) {
  const identity = platform.identityOf("pipelines");
  const { project, projects, protected: guarded, environment, environmentProtected } = identity;
  const right = platform.ofHosts(name);
  const job = (/** @type {Record<string, unknown>} */ other) =>
    platform.token("pipelines", [name], { ...right, ...other });
  const [at] = platform.writers.find((writer) => writer.name === name)?.owns ?? [];
  return {
    "of another project": job({ [project]: "somebody/else" }),
    "of a project below": job({ [project]: `${projects[0]}/fork` }),
    "of no project": job({ [project]: undefined }),
    "of a branch that anybody may push to": job({ [guarded]: "false" }),
    "of no branch": job({ [guarded]: undefined }),
    "that plans, with whatever providers it runs": platform.token("pipelines", [name]),
    "that applies": job({ [environment]: at ? `${at.site.name}/${at.name}/${at.tenancy.environment}` : "" }),
    "of hosts elsewhere": job({ [environment]: "elsewhere/hosts/production" }),
    ...(`${right[environment]}`.endsWith("/production")
      ? { "where anybody may deploy": job({ [environmentProtected]: "false" }) }
      : {}),
  };
}

/**
 * Each secret is written by people of its team, then by its jobs if it is theirs to write; nobody reads it, and nobody else writes it.
 * @param {Platform} platform @param {Record<Kind, Map<string, Api>>} sessions
 */
export async function writes(platform, sessions) {
  const count = new Count();
  /** @type {Map<string, string>} */
  const values = new Map();
  for (const kind of kinds)
    for (const { name, secrets } of platform.writers) {
      const api = sessions[kind].get(name);
      if (!api) continue;
      for (const { id, mount, path, keys } of platform.secrets) {
        const found = secrets.find((secret) => secret.id === id);
        const mine = found !== undefined && (kind === "people" || found.byJob);
        const what = `${kind} of ${name} and ${id}`;
        const value = randomBytes(24).toString("hex");
        const write = async (/** @type {object} */ options) => {
          const data = Object.fromEntries(keys.map((key) => [key, value]));
          return (await api.ask("POST", `${mount}/data/${path}`, { data, options })).status;
        };
        const ask = async (/** @type {string} */ verb, /** @type {string} */ where) =>
          (await api.ask(verb, `${mount}/${where}/${path}`, verb === "POST" ? { versions: [1], data: {} } : undefined))
            .status;
        if (mine) {
          // Where nobody has written anything yet, there is no age.
          const before = await api.ask("GET", `${mount}/metadata/${path}`);
          const version = before.data?.current_version ?? 0;
          same([what, before.status, version], [what, kind === "people" ? 404 : 200, kind === "people" ? 0 : 1]);
          count.take(`${what}: unseen`, await write({}), 400);
          count.take(`${what}: another version`, await write({ cas: version + 1 }), 400);
          count.take(`${what}: writes`, await write({ cas: version }), 200);
          count.take(`${what}: late`, await write({ cas: version }), 400);
          count.take(`${what}: age`, await ask("GET", "metadata"), 200);
          values.set(id, value);
        } else {
          count.take(`${what}: writes`, await write({ cas: 0 }), 403);
          count.take(`${what}: age`, await ask("GET", "metadata"), 403);
        }
        count.take(`${what}: reads`, await ask("GET", "data"), 403);
        count.take(`${what}: keys`, await ask("GET", "subkeys"), 403);
        for (const [verb, where] of /** @type {const} */ ([
          ["DELETE", "data"],
          ["DELETE", "metadata"],
          ["POST", "metadata"],
          ["POST", "destroy"],
          ["POST", "delete"],
          ["LIST", "metadata"],
        ]))
          count.take(`${what}: ${verb} ${where}`, await ask(verb, where), 403);
      }
    }
  same(values.size, platform.secrets.length);
  return { values, told: `secrets of teams: ${count}` };
}

/**
 * By the command that constructs/vault/README.md shows.
 * @param {Platform} platform @param {Record<Kind, Map<string, Api>>} sessions @param {{ program: string, ca: string }} server
 */
export function writesByCommand({ writers }, sessions, { program, ca }) {
  for (const { name, secrets } of writers) {
    const { address = "", token = "" } = sessions.people.get(name) ?? {};
    const env = { BAO_ADDR: address, BAO_CACERT: ca, BAO_TOKEN: token };
    const bao = (/** @type {readonly string[]} */ ...words) => run(program, ["kv", ...words], { env });
    for (const { mount, path, keys } of secrets) {
      const where = [`-mount=${mount}`, path];
      const version = JSON.parse(bao("metadata", "get", "-format=json", ...where)).data.current_version;
      bao("put", `-cas=${version}`, ...where, ...keys.map((key) => `${key}=value`));
    }
  }
}

/** Owners hand secret ids to machines of theirs, and in a wrapping alone. @param {Platform} platform @param {Record<Kind, Map<string, Api>>} sessions */
export async function handsOver(platform, sessions) {
  const count = new Count();
  for (const { name, machines } of platform.writers)
    for (const kind of kinds) {
      const api = sessions[kind].get(name);
      if (!api) continue;
      for (const machine of platform.machines) {
        const mine = machines.some((one) => one.name === machine.name);
        const what = `${kind} of ${name} and ${machine.name}`;
        const hand = async (/** @type {string | undefined} */ lasts) =>
          people.wrappedSecretId(api, mounts.machines, machine.name, lasts);
        const wrapped = await hand("60s");
        count.take(what, wrapped.status, mine ? 200 : 403);
        same([what, wrapped.secretId], [what, undefined]);
        for (const lasts of ["", "1h"]) {
          const { status, secretId } = await hand(lasts);
          same([what, lasts, status >= 400, secretId], [what, lasts, true, undefined]);
          count.refused += 1;
        }
        const role = `auth/${mounts.machines}/role/${machine.name}`;
        count.take(`${what}: role-id`, (await api.ask("GET", `${role}/role-id`)).status, mine ? 200 : 403);
        // Whoever finds that one was stolen ends it; a job cannot take the login of hosts away.
        const ends = mine && kind === "people";
        const listed = await api.ask("LIST", `${role}/secret-id`);
        count.take(`${what}: lists`, listed.status, ends ? 200 : 403);
        const secret_id_accessor = listed.data?.keys?.[0] ?? "none";
        const destroyed = await api.ask("POST", `${role}/secret-id-accessor/destroy`, { secret_id_accessor });
        count.take(`${what}: destroys`, destroyed.status, ends ? 204 : 403);
        for (const path of [role, `${role}/policies`, `${role}/custom-secret-id`, `${role}/token-bound-cidrs`])
          count.take(`${what}: ${path}`, (await api.ask("POST", path, { token_policies: ["root"] })).status, 403);
      }
    }
  return `secret ids: ${count}`;
}

/** Keys of SSH, signed for one principal each. @param {Platform} platform @param {Record<Kind, Map<string, Api>>} sessions @param {string} folder */
export async function signs(platform, sessions, folder) {
  const count = new Count();
  const key = join(folder, "someone");
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const public_key = readFileSync(`${key}.pub`, "utf8");
  for (const kind of kinds)
    for (const { name, owns } of platform.writers)
      for (const place of platform.registers.places)
        for (const principal of principalsAt(place)) {
          const api = sessions[kind].get(name);
          if (!api) continue;
          const role = loginRoleOf(principal);
          const sign = (/** @type {object} */ more) =>
            people.sshCertificateOf(api, mounts.logins, role, { public_key, ...more });
          const given = kind === "people" ? !opensVault(principal) : configuringAt(place).includes(principal);
          const mine = given && owns.some(({ id }) => id === place.id);
          const { status, certificate } = await sign({});
          count.take(`${kind} of ${name} as ${role}`, status, mine ? 200 : 403);
          if (!mine) continue;
          same(namedIn(certificate), { type: "user", principals: [principal] });
          for (const more of [
            { valid_principals: `${principal},root` },
            { valid_principals: "root" },
            { valid_principals: "*" },
            { cert_type: "host" },
            { ttl: "240h" },
            { key_id: "somebody else" },
            { extensions: { "permit-agent-forwarding": "" } },
          ])
            count.take(`${role}: ${JSON.stringify(more)}`, (await sign(more)).status, 400);
          const issued = await api.ask("POST", `${mounts.logins}/issue/${role}`, {});
          count.take(`${role}: a key of Vault's`, issued.status, 403);
        }
  return `logins signed: ${count}`;
}

/** Who keeps Vault's servers, logged in. @param {Platform} platform @param {Api} nobody */
export async function keeperOf(platform, nobody) {
  const { name } = policyOfVaultOperators(platform.registers);
  const { status, policies, token } = await people.byJwt(nobody, mounts.people, name, platform.token("people", [name]));
  same([status, policies], [200, ["default", name]]);
  return nobody.as(token);
}

/**
 * Where Vault runs, one group of people is let in, enrols its servers, and nothing else is theirs.
 * @param {Platform} platform @param {Api} nobody @param {string} folder
 */
export async function keepsServers(platform, nobody, folder) {
  const count = new Count();
  const key = join(folder, "keeper");
  run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const public_key = readFileSync(`${key}.pub`, "utf8");
  const { name, grants } = policyOfVaultOperators(platform.registers);
  const login = (/** @type {string} */ jwt, /** @type {Kind} */ kind = "people") =>
    people.byJwt(nobody, mounts[kind], name, jwt);
  const teams = platform.writers.map((writer) => writer.name);
  count.take("teams", (await login(platform.token("people", teams))).status, 400);
  count.take("a job", (await login(platform.token("pipelines", [name]), "pipelines")).status, 400);
  const api = await keeperOf(platform, nobody);
  for (const place of platform.registers.places)
    for (const principal of principalsAt(place)) {
      const role = loginRoleOf(principal);
      const mine = grants.some(({ path }) => path === `${mounts.logins}/sign/${role}`);
      const signed = await people.sshCertificateOf(api, mounts.logins, role, { public_key });
      count.take(`${name} as ${role}`, signed.status, mine ? 200 : 403);
      if (mine) same(namedIn(signed.certificate), { type: "user", principals: [principal] });
    }
  for (const machine of platform.machines) {
    const { status } = await people.wrappedSecretId(api, mounts.machines, machine.name);
    count.take(`${name} enrols ${machine.name}`, status, servesVault(machine.host) ? 200 : 403);
  }
  for (const { mount, path } of platform.secrets)
    count.take(`${name} and ${path}`, (await api.ask("GET", `${mount}/data/${path}`)).status, 403);
  return `who keeps servers: ${count}`;
}

/**
 * Everything, for an hour, for a group of people; and each login is in the log.
 * @param {Platform} platform @param {Api} nobody @param {string} audit the log
 */
export async function breaksGlass(platform, nobody, audit) {
  const login = (/** @type {string} */ jwt, /** @type {Kind} */ kind = "people") =>
    people.byJwt(nobody, mounts[kind], breakGlass.name, jwt);
  const logged = () =>
    readFileSync(audit, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .filter(({ type, auth }) => type === "response" && auth?.token_policies?.includes(breakGlass.name));
  const teams = platform.writers.map(({ name }) => name);
  same((await login(platform.token("people", teams))).status, 400);
  same((await login(platform.token("pipelines", [breakGlass.name]))).status, 400);
  same((await login(platform.token("pipelines", [breakGlass.name]), "pipelines")).status, 400);
  same(logged().length, 0);
  const { status, policies, lasts, token } = await login(platform.token("people", [breakGlass.name]));
  same([status, policies, lasts], [200, [breakGlass.name, "default"], 3600]);
  const entries = logged();
  same(
    entries.map(({ request, auth }) => [request.path, auth.metadata.role, auth.display_name]),
    [[`auth/${mounts.people}/login`, breakGlass.name, `${mounts.people}-one-of-people`]],
  );
  const api = nobody.as(token);
  same((await api.ask("GET", "sys/mounts")).status, 200);
  // Not longer, however often it asks.
  const renewed = await api.ask("POST", "auth/token/renew-self", { increment: "8h" });
  same([renewed.status, renewed.auth], [400, undefined]);
  // And nothing that it makes lives on.
  for (const path of ["create", "create-orphan"]) {
    const made = await api.ask("POST", `auth/token/${path}`, { policies: ["root"], period: "720h" });
    same([path, made.status, made.auth], [path, 400, undefined]);
  }
}
