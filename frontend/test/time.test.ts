import { expect, test } from "vitest";
import { clock, countdown, moment } from "../src/time.js";
import { Words } from "../src/words.js";
import { fakeHass, localize } from "./fakes.js";

const words = new Words(localize, "en");
const german = new Words(localize, "de");
const NOON = Date.UTC(2026, 4, 28, 12) / 1000;

test.each([
  [0, ""],
  [-5, ""],
  [42, "42 sec"],
  [125, "2 min 5 sec"],
  [3600, "1 hr"],
  [3600 * 5 + 60 * 7 + 3, "5 hr 7 min"],
  [86400 * 2 + 3600, "2 days 1 hr"],
])("%d seconds are %s", (seconds, said) => {
  expect(countdown(words, seconds)).toBe(said);
});

test("a length of time is in the language of the user", () => {
  expect(countdown(german, 3600)).toBe("1 Std.");
});

test("the clock is that of the house", () => {
  const { hass } = fakeHass();
  hass.config.time_zone = "Asia/Tokyo";
  expect(clock(hass, NOON)).toBe("21:00");
});

test("the user chooses how the clock is read", () => {
  const { hass } = fakeHass();
  hass.locale.time_format = "12";
  expect(clock(hass, NOON + 3600)).toMatch(/^1:00.PM$/);
});

test("another day has its date", () => {
  const { hass } = fakeHass();
  expect(moment(hass, NOON, NOON)).toBe("12:00");
  expect(moment(hass, NOON + 86400, NOON)).toContain("Fri");
});
