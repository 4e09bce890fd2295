import { describe, expect, it } from "vitest";
import { beginOf, endOf, lengthInWords } from "../src/panel/days.js";
import { filtersOf, pathOfCommand, routeOf, searchOf } from "../src/panel/route.js";
import { Words } from "../src/words.js";
import { localize } from "./fakes.js";

describe("where one is", () => {
  it.each([
    ["", { page: "now" }],
    ["/history", { page: "history" }],
    ["/nothing", { page: "now" }],
    ["/command/abc/7", { page: "command", entry: "abc", id: 7 }],
    ["/command/abc/x", { page: "now" }],
    ["/command/abc", { page: "now" }],
  ])("is read from the path %s", (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  it("finds the command of a link, whatever its station is called", () => {
    const path = pathOfCommand("a/b c", 12).replace("/mqtt-dispatch", "");
    expect(routeOf(path)).toEqual({ page: "command", entry: "a/b c", id: 12 });
  });

  it("keeps the filters in the query, and nothing that is empty", () => {
    const filters = { ...filtersOf(""), state: "failed", from: "2026-05-28" };
    expect(searchOf(filters)).toBe("?state=failed&from=2026-05-28");
    expect(filtersOf(searchOf(filters))).toEqual(filters);
    expect(searchOf(filtersOf(""))).toBe("");
  });

  it("takes no day that is none", () => {
    expect(filtersOf("?from=yesterday&to=2026-5-1")).toMatchObject({ from: "", to: "" });
  });
});

describe("a day of the house", () => {
  it.each([
    ["2026-05-28", "UTC", 24],
    ["2026-03-29", "Europe/Berlin", 23],
    ["2026-10-25", "Europe/Berlin", 25],
    ["2026-11-01", "America/Los_Angeles", 25],
  ])("%s in %s is %d hours long", (day, zone, hours) => {
    expect((endOf(day, zone) - beginOf(day, zone)) / 3600).toBe(hours);
  });

  it("begins at midnight there", () => {
    expect(new Date(beginOf("2026-05-28", "Asia/Tokyo") * 1000).toISOString()).toBe(
      "2026-05-27T15:00:00.000Z",
    );
  });
});

it("says short times to a tenth of a second, longer ones in their two largest units", () => {
  const words = new Words(localize, "en");
  expect(lengthInWords(words, 0.34)).toBe("0.3 sec");
  expect(lengthInWords(words, 75)).toBe("1 min 15 sec");
  expect(lengthInWords(words, -1)).toBe("0 sec");
});
