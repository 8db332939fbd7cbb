import { credentialsOf, type Deployer, deployed } from "../../model/deployers";
import type { PlaceEntry } from "../../model/entries";
import { keysOf, type RunnerKey } from "../../model/runners";
import { mountOf, pathIn } from "../../model/secrets";
import type { PipelineIssuer } from "../../model/site/identity";
import { type Job, tokenFor } from "./job";

type Secrets = NonNullable<Job["secrets"]>;

/** As which variable an engine, or a client, takes a key; a file by its path. */
const variableOf = ({ as }: RunnerKey): { readonly name: string; readonly file: boolean } =>
  "variable" in as ? { name: `TF_VAR_${as.variable}`, file: false } : { name: as.env, file: "file" in as };

/**
 * Lets a job work at a tenancy: Vault hands it what it needs for the token that GitLab gives it, and nothing lives longer than the job.
 * The address of Vault is `VAULT_SERVER_URL` of the project's CI/CD variables, and its roots `VAULT_CACERT`, a file.
 */
export function loggedIn(
  does: Deployer["does"],
  role: string,
  place: PlaceEntry,
  issuer: PipelineIssuer,
): Pick<Job, "id_tokens" | "variables" | "secrets"> {
  const { secret } = credentialsOf(does, place);
  const secrets = keysOf(deployed(place), place).map((key): [string, Secrets[string]] => {
    const { name, file } = variableOf(key);
    return [name, secretAt(place, secret, key.key, file)];
  });
  return { ...tokenFor(issuer), variables: asRole(role), secrets: Object.fromEntries(secrets) };
}

/** The same to look at the clouds of all tenancies of a site: a `clouds.yaml` of each, by the name of the tenancy. */
export function lookingAt(
  role: string,
  places: readonly PlaceEntry[],
  issuer: PipelineIssuer,
): Pick<Job, "id_tokens" | "variables" | "secrets"> {
  const secrets: Secrets = Object.fromEntries(
    places.map((place) => [cloudsOf(place), secretAt(place, credentialsOf("plan", place).secret, "clouds", true)]),
  );
  return { ...tokenFor(issuer), variables: asRole(role), secrets };
}

/** The variable that names the `clouds.yaml` of a tenancy. */
export const cloudsOf = ({ name }: PlaceEntry): string => `CLOUDS_${name.replaceAll("-", "_")}`;

const asRole = (role: string) => ({ VAULT_AUTH_ROLE: role, VAULT_AUTH_PATH: "pipelines" });

const secretAt = (place: PlaceEntry, secret: string, field: string, file: boolean): Secrets[string] => ({
  vault: { engine: { name: "kv-v2", path: mountOf(place) }, path: pathIn(place, secret), field },
  file,
  token: "$VAULT_ID_TOKEN",
});
