import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Seen } from "../src/api.js";
import "../src/card.js";
import type { StationCard } from "../src/card/card.js";
import { checked, form, stub, suggestion } from "../src/card/config.js";
import { button, command, doubt, fakeHass, find, picture, rest, textOf, update } from "./fakes.js";

let card: StationCard;
let home: ReturnType<typeof fakeHass>;
let device = 0;

beforeEach(async () => {
  home = fakeHass();
  card = document.createElement("mqtt-dispatch-card") as StationCard;
  card.setConfig({ type: "custom:mqtt-dispatch-card", device_id: `dev-${++device}` });
  card.hass = home.hass;
  document.body.append(card);
  await rest();
});
afterEach(() => {
  card.remove();
  vi.useRealTimers();
});

async function sees(seen: Seen): Promise<void> {
  home.connection.latest.told(update(seen));
  await settled();
}

async function settled(): Promise<void> {
  await rest();
  await card.updateComplete;
  await rest();
}

/** Return the picture of the station of this test. */
const mine: typeof picture = (more, station) =>
  picture(more, { device_id: `dev-${device}`, ...station });

const shown = () => textOf(card);
const called = (at = 0) => home.calls[at];

test("it follows its station in the language of the user", () => {
  expect(home.connection.latest.message).toEqual({
    type: "mqtt_dispatch/subscribe",
    device_id: `dev-${device}`,
    language: "en",
  });
});

test("it says first whether all is well", async () => {
  await sees(mine());
  expect(shown()).toContain("Ready · Idle");
  expect(shown()).toContain("Portions today: 2");
});

test("why a node is not ready, a pause and a full disk are said", async () => {
  const node = {
    node: "1",
    title: "Node 1",
    device_id: "n1",
    presence: "here" as const,
    ready: false,
    online: true,
    last_seen: null,
    why: "not_ready",
    why_in_words: "Node 1: not ready",
    feeds: true,
    last_fed: null,
    may_control: true,
    entities: {},
    model: null,
    not_provable: [],
  };
  const pause = { until: null, reason: null, in_words: "Paused" };
  await sees(mine({ nodes: [node] }, { ready: false, pause, storage_ok: false }));
  for (const said of ["Not ready", "Node 1: not ready", "Paused", "cannot be stored"]) {
    expect(shown()).toContain(said);
  }
});

test("feed orders what the stepper says, once, and says under which number", async () => {
  await sees(mine());
  button(card, "More portions").click();
  await settled();
  button(card, "Feed").click();
  button(card, "Feed").click();
  await settled();
  expect(home.calls).toHaveLength(1);
  expect(called()?.data).toMatchObject({ device_id: `dev-${device}`, portions: 3 });
  expect(shown()).toContain("Ordering");
  expect(button(card, "Feed").disabled).toBe(true);
  called()?.answer({ command_id: 42 });
  await settled();
  expect(shown()).toContain("Ordered as #42.");
  expect(button(card, "Feed").disabled).toBe(false);
});

test("a press survives that the dashboard makes the card anew", async () => {
  await sees(mine());
  button(card, "Feed").click();
  await settled();
  card.remove();
  const config = { type: "custom:mqtt-dispatch-card", device_id: `dev-${device}` };
  card = document.createElement("mqtt-dispatch-card") as StationCard;
  card.setConfig(config);
  card.hass = home.hass;
  document.body.append(card);
  await rest();
  await sees(mine());
  expect(shown()).toContain("Ordering");
  button(card, "Feed").click();
  expect(home.calls).toHaveLength(1);
});

test("what is refused is said in the words of the refusal", async () => {
  await sees(mine());
  button(card, "Feed").click();
  called()?.refuse({ message: "The last feed is too recent.", translation_key: "minimum_gap" });
  await settled();
  expect(shown()).toContain("The last feed is too recent.");
});

test("many feeds are asked about before one more is given", async () => {
  await sees(mine());
  button(card, "Feed").click();
  called()?.refuse({ message: "Five wait already.", translation_key: "feeds_waiting" });
  await settled();
  const [dialog] = find(card.shadowRoot as ShadowRoot, (each) => each.matches("dialog[open]"));
  expect(dialog).toBeTruthy();
  expect(shown()).toContain("Five wait already.");
  button(card, "Feed all the same").click();
  expect(called(1)?.data.confirm).toBe(true);
});

