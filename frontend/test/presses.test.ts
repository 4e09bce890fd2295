import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { feed, forget, pressOf } from "../src/presses.js";
import { fakeHass, rest } from "./fakes.js";

let device = 0;
const next = () => `device-${++device}`;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a double tap is one order", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 2);
  void feed(hass, id, 2);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.data).toMatchObject({ device_id: id, portions: 2 });
  calls[0]?.answer({ command_id: 42 });
  await rest();
  expect(pressOf(id)).toEqual({ portions: 2, state: "ordered", commandId: 42 });
});

test("two presses one after the other are two orders", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  calls[0]?.answer({ command_id: 1 });
  await rest();
  void feed(hass, id, 1);
  expect(calls).toHaveLength(2);
  expect(calls[1]?.data.idempotency_key).not.toBe(calls[0]?.data.idempotency_key);
});

test("an order whose answer was lost is asked for again by its own key", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  calls[0]?.refuse({ code: 3, message: "Connection lost" });
  await vi.advanceTimersByTimeAsync(500);
  calls[1]?.refuse({ code: "not_found", translation_key: "service_not_found" });
  await vi.advanceTimersByTimeAsync(1000);
  calls[2]?.answer({ command_id: 7 });
  await rest();
  const keys = new Set(calls.map((call) => call.data.idempotency_key));
  expect(keys.size).toBe(1);
  expect(pressOf(id)).toMatchObject({ state: "ordered", commandId: 7 });
});

test("it is not fed long after somebody pressed", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  for (let tries = 0; tries < 40; tries++) {
    calls.at(-1)?.refuse({ code: 3 });
    await vi.advanceTimersByTimeAsync(10_000);
  }
  const asked = calls.length;
  expect(pressOf(id)?.state).toBe("unsure");
  await vi.advanceTimersByTimeAsync(600_000);
  expect(calls).toHaveLength(asked);
});

test("what is refused says why, and is forgotten with the next choice", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  calls[0]?.refuse({ message: "The last feed is too recent.", translation_key: "minimum_gap" });
  await rest();
  expect(pressOf(id)).toMatchObject({ state: "refused", message: "The last feed is too recent." });
  forget(id);
  expect(pressOf(id)).toBeUndefined();
});

test("a service that is not there and was never called is a refusal", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  calls[0]?.refuse({ message: "Not there", translation_key: "service_not_found" });
  await rest();
  expect(pressOf(id)?.state).toBe("refused");
});

test("where there are many feeds a person is asked, and confirms under another key", async () => {
  const { hass, calls } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  calls[0]?.refuse({ message: "Many wait.", translation_key: "feeds_waiting" });
  await rest();
  expect(pressOf(id)?.state).toBe("asks");
  void feed(hass, id, 1, true);
  expect(calls[1]?.data.confirm).toBe(true);
});

test("a press under way cannot be forgotten", () => {
  const { hass } = fakeHass();
  const id = next();
  void feed(hass, id, 1);
  forget(id);
  expect(pressOf(id)?.state).toBe("sending");
});
