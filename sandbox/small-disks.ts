import type { Registers } from "../model/registers";
import { Size } from "../model/words/quantity";

/** The largest volume of the sandbox, in GiB: a disk of its hosts is a file of this machine, with holes. */
const most = 8 * 1024;

/** A description as its sandbox has it: larger volumes are this large, in clouds and on hosts alike. */
export const withSmallDisks = (registers: Registers): Registers => ({
  ...registers,
  places: registers.places.map((place) => ({
    ...place,
    hosts: place.hosts.map((host) => ({
      ...host,
      volumes: host.volumes.map((volume) => (volume.size.gib > most ? { ...volume, size: Size.gib(most) } : volume)),
    })),
  })),
});
