import type { Event } from "../../model/site/aviso";
import { lines } from "../hosts/lines";
import { storeOf } from "./capacity";
import { files, natsName, ports } from "./places";

/**
 * What NATS reads. It listens to its own pod alone, in which nginx ends TLS, and knows its clients by one token, since aviso-server has
 * nothing else; all that it keeps is on its volume, and no more than was stated.
 * @see https://docs.nats.io/running-a-nats-service/configuration
 */
export const natsText = (events: Readonly<Record<string, Event>>): string =>
  lines(
    "# NATS, which keeps the notifications of Aviso",
    `server_name: ${natsName}`,
    `listen: "127.0.0.1:${ports.natsInside}"`,
    `http: "0.0.0.0:${ports.natsHealth}"`,
    "max_connections: 100",
    "authorization {",
    `  token: $${tokenVariable}`,
    "  timeout: 5",
    "}",
    "jetstream {",
    `  store_dir: "${files.store}"`,
    `  max_memory_store: ${2 ** 20}`,
    `  max_file_store: ${storeOf(events) * 2 ** 20}`,
    "}",
  );

/** The variable that has the token: of NATS by its file, of aviso-server by its own choice. */
export const tokenVariable = "NATS_TOKEN";
