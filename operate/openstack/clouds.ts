import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { isRecord } from "../../model/words/record";

/** What an entry of `clouds.yaml` says of where a cloud is and who we are there. */
export interface CloudEntry {
  readonly authUrl: string;
  readonly region: string | undefined;
  /** As Keystone wants it, under `identity` and `scope`. */
  readonly auth: object;
}

/** An entry that is missing, or cannot be used; told to people. */
export class CloudsError extends Error {}

const text = z.string().min(1);
/** What we can log in by; whatever else an entry asks for is refused, lest a password go to a place that it is not for. */
const authTypes = ["password", "v3password", "token", "v3token", "v3applicationcredential"] as const;
const entrySchema = z.object({
  auth_type: z.enum(authTypes).optional(),
  region_name: z.string().optional(),
  auth: z.object({
    auth_url: text,
    application_credential_id: text.optional(),
    application_credential_secret: text.optional(),
    username: text.optional(),
    password: text.optional(),
    token: text.optional(),
    project_id: text.optional(),
    project_name: text.optional(),
    user_id: text.optional(),
    user_domain_name: text.optional(),
    user_domain_id: text.optional(),
    project_domain_name: text.optional(),
    project_domain_id: text.optional(),
  }),
});
type Entry = z.output<typeof entrySchema>;

/**
 * Where clients of OpenStack look for `clouds.yaml`, in their order.
 * @see openstacksdk, Configuring OpenStack SDK Applications
 */
export const cloudsFiles = (): readonly string[] => {
  const { OS_CLIENT_CONFIG_FILE: file, XDG_CONFIG_HOME: config = join(homedir(), ".config") } = process.env;
  return [
    ...(file ? [file] : []),
    "clouds.yaml",
    join(config, "openstack", "clouds.yaml"),
    "/etc/openstack/clouds.yaml",
  ];
};

/** Reads an entry. @throws {@link CloudsError} without repeating what stands in it */
export function readCloud(name: string, files: readonly string[] = cloudsFiles()): CloudEntry {
  const file = files.find((each) => existsSync(each));
  if (file === undefined) throw new CloudsError(`there is no clouds.yaml: looked for ${files.join(", ")}`);
  const clouds = merged(parsed(file), existsSync(secretsBeside(file)) ? parsed(secretsBeside(file)) : undefined);
  const found = z.object({ clouds: z.record(z.string(), z.unknown()) }).safeParse(clouds);
  if (!found.success) throw new CloudsError(`${file} has no clouds`);
  const names = Object.keys(found.data.clouds);
  if (!names.includes(name))
    throw new CloudsError(`${file} has no entry "${name}", only ${names.join(", ") || "none"}`);
  const entry = entrySchema.safeParse(found.data.clouds[name]);
  if (!entry.success) {
    const [issue] = entry.error.issues;
    throw new CloudsError(`${file}: ${name}.${issue?.path.join(".") ?? ""} is missing or of the wrong kind`);
  }
  return { authUrl: entry.data.auth.auth_url, region: entry.data.region_name, auth: authOf(name, file, entry.data) };
}

/** Clients keep what is secret in a file of its own, if somebody wants it so. */
const secretsBeside = (file: string): string => join(dirname(file), "secure.yaml");

/** What stands in either; of both, what the second says. */
function merged(one: unknown, other: unknown): unknown {
  if (other === undefined) return one;
  if (!isRecord(one) || !isRecord(other)) return other;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, merged(one[key], other[key])]));
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    // What the parser says repeats lines, and with them secrets.
    throw new CloudsError(`${file} is no YAML`);
  }
}

/** @see Identity API v3, "Authentication and token management" */
function authOf(name: string, file: string, { auth }: Entry): object {
  if (auth.application_credential_id !== undefined)
    return {
      identity: {
        methods: ["application_credential"],
        application_credential: {
          id: auth.application_credential_id,
          secret: auth.application_credential_secret ?? "",
        },
      },
    };
  const project = auth.project_id !== undefined ? { id: auth.project_id } : undefined;
  const named = { name: auth.project_name, domain: domain(auth.project_domain_id, auth.project_domain_name) };
  const scope = { project: project ?? named };
  if (auth.token !== undefined) return { identity: { methods: ["token"], token: { id: auth.token } }, scope };
  const who =
    auth.user_id !== undefined
      ? { id: auth.user_id }
      : auth.username !== undefined
        ? { name: auth.username, domain: domain(auth.user_domain_id, auth.user_domain_name) }
        : undefined;
  if (who === undefined || auth.password === undefined)
    throw new CloudsError(`${file}: ${name}.auth holds neither an application credential nor user and password`);
  return { identity: { methods: ["password"], password: { user: { ...who, password: auth.password } } }, scope };
}

const domain = (id: string | undefined, name = "Default"): object => (id === undefined ? { name } : { id });
