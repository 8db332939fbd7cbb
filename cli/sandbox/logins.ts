import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Connection, connectionsOf } from "../../constructs/hpc/connections";
import type { HostEntry, PlaceEntry } from "../../model/entries";
import type { Registers } from "../../model/registers";
import { broughtTo } from "../../sandbox/brought";
import { valueFile } from "./agent";
import { supercomputers, vaultFolder, writePrivately } from "./folder";
import { inHost } from "./hosts";
import { told } from "./programs";
import { hpcProgram } from "./supercomputers";

/** Has supercomputers of the sandbox register the keys that were brought to a host, as their operators would. @returns a line for each */
export const register = (host: HostEntry, place: PlaceEntry, registers: Registers): readonly string[] =>
  connectionsOf(host, place, registers)
    .filter(({ supercomputer }) => supercomputer.auth.kind === "registered-key")
    .map((connection) => {
      const brought = broughtTo(host, registers).secrets.find(({ file }) => file === connection.key);
      if (!brought) return `${connection.name}: nobody brings its key`;
      admit(connection, `${valueFile(brought)}.pub`);
      return `${connection.name}: its key is registered`;
    });

/** Has them certify the keys that the host made itself, which it can once it is configured; it knows them, and they our servers, from then on. */
export function certify(host: HostEntry, place: PlaceEntry, registers: Registers): readonly string[] {
  const connections = connectionsOf(host, place, registers);
  const lines = connections.flatMap((connection) => {
    const { kind } = connection.supercomputer.auth;
    if (kind === "registered-key") return [];
    if (kind === "operator-certificate") return [certified(connection, host, place)];
    return [`${connection.name}: waits, since there is no Vault here that would sign its key`];
  });
  if (connections.length > 0) inHost(host, place, "platform-hpc pin; platform-hpc trust");
  return lines;
}

function certified(connection: Connection, host: HostEntry, place: PlaceEntry): string {
  const { name } = connection;
  const file = join(vaultFolder, "certified", `${host.id}-${name}`);
  writePrivately(`${file}.pub`, inHost(host, place, `platform-hpc key ${name}`));
  admit(connection, `${file}.pub`);
  return inHost(host, place, `platform-hpc certify ${name}`, readFileSync(`${file}-cert.pub`, "utf8")).trim();
}

const admit = ({ supercomputer, user }: Connection, file: string): string =>
  told(hpcProgram, ["admit", supercomputers.of(supercomputer.name), user.account.user, file]);
