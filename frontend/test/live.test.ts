import type { ReactiveController, ReactiveControllerHost } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live } from "../src/live.js";
import { FakeConnection, fakeHass, rest } from "./fakes.js";

class Host implements ReactiveControllerHost {
  controllers: ReactiveController[] = [];
  updates = 0;
  updateComplete = Promise.resolve(true);
  addController(controller: ReactiveController) {
    this.controllers.push(controller);
  }
  removeController() {}
  requestUpdate() {
    this.updates++;
  }
}

let host: Host;
let told: string[];
let live: Live<string>;
let connection: FakeConnection;

beforeEach(() => {
  vi.useFakeTimers();
  host = new Host();
  told = [];
  connection = new FakeConnection();
  live = new Live<string>(
    host,
    () => ({ type: "follow" }),
    (event) => told.push(event),
  );
  live.hass = fakeHass(connection).hass;
});
afterEach(() => vi.useRealTimers());

test("it follows once it is on the page, and hands on what comes", () => {
  expect(connection.subscribed).toHaveLength(0);
  live.hostConnected();
  connection.latest.told("one");
  expect(told).toEqual(["one"]);
  expect(host.updates).toBe(1);
});

test("it leaves with the page", async () => {
  live.hostConnected();
  live.hostDisconnected();
  await rest();
  expect(connection.latest.open).toBe(false);
  expect(connection.listeners).toBe(0);
});

test("what comes late of a subscription that was dropped is not handed on", () => {
  live.hostConnected();
  const before = connection.latest;
  live.restart();
  before.told("late");
  expect(told).toEqual([]);
});

test("it tries again until Home Assistant has started", async () => {
  connection.takes = false;
  live.hostConnected();
  for (const wait of [1000, 2000, 4000]) {
    connection.latest.reject({ code: "unknown_command", message: "Unknown command." });
    await rest();
    expect(live.error?.code).toBe("unknown_command");
    const before = connection.subscribed.length;
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(connection.subscribed).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.subscribed).toHaveLength(before + 1);
  }
  connection.latest.accept();
  connection.latest.told("at last");
  expect(live.error).toBeUndefined();
  expect(told).toEqual(["at last"]);
});

test("who may not look is not asked about again", async () => {
  connection.takes = false;
  live.hostConnected();
  connection.latest.reject({ code: "unauthorized" });
  await rest();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(connection.subscribed).toHaveLength(1);
});

test("it subscribes anew when the connection is back, and once", () => {
  live.hostConnected();
  connection.comesBack();
  expect(connection.subscribed).toHaveLength(2);
  connection.latest.told("again");
  expect(told).toEqual(["again"]);
});

test("another connection takes the place of the first", async () => {
  live.hostConnected();
  const other = new FakeConnection();
  live.hass = fakeHass(other).hass;
  await rest();
  expect(connection.latest.open).toBe(false);
  expect(other.subscribed).toHaveLength(1);
});

test("a new `hass` of the same connection changes nothing", () => {
  live.hostConnected();
  live.hass = fakeHass(connection).hass;
  expect(connection.subscribed).toHaveLength(1);
});
