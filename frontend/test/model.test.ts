import { expect, test } from "vitest";
import type { MealState, Status } from "../src/api.js";
import {
  endedAs,
  inQueue,
  lookOfMeal,
  lookOfStatus,
  pieces,
  portionsWithin,
  progress,
} from "../src/model.js";
import { command, fakeHass, picture } from "./fakes.js";

test("a station is not well while its nodes are not ready", () => {
  expect(lookOfStatus(picture({}, { status: "idle", ready: true })).tone).toBe("good");
  expect(lookOfStatus(picture({}, { status: "idle", ready: false })).tone).toBe("warning");
  expect(lookOfStatus(picture({}, { status: "storage_error" })).tone).toBe("bad");
});

test("a status or a state of a later version is shown too", () => {
  expect(lookOfStatus(picture({}, { status: "new" as Status })).icon).toBeTruthy();
  expect(lookOfMeal("new" as MealState).word).toBe("card_unknown");
});

test("what is no meal is done, and not fed", () => {
  expect(lookOfMeal("fed").word).toBe("became_fed");
  expect(lookOfMeal("fed", "open_valve").word).toBe("became_done");
  expect(lookOfMeal("failed", "open_valve").word).toBe("became_failed");
});

test("a doubt stands by itself, and not in the queue", () => {
  const open = [command, { ...command, id: 43, state: "unconfirmed" as const }];
  expect(inQueue(picture({ commands: { open, more: 0 } })).map(({ id }) => id)).toEqual([42]);
});

test("what waits says for what, and what does not says how far it is", () => {
  expect(progress(command)).toEqual(["Node 2: last seen at 14:03"]);
  expect(progress({ ...command, waits_in_words: null })).toEqual(["Node 1: not sent yet."]);
});

test("what became of a command is what the event of the station says of it", () => {
  const { hass } = fakeHass();
  const entity_id = "event.kitchen_command";
  const shown = picture({}, { entities: { command: entity_id } });
  const attributes = { command_id: 42, event_type: "succeeded" };
  hass.states[entity_id] = { entity_id, state: "", attributes };
  expect(endedAs(hass, shown, 42)).toBe("succeeded");
  expect(endedAs(hass, shown, 41)).toBeUndefined();
  const open = { ...shown, commands: { open: [command], more: 0 } };
  expect(endedAs(hass, open, 42)).toBeUndefined();
});

test("no more portions are offered than can be given", () => {
  expect(portionsWithin(picture(), 99)).toBe(50);
  expect(portionsWithin(picture(), 0)).toBe(1);
  expect(portionsWithin(picture({ feeding: null }), 7)).toBe(1);
});

test("what a node spelled is told apart", () => {
  expect(pieces("said `MOTOR?` twice")).toEqual(["said ", "MOTOR?", " twice"]);
});
