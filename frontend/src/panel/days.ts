// Days of the house, and lengths of time between two steps.
import type { Hass } from "../ha.js";
import { countdown } from "../time.js";
import type { Words } from "../words.js";

const DAY = 86_400;

/** Return the unix second at which a day begins where the house stands. */
export function beginOf(day: string, zone: string): number {
  const guess = Date.parse(`${day}T00:00:00Z`) / 1000;
  // A second look, because the first may lie on the other side of a change of clocks.
  const first = guess - offset(guess, zone);
  return guess - offset(first, zone);
}

/** Return the unix second at which a day is over. */
export function endOf(day: string, zone: string): number {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY * 1000);
  return beginOf(next.toISOString().slice(0, 10), zone);
}

function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at * 1000);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    of("year"),
    of("month") - 1,
    of("day"),
    of("hour"),
    of("minute"),
    of("second"),
  );
  return shown / 1000 - Math.floor(at);
}

/** Return a day as the user writes it, such as "Thu, 28 May". */
export function dayInWords(hass: Hass, day: string): string {
  return new Intl.DateTimeFormat(hass.locale.language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(Date.parse(`${day}T12:00:00Z`));
}

/** Return how long something took; short times to a tenth of a second. */
export function lengthInWords(words: Words, seconds: number): string {
  if (seconds >= 10) return countdown(words, seconds);
  return new Intl.NumberFormat(words.language, {
    style: "unit",
    unit: "second",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(Math.max(0, seconds));
}
