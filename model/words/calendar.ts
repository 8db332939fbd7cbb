import { z } from "zod";
import { type Fields, text, word } from "./parse";

/** A day in UTC, `2027-06-30`. */
export type Day = string & { readonly form: "day" };
/** An hour of every day in UTC, `06:30`. */
export type Clock = string & { readonly form: "clock" };
/** A part of every day in UTC, `02:00-09:00`; it may pass midnight, `22:00-03:00`. */
export type Window = string & { readonly form: "window" };

/** Days on which something holds, first and last included. */
export interface PeriodFacts {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** When nothing may restart or be interrupted. */
export interface CalendarFacts {
  /** The part of each day in which the forecast runs, UTC: `02:00-09:00`. @default - none */
  readonly forecast?: string;
  /** Periods without any change but Debian's upgrades, which keep to `forecast` alone. @default - none */
  readonly freezes?: readonly PeriodFacts[];
  /** Periods in which the site itself is down or changing. @default - none */
  readonly maintenance?: readonly PeriodFacts[];
}

/** The day, or `undefined` if there is none of that name: `2027-02-30` is none. */
export function readDay(value: unknown): Day | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) ? (value as Day) : undefined;
}

/** The second at which a day is over, counted from 1970. */
export const endOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / 1000 + 86_400;

const isClock = (value: unknown): value is Clock =>
  typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value);
export const readClock = (value: unknown): Clock | undefined => (isClock(value) ? value : undefined);

/** Seconds since midnight. */
export function secondsOf(clock: Clock): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 3600 + minute * 60;
}

export function readWindow(value: unknown): Window | undefined {
  const [from, to, ...rest] = typeof value === "string" ? value.split("-") : [];
  const sound = rest.length === 0 && isClock(from) && isClock(to) && from !== to;
  return sound ? (value as Window) : undefined;
}

export const clock = word(readClock, "a time of day in UTC, 06:30", "write hh:mm");

export const day = word(readDay, "a day, 2027-06-30", "write year-month-day");

const period = z
  .strictObject({ from: day, to: day, why: text("why") } satisfies Fields<PeriodFacts>)
  .refine(({ from, to }) => from <= to, {
    params: { allowed: "a period that ends after it begins", fix: "exchange from and to" },
  });

export const calendarSchema = z.strictObject({
  forecast: word(readWindow, "a part of the day in UTC, 02:00-09:00", "write hh:mm-hh:mm").optional(),
  freezes: z.array(period).default([]),
  maintenance: z.array(period).default([]),
} satisfies Fields<CalendarFacts>);
