import { word } from "./parse";

/** Numbers with a unit, which the type checker keeps apart. */
type Quantity<Unit extends string> = number & { readonly unit: Unit };

/** Memory and disks, in GiB (2^30 bytes). */
export type GiB = Quantity<"GiB">;
/** A length of time, in seconds. */
export type Seconds = Quantity<"s">;
/** A rate, in bits a second. */
export type BitsPerSecond = Quantity<"bit/s">;

export const gib = (n: number): GiB => n as GiB;
export const tib = (n: number): GiB => gib(n * 1024);
export const minutes = (n: number): Seconds => (n * 60) as Seconds;
export const hours = (n: number): Seconds => minutes(n * 60);
export const days = (n: number): Seconds => hours(n * 24);
export const mbitPerSecond = (n: number): BitsPerSecond => (n * 1e6) as BitsPerSecond;

/** A schema for a size of memory or disk. */
export const size = word(
  (v) => (typeof v === "number" && Number.isInteger(v) && v > 0 && v <= 1e9 ? gib(v) : undefined),
  "whole GiB, at least one",
  "write gib(n) or tib(n)",
);

/** A schema for a length of time. */
export const time = word(
  (v) => (typeof v === "number" && v > 0 && v <= days(366) ? (v as Seconds) : undefined),
  "a time of at most a year",
  "write minutes(n), hours(n) or days(n)",
);

/** A schema for a rate. */
export const rate = word(
  (v) => (typeof v === "number" && v > 0 && v <= 1e13 ? (v as BitsPerSecond) : undefined),
  "a rate of at most 10 Tbit/s",
  "write mbitPerSecond(n)",
);

/** The disk that holds what `rate` brings in `time`, rounded up to whole GiB. */
export const volumeOf = (rate: BitsPerSecond, time: Seconds): GiB => gib(Math.ceil((rate * time) / 8 / 2 ** 30));

/** A size for people: `512 GiB`, `1.5 TiB`. */
export const sized = (size: GiB): string =>
  size < 1024 ? `${size} GiB` : `${Number((size / 1024).toFixed(size % 1024 === 0 ? 0 : 1))} TiB`;
