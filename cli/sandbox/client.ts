import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PlaceEntry, publicAddressOf } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { StatedEcflow } from "../../model/site/ecflow";
import { authority, valueFile } from "./agent";
import { clientsFolder, tenancies, writePrivately } from "./folder";
import { hostsProgram } from "./hosts";

/** Who asks a server of ecFlow in the sandbox, from where, by which relay. */
interface Asking {
  readonly user: string;
  readonly from: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Writes a program that asks the server as the first of its users who comes from outside, from where that user comes.
 * @returns its path; nothing if the server has no such user, or is led to by no relay
 */
export function clientOf(place: PlaceEntry, server: StatedEcflow, { flows, secrets }: Registers): string | undefined {
  const asking = askingOf(place, server, flows);
  const secret = secrets.find(
    ({ place: { id }, keys, path }) =>
      id === place.id && keys.includes(asking?.user ?? "") && path.endsWith(`/ecflow/${server.server}`),
  );
  if (!asking || !secret) return undefined;
  const { user, from, host, port } = asking;
  const folder = join(clientsFolder, `${place.id}-${server.server}`);
  const [password, script] = [join(folder, "password"), join(folder, "ecflow_client")];
  const value = readFileSync(valueFile({ secret: secret.id, key: user }), "utf8");
  // The first line is the version of the format.
  writePrivately(password, `5.9.2\n${user} ${host} ${port} ${value}\n`);
  writePrivately(join(folder, ".ecflowrc", "ssl", "server.crt"), authority().root);
  const env = Object.entries({
    HOME: folder,
    ECF_HOST: host,
    ECF_PORT: port,
    ECF_SSL: 1,
    ECF_USER: user,
    ECF_CUSTOM_PASSWD: password,
  });
  const words = env.map(([key, text]) => `${key}='${text}'`).join(" ");
  writePrivately(
    script,
    `#!/bin/sh\nexec '${hostsProgram}' outside '${tenancies.of(place.id)}' ${from} env ${words} ecflow_client "$@"\n`,
    0o700,
  );
  return script;
}

function askingOf(place: PlaceEntry, { service, users }: StatedEcflow, flows: Registers["flows"]): Asking | undefined {
  const [user, from] =
    Object.entries(users).flatMap(([name, is]) => is.from.slice(0, 1).map((network) => [name, network] as const))[0] ??
    [];
  const relay = flows.find((flow) => flow.service === service && flow.relay?.party.group.place === place.id)?.relay;
  const [host] = relay?.party.hosts.flatMap((each) => publicAddressOf(each) ?? []) ?? [];
  return user === undefined || from === undefined || !relay || host === undefined
    ? undefined
    : { user, from, host, port: relay.traffic.from };
}