test("what ended is said by what it became", async () => {
  const entity_id = "event.kitchen_command";
  await sees(mine({}, { entities: { command: entity_id } }));
  button(card, "Feed").click();
  called()?.answer({ command_id: 42 });
  const attributes = { command_id: 42, event_type: "succeeded" };
  card.hass = { ...home.hass, states: { [entity_id]: { entity_id, state: "", attributes } } };
  await settled();
  expect(shown()).toContain("#42: Succeeded");
});

test("what waits says for what, and can be cancelled", async () => {
  await sees(mine({ commands: { open: [command], more: 3 } }));
  expect(shown()).toContain("Node 2: last seen at 14:03");
  expect(shown()).toContain("3 more");
  button(card, "Cancel #42").click();
  expect(called()).toMatchObject({ service: "cancel_command", data: { command_id: 42 } });
  called()?.refuse({ message: "Already sent." });
  await settled();
  expect(shown()).toContain("Already sent.");
});

test("a question whether to send one again does not become one about another", async () => {
  const other = { ...doubt, command_id: 43 };
  await sees(mine({ doubts: [doubt, other] }));
  button(card, "Send again").click();
  const asking = () =>
    find(card.shadowRoot as ShadowRoot, (each) => each.matches("dialog[open]")).length;
  expect(asking()).toBe(1);
  await sees(mine({ doubts: [other] }));
  expect(asking()).toBe(0);
});

test("a doubt is asked with its evidence, and answered with one tap", async () => {
  await sees(mine({ doubts: [doubt] }));
  expect(shown()).toContain("no answer since");
  button(card, "It did not happen").click();
  expect(called()).toMatchObject({
    service: "resolve_command",
    data: { command_id: 41, outcome: "failed" },
  });
});

test("nothing is sent again before the risk was named", async () => {
  await sees(mine({ doubts: [doubt] }));
  button(card, "Send again").click();
  await settled();
  expect(home.calls).toHaveLength(0);
  expect(shown()).toContain("a second meal");
  const risky = find(card.shadowRoot as ShadowRoot, (each) => each.matches("button.risky"));
  (risky[0] as HTMLButtonElement).click();
  expect(called()?.data).toMatchObject({ command_id: 41, outcome: "resend" });
});

test("the next meal is skipped with an undo", async () => {
  const usual = mine().meals;
  const next = { ...usual.next, title: "Dinner", date: "2026-05-28", may: ["skip"] };
  await sees(mine({ meals: { ...usual, next } as typeof usual }));
  const toasts: CustomEvent[] = [];
  document.body.addEventListener("hass-notification", (told) => toasts.push(told as CustomEvent), {
    once: true,
  });
  button(card, "Skip Dinner at 21:56").click();
  expect(called()).toMatchObject({ service: "skip_meal", data: { date: "2026-05-28" } });
  called()?.answer();
  await settled();
  const { message, action } = toasts[0]?.detail ?? {};
  expect(message).toBe("Dinner at 21:56 is skipped.");
  action.action();
  expect(called(1)).toMatchObject({ service: "unskip_meal", data: { meal_id: "1" } });
});

test("a skipped date can be had after all, and what failed says why", async () => {
  const usual = mine().meals;
  const [first, second] = usual.today;
  const today = [
    { ...first, state: "skipped", title: "Tea", may: ["unskip"] },
    { ...second, state: "failed", why: "Node 1 said: jam", node: "Node 1" },
  ] as typeof usual.today;
  await sees(mine({ meals: { planned: 2, next: null, today } }));
  expect(shown()).toContain("Node 1 said: jam");
  expect(shown()).toContain("Nothing is planned.");
  button(card, "Do not skip Tea at 14:26").click();
  expect(called()?.service).toBe("unskip_meal");
});

