// Jobs that plan at a site, and that apply for a tenancy there: each reads what it logs in by, and nobody else does.
import { same } from "../clouds.mjs";
import { Count } from "./machines.mjs";
import * as people from "./people.mjs";
import { deployersOf, mounts } from "./platform.mjs";

/** @param {import("./platform.mjs").Platform} platform @param {import("./api.mjs").Api} nobody @param {ReadonlyMap<string, string>} values by secret */
export async function read(platform, nobody, values) {
  const [logins, reads] = [new Count(), new Count()];
  const identity = platform.identityOf("pipelines");
  const { protected: guarded, project, projects, environment, environmentProtected } = identity;
  const deployers = deployersOf(platform.registers);
  for (const { name, does, places } of deployers) {
    const login = (/** @type {Record<string, unknown>} */ claims, issuer = platform.issuers.pipelines) =>
      people.byJwt(nobody, mounts.pipelines, name, platform.token("pipelines", [], claims, 300, issuer));
    const environments = places.map((place) => `${place.site.name}/${place.name}/${place.tenancy.environment}`);
    const isProduction = places.some(({ tenancy }) => tenancy.environment === "production");
    // Whoever has the job run, and of plans whichever branch it is of.
    const right =
      does === "plan"
        ? [{ [guarded]: "false" }, {}]
        : environments.map((at) => ({ [environment]: at, ...(isProduction && { [environmentProtected]: "true" }) }));
    const wrong = [
      ...right.map((claims) => ({ ...claims, [project]: "somebody/else" })),
      ...right.map((claims) => ({ ...claims, [project]: `${projects[0]}/fork` })),
      ...right.map((claims) => ({ ...claims, aud: "elsewhere" })),
      ...(does === "plan"
        ? []
        : [
            {},
            { [environment]: `${environments[0]}s` },
            ...right.map((claims) => ({ ...claims, [guarded]: "false" })),
          ]),
      // Where nobody says who may deploy to production.
      ...(does === "apply" && isProduction ? ["false", undefined] : []).flatMap((value) =>
        right.map((claims) => ({ ...claims, [environmentProtected]: value })),
      ),
      // Where one tenancy is applied, no other is.
      ...deployers
        .filter((other) => does === "apply" && other.does === "apply" && other.name !== name)
        .flatMap((other) => other.places)
        .map((at) => ({
          [environment]: `${at.site.name}/${at.name}/${at.tenancy.environment}`,
          [environmentProtected]: "true",
        })),
    ];
    for (const claims of wrong) logins.take(`${name} by ${JSON.stringify(claims)}`, (await login(claims)).status, 400);
    logins.take(`${name}, forged`, (await login(right[0] ?? {}, platform.issuers.people)).status, 400);
    for (const claims of right) {
      const found = await login(claims);
      logins.take(`${name} by ${JSON.stringify(claims)}`, found.status, 200);
      same([found.policies, found.lasts], [[name], 300]);
      const api = nobody.as(found.token);
      for (const { id, mount, path, keys, place, jobs } of platform.secrets) {
        const secret = await people.secretOf(api, mount, path);
        const mine = jobs.includes(name);
        same([id, mine], [id, path.endsWith(`/jobs/${does}`) && places.some((at) => at.id === place.id)]);
        reads.take(`${name} reads ${id}`, secret.status, mine ? 200 : 403);
        if (mine) same(secret.values, Object.fromEntries([...keys].sort().map((key) => [key, values.get(id)])));
        const write = await api.ask("POST", `${mount}/data/${path}`, { data: {} });
        reads.take(`${name} writes ${id}`, write.status, 403);
      }
      for (const path of ["sys/policies/acl", `${mounts.logins}/roles`, `auth/${mounts.machines}/role`])
        reads.take(`${name}: ${path}`, (await api.ask("LIST", path)).status, 403);
    }
  }
  same(reads.allowed > 0, true);
  return `${deployers.length} deployers; logins: ${logins}; reads: ${reads}`;
}
