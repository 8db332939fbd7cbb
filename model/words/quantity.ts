import { word } from "./parse";

/** An amount of memory or disk. Made by {@link mib}, {@link gib} or {@link tib}, since a bare number would not say of what. */
export class Size {
  private constructor(
    /** In GiB, 2^30 bytes. */
    readonly gib: number,
  ) {}

  static gib(n: number): Size {
    return new Size(n);
  }

  get mib(): number {
    return Math.round(this.gib * 1024);
  }

  /** `256 MiB`, `512 GiB`, `1.5 TiB`. */
  toString(): string {
    if (!Number.isInteger(this.gib) && this.gib < 1024) return `${this.mib} MiB`;
    return this.gib < 1024 ? `${this.gib} GiB` : `${Math.round((this.gib / 1024) * 10) / 10} TiB`;
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/** A length of time. Made by {@link minutes}, {@link hours} or {@link days}. */
export class Duration {
  private constructor(readonly seconds: number) {}

  static seconds(n: number): Duration {
    return new Duration(n);
  }

  /** `30 min`, `12 h`, `2 d`. */
  toString(): string {
    const [unit, of] =
      this.seconds % 86400 === 0 ? ["d", 86400] : this.seconds % 3600 === 0 ? ["h", 3600] : (["min", 60] as const);
    return `${this.seconds / of} ${unit}`;
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/** A rate of data. Made by {@link mbitPerSecond}. */
export class Rate {
  private constructor(readonly bitsPerSecond: number) {}

  static bitsPerSecond(n: number): Rate {
    return new Rate(n);
  }

  /** `20 Mbit/s`. */
  toString(): string {
    return `${this.bitsPerSecond / 1e6} Mbit/s`;
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/** What has a unit. */
export type Quantity = Size | Duration | Rate;

/** `n` MiB, 2^20 bytes each. */
export const mib = (n: number): Size => Size.gib(n / 1024);
/** `n` GiB, 2^30 bytes each. */
export const gib = (n: number): Size => Size.gib(n);
/** `n` TiB, 2^40 bytes each. */
export const tib = (n: number): Size => Size.gib(n * 1024);
/** `n` minutes. */
export const minutes = (n: number): Duration => Duration.seconds(n * 60);
/** `n` hours. */
export const hours = (n: number): Duration => Duration.seconds(n * 3600);
/** `n` days of 24 hours. */
export const days = (n: number): Duration => Duration.seconds(n * 86400);
/** `n` Mbit/s, 10^6 bits each. */
export const mbitPerSecond = (n: number): Rate => Rate.bitsPerSecond(n * 1e6);

/** A schema for an amount of memory or disk. */
export const size = word(
  (v) => (v instanceof Size && Number.isInteger(v.gib) && v.gib > 0 && v.gib <= 1e9 ? v : undefined),
  "whole GiB, at least one",
  "write gib(n) or tib(n)",
);

/** A schema for an amount of memory. */
export const memory = word(
  (v) => (v instanceof Size && Number.isInteger(v.gib * 1024) && v.gib > 0 && v.gib <= 1e6 ? v : undefined),
  "whole MiB, at least one",
  "write mib(n) or gib(n)",
);

/** A schema for a length of time. */
export const time = word(
  (v) => (v instanceof Duration && v.seconds > 0 && v.seconds <= 366 * 86400 ? v : undefined),
  "a time of at most a year",
  "write minutes(n), hours(n) or days(n)",
);

/** A schema for how long something lives that others come to trust. */
export const trusted = word(
  (v) => (v instanceof Duration && v.seconds > 0 && v.seconds <= 30 * 366 * 86400 ? v : undefined),
  "a time of at most 30 years",
  "write days(n)",
);

/** A schema for a rate. */
export const rate = word(
  (v) => (v instanceof Rate && v.bitsPerSecond > 0 && v.bitsPerSecond <= 1e13 ? v : undefined),
  "a rate of at most 10 Tbit/s",
  "write mbitPerSecond(n)",
);