test("a pause says what and how long, and ends with one tap", async () => {
  await sees(mine());
  button(card, "Pause").click();
  await settled();
  const selects = find(card.shadowRoot as ShadowRoot, (each) => each.localName === "select");
  (selects[0] as HTMLSelectElement).value = "plan";
  const main = find(card.shadowRoot as ShadowRoot, (each) => each.matches("dialog[open] .main"));
  (main[0] as HTMLButtonElement).click();
  expect(called()?.data).toMatchObject({ what: "plan", for: "01:00:00" });
  called()?.answer();
  const pause = { until: null, reason: null, in_words: "The plan is paused" };
  await sees(mine({}, { plan_pause: pause, pause }));
  button(card, "Resume").click();
  called(1)?.answer();
  await settled();
  expect(called(1)?.data).toMatchObject({ what: "station" });
  expect(called(2)?.data).toMatchObject({ what: "plan" });
});

test("a valve says whether it is open and when it closes", async () => {
  const closes_at = new Date(Date.now() + 90_500).toISOString();
  const valve = { node: "1", valve: "valve.a", closes_at: null, run_time: null };
  const node = { node: "1", title: "Apples", may_control: true } as never;
  const states = (state: string) => ({
    "valve.a": { entity_id: "valve.a", state, attributes: { friendly_name: "Apples", closes_at } },
  });
  card.hass = { ...home.hass, states: states("open") };
  await sees(mine({ feeding: null, valves: [valve], nodes: [node] }));
  expect(shown()).toMatch(/closes in 1 min \d+ sec/);
  button(card, "Close: Apples").click();
  expect(called()).toMatchObject({ domain: "valve", service: "close_valve" });
  called()?.answer();
  card.hass = { ...home.hass, states: states("closed") };
  await settled();
  button(card, "Open: Apples").click();
  expect(called(1)).toMatchObject({ service: "open_valve", data: { entity_id: "valve.a" } });
  expect(called(1)?.data.idempotency_key).toMatch(/^card:[0-9a-f]{32}$/);
});

test("a camera shows its last picture and when it wakes", async () => {
  const camera = { node: "1", image: "image.a", next_wake: "sensor.wake", capture: null };
  const taken = "2026-05-28T10:00:00+00:00";
  const states = {
    "image.a": { entity_id: "image.a", state: taken, attributes: { entity_picture: "/a.jpg" } },
    "sensor.wake": { entity_id: "sensor.wake", state: taken, attributes: {} },
  };
  await sees(mine({ feeding: null, cameras: [camera] }));
  expect(shown()).toContain("No picture yet");
  card.hass = { ...home.hass, states };
  await settled();
  expect(find(card.shadowRoot as ShadowRoot, (each) => each.localName === "img")).toHaveLength(1);
  expect(shown()).toContain("Next waking");
});

test("each of several feeders has its own button", async () => {
  const feeding = { whole_station: false, minimum: 1, maximum: 5, chosen: 1, grams: 12.5 };
  const nodes = ["Cat", "Dog", "Lawn"].map((title) => ({
    node: title,
    title,
    device_id: `${title}-${device}`,
    feeds: title !== "Lawn",
    may_control: title === "Cat",
  })) as never;
  await sees(mine({ feeding, nodes }));
  expect(shown()).toContain("1 portion (12.5 g)");
  expect(button(card, "Feed: Dog").disabled).toBe(true);
  expect(shown()).not.toContain("Feed: Lawn");
  button(card, "Feed: Cat").click();
  expect(called()?.data.device_id).toBe(`Cat-${device}`);
});

test("who may only look is told so, and can press nothing", async () => {
  await sees(mine({ doubts: [{ ...doubt, answers: [] }] }, { may_control: false }));
  expect(shown()).toContain("You may look");
  expect(button(card, "Feed").disabled).toBe(true);
  expect(button(card, "Pause").disabled).toBe(true);
});

test("while nothing is told the last picture stays, and nothing can be pressed", async () => {
  await sees(mine());
  home.connection.takes = false;
  home.connection.comesBack();
  home.connection.latest.reject({ code: "unknown_command", message: "Unknown command." });
  await settled();
  expect(shown()).toContain("Unknown command.");
  expect(shown()).toContain("Idle");
  expect(button(card, "Feed").disabled).toBe(true);
  card.hass = { ...home.hass, config: { ...home.hass.config, state: "STARTING" } };
  await settled();
  expect(shown()).toContain("Home Assistant is starting.");
});

