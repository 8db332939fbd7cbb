#!/usr/bin/env node
// Builds the server of NATS from the Go module proxy, once, half a minute on two cores: Debian's is of 2022.
//   node build.mjs     prints where it is
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache } from "../cache.mjs";
import { built, fromModule } from "../go.mjs";

/** That which site files name as an image. */
export const version = "2.12.4";
const module = "github.com/nats-io/nats-server/v2";

/** @returns where it is */
export const build = () =>
  built(join(cache, `nats-server-${version}`, "nats-server"), (work) =>
    fromModule(work, "nats-server", module, version, { go: "1.24.0" }),
  );

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(build());
