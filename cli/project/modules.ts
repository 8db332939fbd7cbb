import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Connection, connectionsOfPods } from "../../constructs/hpc/connections";
import { placesIn } from "../../constructs/hpc/places";
import { logins } from "../../constructs/hpc/rendered";
import { installationsOf } from "../../constructs/modules/installation";
import { orderOf } from "../../constructs/modules/order";
import { programFolder } from "../../constructs/modules/shipped";
import type { PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { StatedModules } from "../../model/site/modules";
import { didYouMean, listed } from "../../model/words/problem";
import { Misused } from "../misused";
import { supercomputers } from "../sandbox/folder";
import { told } from "../sandbox/programs";
import { hpcProgram } from "../sandbox/supercomputers";
import { world } from "./description";
import { root } from "./project";

/** A component that installs software, and where. */
export interface Installing {
  readonly place: PlaceEntry;
  readonly said: StatedModules;
}

/** Those of a site. @param tenancy where there are several */
export function installingAt({ places }: Registers, site: string, tenancy?: string): Installing {
  const all = places
    .filter((place) => place.site.name === site)
    .flatMap((place) => place.modules.map(({ said }) => ({ place, said })));
  const names = all.map(({ place }) => place.name);
  if (all.length === 0) throw new Misused(`no software is installed at ${site}`);
  const [found, ...others] = all.filter(({ place }) => tenancy === undefined || place.name === tenancy);
  if (!found)
    throw new Misused(
      `no tenancy "${tenancy}" of ${site} installs software; ${didYouMean(tenancy ?? "", names, `there are ${listed(names)}`)}`,
    );
  if (others.length > 0)
    throw new Misused(`several tenancies of ${site} install software: name one by --tenancy: ${listed(names)}`);
  return found;
}

/** As whom somebody logs in from here. */
interface Who {
  /** @default - as the environment does */
  readonly user?: string | undefined;
}

/** Writes what the program is told, for this machine. @returns the folder */
export function writeOrder({ place, said }: Installing, registers: Registers, folder: string, { user }: Who): string {
  const connections = connectionsOfPods(said.workload, "modules", place, registers).map((each) => fromHere(each, user));
  if (connections.length === 0) throw new Misused(`nobody knows how one logs in to ${said.supercomputer} from here`);
  const places = placesIn(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Beside the keys of whoever works here is where sockets of connections are.
  mkdirSync(join(homedir(), ".ssh"), { recursive: true, mode: 0o700 });
  const texts = {
    ...logins(`# ${said.workload} of ${place.id}`, connections, places),
    ...orderOf({
      said,
      place,
      places,
      troika: troika(),
      ...(user === undefined ? {} : { user }),
      always: world.name === "sandbox",
    }),
  };
  for (const [name, text] of Object.entries(texts)) replace(resolve(folder, name), text);
  return folder;
}

/** By what the agent of whoever works here has, or by the key that is named. */
function fromHere({ key: _, certificate: __, ...connection }: Connection, user: string | undefined): Connection {
  const named = process.env.DATABRIDGE_SSH_IDENTITY;
  const account = { ...connection.user.account, ...(user === undefined ? {} : { user }) };
  const mine = { ...connection, user: { ...connection.user, account } };
  if (world.name === "sandbox") return { ...mine, key: sandboxKey(mine) };
  return named ? { ...mine, key: resolve(named) } : mine;
}

/** Its operator is here: it lets in a key that is made for that. */
function sandboxKey({ supercomputer: { name }, user: { account } }: Connection): string {
  const key = join(world.work, "modules", `${name}-key`);
  const state = supercomputers.of(name);
  if (!existsSync(state)) throw new Misused(`${name} is not booted: databridge sandbox up hpc`);
  if (!existsSync(key)) {
    mkdirSync(join(world.work, "modules"), { recursive: true, mode: 0o700 });
    told("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "modules", "-f", key]);
  }
  told(hpcProgram, ["admit", state, account.user, `${key}.pub`]);
  return key;
}

/** A checkout brings Troika; elsewhere it is one of the programs that are there. */
function troika(): string {
  const installer = join(root, "ansible", "install.mjs");
  return existsSync(installer)
    ? join(told(process.execPath, [installer, "troika-program"]).trim(), "troika")
    : "troika";
}

/** How a program is begun that reaches a supercomputer: in the sandbox, as somebody outside of it. */
const reaching = (name: string): readonly string[] =>
  world.name === "sandbox" ? [hpcProgram, "outside", supercomputers.of(name), "stranger"] : [];

/** What is installed, as cycle and target are called: `49r3/standard`. */
export const namesOf = ({ place, said }: Installing): readonly string[] =>
  installationsOf(said, place).map(({ cycle, target }) => `${cycle}/${target}`);

/** Fetches host keys whose fingerprints are published. @throws Error with what is wrong */
export function pinHostKeys({ said }: Installing, folder: string): void {
  const pin = join(root, "ansible", "roles", "hpc", "files", "platform-hpc");
  const [program = "", ...args] = [...reaching(said.supercomputer), "python3", pin, "pin"];
  const env = { ...process.env, PLATFORM_HPC: placesIn(folder).connections };
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error((error?.message ?? stderr).trim());
}

/** The program that deploys, with what it is told. */
export const programOf = ({ said }: Installing, folder: string): readonly string[] => [
  ...reaching(said.supercomputer),
  "python3",
  programFolder(),
  "--order",
  folder,
];

/** The program may read it meanwhile. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
}