test("a station that is gone or not loaded is said so", async () => {
  await sees({ station: { ...mine().station, loaded: false } });
  expect(shown()).toContain("is not loaded");
  await sees({ gone: "entry" });
  expect(shown()).toContain("was removed");
});

test("another version asks for a reload", async () => {
  home.connection.latest.told({ ...update(mine()), version: "9.9.9" });
  await settled();
  expect(shown()).toContain("Reload this page.");
});

test("without a station it says what to do, and in the picker it shows a sample", async () => {
  card.setConfig({ type: "custom:mqtt-dispatch-card" });
  await settled();
  expect(shown()).toContain("Choose a station");
  card.preview = true;
  await settled();
  expect(shown()).toContain("Ready · Idle");
  expect(button(card, "Feed").disabled).toBe(true);
});

test("what changes elsewhere in the house draws nothing anew", async () => {
  await sees(mine());
  let drawn = 0;
  const render = Reflect.get(card, "render") as () => unknown;
  Reflect.set(card, "render", function (this: StationCard) {
    drawn++;
    return render.call(this);
  });
  card.hass = { ...home.hass, states: { "light.hall": undefined } };
  await settled();
  expect(drawn).toBe(0);
});

test("a countdown goes on by itself", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  card.remove();
  document.body.append(card);
  const usual = mine().meals;
  const next = { ...usual.next, at: Date.now() / 1000 + 65, date: "" };
  await sees(mine({ meals: { ...usual, next } as typeof usual }));
  expect(shown()).toContain("in 1 min 5 sec");
  vi.advanceTimersByTime(5000);
  await settled();
  expect(shown()).toContain("in 1 min");
  expect(shown()).not.toContain("5 sec");
});

test("the picker offers it, by our entities too", async () => {
  const offered = (window as never as { customCards: { type: string }[] }).customCards;
  expect(offered.filter((each) => each.type === "mqtt-dispatch-card")).toHaveLength(1);
  const { hass } = home;
  hass.entities = {
    "sensor.a": { entity_id: "sensor.a", platform: "mqtt_dispatch", device_id: "dev" },
    "sensor.b": { entity_id: "sensor.b", platform: "hue", device_id: "dev" },
  };
  expect(suggestion(hass, "sensor.a")?.config.device_id).toBe("dev");
  expect(suggestion(hass, "sensor.b")).toBeNull();
  expect(suggestion(hass, "sensor.c")).toBeNull();
});

test("a new card is of the first station", async () => {
  const { hass } = home;
  expect(await stub(hass)).toEqual({});
  const listed = { loaded: true, device_id: "dev" };
  hass.callWS = () => Promise.resolve({ stations: [listed] } as never);
  expect(await stub(hass)).toEqual({ device_id: "dev" });
  const { computeLabel, schema } = form();
  expect(schema.map((field) => computeLabel(field))).not.toContain("hide_meals");
  expect(computeLabel({ name: "other" })).toBe("other");
});

test("who writes YAML names an entity of the station", async () => {
  const entity = "sensor.kitchen_status";
  home.hass.entities = { [entity]: { entity_id: entity, device_id: "kitchen" } };
  card.setConfig({ type: "custom:mqtt-dispatch-card", entity });
  expect(home.connection.latest.message.device_id).toBe("kitchen");
  await sees(mine());
  expect(shown()).toContain("Ready · Idle");
});

test("a configuration that cannot be is refused", () => {
  expect(() => checked(null)).toThrow();
  expect(() => checked({ type: "", device_id: 7 })).toThrow("device_id");
});

test("what a person hides is not shown", async () => {
  card.setConfig({
    type: "custom:mqtt-dispatch-card",
    device_id: `dev-${device}`,
    title: "Cats",
    hide_meals: true,
    hide_feed: true,
    hide_queue: true,
    hide_equipment: true,
  });
  await sees(mine({ valves: [{ node: "1", valve: "valve.a", closes_at: null, run_time: null }] }));
  expect(shown()).toContain("Cats");
  for (const said of ["Today", "portions", "Nothing waits", "Valves"]) {
    expect(shown()).not.toContain(said);
  }
  expect(card.getCardSize()).toBeGreaterThan(0);
  expect(card.getGridOptions().columns).toBe(12);
});
