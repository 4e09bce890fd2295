// Moments and lengths of time, as the user reads them.
import type { Hass } from "./ha.js";
import type { Words } from "./words.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the clock shows at a moment: in the zone of the house, as meals are planned. */
export function clock(hass: Hass, at: number): string {
  return format(hass, at, { hour: "numeric", minute: "2-digit" });
}

/** The same, with the day where that is not today. */
export function moment(hass: Hass, at: number, now: number): string {
  const day = { year: "numeric", month: "numeric", day: "numeric" } as const;
  if (format(hass, at, day) === format(hass, now, day)) return clock(hass, at);
  return format(hass, at, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  });
}

/** How long it is until then, in its two largest units; empty: it is past. */
export function countdown(words: Words, seconds: number): string {
  if (seconds <= 0) return "";
  const parts: [number, string][] = [
    [Math.floor(seconds / DAY), "day"],
    [Math.floor((seconds % DAY) / HOUR), "hour"],
    [Math.floor((seconds % HOUR) / MINUTE), "minute"],
    [Math.floor(seconds % MINUTE), "second"],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  const shown = parts
    .slice(first, first + 2)
    // Nobody reads seconds that are hours away.
    .filter(([number, unit]) => number > 0 && (unit !== "second" || seconds < 10 * MINUTE));
  return shown
    .map(([number, unit]) =>
      new Intl.NumberFormat(words.language, { style: "unit", unit, unitDisplay: "short" }).format(
        number,
      ),
    )
    .join(" ");
}

/** In how many seconds what `countdown` says is another: 1 or 60 at most. */
export function nextTick(seconds: number): number {
  return seconds < 10 * MINUTE ? 1 : Math.max(1, Math.min(MINUTE, seconds % MINUTE || MINUTE));
}

function format(hass: Hass, at: number, options: Intl.DateTimeFormatOptions): string {
  const { language, time_format: wanted } = hass.locale;
  const hour12 = wanted === "12" ? true : wanted === "24" ? false : undefined;
  const timed = "hour" in options && hour12 !== undefined ? { ...options, hour12 } : options;
  const zone = hass.config.time_zone;
  return formatter(wanted === "system" ? undefined : language, {
    ...timed,
    timeZone: zone,
  }).format(at * 1000);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** It takes a browser far longer to make one than to use it, and there are few of them. */
function formatter(
  language: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = JSON.stringify([language, options]);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(language, options);
  formatters.set(key, known);
  return known;
}
