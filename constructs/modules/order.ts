import type { PlaceEntry } from "../../model/entries";
import { closuresOf } from "../../model/hours";
import type { StatedModules } from "../../model/site/modules";
import { own } from "../../model/words/record";
import type { Places } from "../hpc/places";
import { type Installation, installationsOf } from "./installation";
import { prefixOf } from "./prefix";
import { toolsOf } from "./tools";

export interface OrderProps {
  readonly said: StatedModules;
  readonly place: PlaceEntry;
  /** Where the files are by which one logs in. */
  readonly places: Pick<Places, "ssh" | "troika">;
  /** How Troika is begun. @default "troika" */
  readonly troika?: string;
  /** As whom one logs in. @default - as the environment does */
  readonly user?: string;
  /** Whether it may publish whenever it can, as in a sandbox. @default false */
  readonly always?: boolean;
}

/**
 * What the program that deploys is told, by the name of each file; nothing in it is secret. The same in a pod and at a workstation, but for
 * where one logs in by.
 */
export function orderOf({
  said,
  place,
  places,
  troika = "troika",
  user,
  always = false,
}: OrderProps): Readonly<Record<string, string>> {
  const { supercomputer } = place.site;
  const { software } = supercomputer ?? {};
  if (!supercomputer || !software) return {};
  const account = own(supercomputer.accounts as Readonly<Record<string, { user: string }>>, place.tenancy.environment);
  const all = installationsOf(said, place);
  const order = {
    site: supercomputer.name,
    place: place.id,
    connection: supercomputer.name,
    user: user ?? account?.user ?? "",
    ssh: places.ssh,
    troika: places.troika,
    troikaProgram: troika,
    prefix: prefixOf({ place, software }),
    group: software.group ?? null,
    umask: software.umask,
    fetch: software.sources,
    keep: said.kept.last,
    usedSeconds: said.kept.used.seconds,
    attempts: 3,
    pinned: said.kept.pinned,
    testSeconds: said.tested.seconds,
    // A forecast that loads modules while some are published would mix two releases.
    closed: always ? [] : closuresOf(place.tenancy),
    tools: toolsOf(software),
    installations: all.map(fileOf),
  };
  return {
    "order.json": json(order),
    ...Object.fromEntries(all.map((each) => [fileOf(each), json(each)])),
  };
}

const fileOf = ({ cycle, target }: Installation): string => `${cycle}-${target}.json`;
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
