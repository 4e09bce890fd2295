import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Picture, Seen, Station } from "../src/api.js";
import "../src/panel.js";
import type { CommandTold, Heard, HistoryPage, Week } from "../src/panel/asking.js";
import type { Figures } from "../src/panel/figures.js";
import type { Panel } from "../src/panel/panel.js";
import {
  button,
  command,
  doubt,
  fakeHass,
  find,
  NOW,
  picture,
  rest,
  textOf,
  update,
} from "./fakes.js";

let panel: Panel;
let home: ReturnType<typeof fakeHass>;
let asked: Record<string, unknown>[];
let answers: Record<string, unknown>;
let refusal: Error | undefined;

const ROW = {
  entry_id: "kitchen",
  station: "Kitchen",
  id: 41,
  kind: "feed",
  kind_in_words: "Feed",
  in_words: "Feed: 1 portion (#41)",
  state: "succeeded" as const,
  created_at: NOW,
  ended_at: NOW + 75,
  nodes: ["Node 1", "Node 2"],
};
const PAGE: HistoryPage = { commands: [ROW], next: null, only_at_hand: false };
const TOLD: CommandTold = {
  ...ROW,
  at: null,
  expires_at: null,
  finishes: 40,
  deliveries: ["Node 1: done, said `ok`."],
  timeline: [
    { at: NOW, state: "queued", cause: "action", node: null, detail: "" },
    { at: NOW + 75, state: "done", cause: "node", node: "Node 1", detail: "ok" },
  ],
};
const NODE: Picture["nodes"][number] = {
  node: "2",
  title: "Node 2",
  device_id: "dev-2",
  presence: "gone",
  ready: false,
  online: null,
  last_seen: null,
  why: "never_heard",
  why_in_words: "Node 2: never heard",
  feeds: true,
  last_fed: null,
  may_control: true,
  entities: {},
  model: null,
  not_provable: [],
};
const SEEN = { ...NODE, presence: "here" as const, last_seen: NOW, why_in_words: null };
const WEEK: Week = {
  may_control: true,
  meals: [
    {
      meal_id: "m1",
      name: "Lunch",
      in_words: "Lunch: 2 portions",
      kind: "feed",
      time: "12:00",
      enabled: true,
    },
  ],
  dates: [
    {
      meal_id: "m1",
      title: "Lunch",
      in_words: "Lunch: 2 portions",
      kind: "feed",
      date: "2026-05-28",
      time: "12:00",
      at: NOW,
      node: null,
      state: "pending",
      why: null,
      command_id: null,
      may: ["skip"],
      lasts: 59,
    },
  ],
};
const HEARD: Heard = {
  prefix: "disp",
  topics: ["disp/state/+"],
  nodes: [
    {
      node: "2",
      clock: -90,
      messages: [
        {
          topic: "disp/state/2",
          payload: '{"online":1}',
          cut: true,
          size: 2048,
          at: NOW,
          retained: true,
          why: null,
        },
        {
          topic: "disp/2/config_report",
          payload: null,
          cut: false,
          size: 99,
          at: NOW,
          retained: false,
          why: null,
        },
      ],
    },
  ],
  others: [
    {
      topic: "disp/state/7",
      payload: "hello",
      cut: false,
      size: 5,
      at: NOW,
      retained: false,
      why: "not JSON",
    },
  ],
};
const FIGURES: Figures = {
  ordered: 12,
  succeeded: 9,
  unconfirmed: 1,
  failed: 3,
  sent_again: 2,
  success_rate: 75,
  waited: null,
  accepted_after: { median: null, p95: null },
  done_after: { median: 2, p95: 90 },
};

beforeEach(async () => {
  home = fakeHass();
  asked = [];
  refusal = undefined;
  answers = { history: PAGE, command: TOLD, plan: WEEK, nodes: HEARD };
  home.hass.callWS = <T>(message: Record<string, unknown>): Promise<T> => {
    asked.push(message);
    if (message.type === "calendar/event/update") {
      return refusal ? Promise.reject(refusal) : Promise.resolve(undefined as T);
    }
    const answer = answers[String(message.type).split("/")[1] ?? ""];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as T);
  };
  history.replaceState(null, "", "/mqtt-dispatch/now");
  panel = document.createElement("mqtt-dispatch-panel") as Panel;
  panel.hass = home.hass;
  document.body.append(panel);
  await rest();
});
afterEach(() => {
  panel.remove();
  vi.useRealTimers();
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await rest();
    await panel.updateComplete;
  }
}

async function sees(...seen: Seen[]): Promise<void> {
  home.connection.latest.told(update(...seen));
  await settled();
}

async function goes(path: string, search = ""): Promise<void> {
  history.replaceState(null, "", `/mqtt-dispatch${path}${search}`);
  panel.route = { path };
  await settled();
}

const kitchen = (more = {}, station: Partial<Station> = {}) =>
  picture(more, { entry_id: "kitchen", title: "Kitchen", device_id: "dev-k", ...station });
const yard = (more = {}) => picture(more, { entry_id: "yard", title: "Yard", device_id: "dev-y" });
/** A station while Home Assistant loads it anew. */
const reloading = ({ station }: Picture): Seen => ({ station: { ...station, loaded: false } });
const shown = () => textOf(panel);

/** The first element that a selector fits, wherever it stands. */
function one<T extends Element = HTMLButtonElement>(selector: string): T {
  const [found] = find(panel.shadowRoot as ShadowRoot, (each) => each.matches(selector));
  if (!found) throw new Error(`nothing is ${selector}`);
  return found as T;
}

function all(selector: string): Element[] {
  return find(panel.shadowRoot as ShadowRoot, (each) => each.matches(selector));
}

function submit(form: string): void {
  one<HTMLFormElement>(form).dispatchEvent(new Event("submit", { cancelable: true }));
}

/** A station with ten nodes. */
function house(at: number) {
  const nodes = Array.from({ length: 10 }, (_, node) => ({
    ...SEEN,
    node: `${node}`,
    title: `House ${at} node ${node}`,
  }));
  return picture(
    { nodes },
    { entry_id: `house${at}`, title: `House ${at}`, device_id: `dev-${at}` },
  );
}

async function choose(name: string, value: string): Promise<void> {
  const field = one<HTMLSelectElement>(`[name=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event("change"));
  await settled();
}

test("it follows all stations over one subscription", () => {
  expect(home.connection.subscribed).toHaveLength(1);
  expect(home.connection.latest.message).toMatchObject({ device_id: "all" });
});

test("Now shows each station with what waits and what must be decided", async () => {
  await sees(yard(), kitchen({ commands: { open: [command], more: 0 }, doubts: [doubt] }));
  const text = shown();
  expect(text.indexOf("Kitchen")).toBeLessThan(text.indexOf("Yard"));
  expect(text).toContain("Node 2: last seen at 14:03");
  expect(text).toContain("Did this happen?");
});

test("a change of one station draws no other anew", async () => {
  await sees(kitchen(), yard());
  const page = one<HTMLElement>("mqtt-dispatch-page-now");
  const [first, second] = [
    ...(page.shadowRoot?.querySelectorAll("mqtt-dispatch-now-station") ?? []),
  ];
  const drawn: string[] = [];
  for (const [name, row] of [
    ["kitchen", first],
    ["yard", second],
  ] as const) {
    const element = row as unknown as { updated: () => void };
    element.updated = () => drawn.push(name);
  }
  await sees(kitchen({ commands: { open: [command], more: 0 } }));
  expect(drawn).toEqual(["kitchen"]);
});

test("a station that is gone is shown no more, one that is not loaded is named", async () => {
  await sees(kitchen(), yard());
  await sees({ gone: "yard" });
  expect(shown()).not.toContain("Yard");
  const { station } = kitchen();
  await sees({ station: { ...station, loaded: false } });
  expect(shown()).toContain("Kitchen is not loaded.");
});

test("a station that went while the connection was lost is gone once it is back", async () => {
  await sees(kitchen(), yard());
  home.connection.comesBack();
  await settled();
  expect(shown()).toContain("Yard");
  await sees(kitchen());
  expect(shown()).not.toContain("Yard");
  await sees(yard());
  expect(shown()).toContain("Kitchen");
});

test("what is shown stays, and nothing can be done, while the connection is lost", async () => {
  vi.useFakeTimers();
  home.connection.takes = false;
  await sees(kitchen({ doubts: [doubt] }));
  home.connection.comesBack();
  home.connection.latest.reject({ code: "unknown_command", message: "Unknown command." });
  await vi.advanceTimersByTimeAsync(0);
  await panel.updateComplete;
  expect(shown()).toContain("Unknown command.");
  expect(shown()).toContain("Kitchen");
});

test("an update of the integration asks to reload", async () => {
  home.connection.latest.told({ ...update(kitchen()), version: "9.9.9" });
  await settled();
  expect(shown()).toContain("was updated");
});

test("the history lists commands with a link to each", async () => {
  await sees(kitchen());
  await goes("/history");
  expect(shown()).toContain("Feed: 1 portion (#41)");
  expect(shown()).toContain("Succeeded");
  const link = one<HTMLAnchorElement>("li a");
  expect(link.getAttribute("href")).toBe("/mqtt-dispatch/command/kitchen/41");
  link.dispatchEvent(new MouseEvent("click", { cancelable: true }));
  expect(location.pathname).toBe("/mqtt-dispatch/command/kitchen/41");
});

test("filters stand in the address, and are asked for", async () => {
  await sees(kitchen());
  await goes("/history", "?station=kitchen");
  await choose("state", "failed");
  expect(location.search).toBe("?station=kitchen&state=failed");
  expect(asked.at(-1)).toMatchObject({ device_id: "dev-k", state: "failed" });
  await choose("from", "2026-05-28");
  expect(asked.at(-1)).toMatchObject({ since: Date.UTC(2026, 4, 28) / 1000 });
  await choose("station", "");
  expect(asked.at(-1)).toMatchObject({ device_id: "all" });
});

test("older commands are added below, from where the page ended", async () => {
  const next = [NOW, "kitchen", 41];
  answers.history = { ...PAGE, next };
  await sees(kitchen());
  await goes("/history");
  answers.history = { ...PAGE, commands: [{ ...ROW, id: 40, in_words: "Feed (#40)" }] };
  button(panel, "Show older ones").click();
  await settled();
  expect(asked.at(-1)).toMatchObject({ before: next });
  expect(shown()).toMatch(/#41.*#40/s);
  expect(shown()).not.toContain("Show older ones");
});

test("older ones that cannot be read now are said to be missing, and can be asked for again", async () => {
  const next = [NOW, "kitchen", 41];
  answers.history = { ...PAGE, next };
  await sees(kitchen());
  await goes("/history");
  answers.history = { commands: [], next: null, only_at_hand: true };
  button(panel, "Show older ones").click();
  await settled();
  expect(shown()).toContain("The history cannot be read now.");
  answers.history = { ...PAGE, commands: [{ ...ROW, id: 40, in_words: "Feed (#40)" }] };
  button(panel, "Show older ones").click();
  await settled();
  expect(asked.at(-1)).toMatchObject({ before: next });
  expect(shown()).toMatch(/#41.*#40/s);
  expect(shown()).not.toContain("The history cannot be read now.");
});

test("where only what is at hand can be listed, it is so to its end", async () => {
  answers.history = { ...PAGE, next: [NOW, "kitchen", 41], only_at_hand: true };
  await sees(kitchen());
  await goes("/history");
  const older = { ...ROW, id: 40, in_words: "Feed (#40)" };
  answers.history = { commands: [older], next: null, only_at_hand: true };
  button(panel, "Show older ones").click();
  await settled();
  expect(shown()).toMatch(/The history cannot be read now.*#41.*#40/s);
});

test("older ones that were asked for twice are added once", async () => {
  answers.history = { ...PAGE, next: [NOW, "kitchen", 41] };
  await sees(kitchen());
  await goes("/history");
  answers.history = { ...PAGE, commands: [{ ...ROW, id: 40, in_words: "Feed (#40)" }] };
  const older = button(panel, "Show older ones");
  older.click();
  older.click();
  await settled();
  expect(shown().split("#40")).toHaveLength(2);
});

test("what other filters found does not stand under new ones that cannot be asked for", async () => {
  answers.history = { ...PAGE, next: [NOW, "kitchen", 41] };
  await sees(kitchen(), yard());
  await goes("/history", "?station=kitchen");
  answers.history = new Error("No way");
  await choose("station", "yard");
  expect(shown()).toContain("No way");
  expect(shown()).not.toContain("#41");
  expect(shown()).not.toContain("Show older ones");
});

test("the history of a station that is not loaded is not that of all others", async () => {
  await sees(kitchen(), yard());
  await goes("/history", "?station=kitchen");
  const before = asked.length;
  await sees(reloading(kitchen()));
  await choose("state", "failed");
  expect(asked).toHaveLength(before);
  expect(shown()).not.toContain("#41");
  expect(one<HTMLSelectElement>("[name=station]").value).toBe("kitchen");
  await sees(kitchen());
  expect(asked.at(-1)).toMatchObject({ device_id: "dev-k", state: "failed" });
});

test("what fits of a station is kept as a file", async () => {
  const opened: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click");
  click.mockImplementation(function (this: HTMLAnchorElement) {
    opened.push(this.getAttribute("href") ?? "");
  });
  answers.history_file = { path: "/file" };
  answers.sign_path = { path: "/file?signed" };
  await sees(kitchen());
  await goes("/history");
  expect(shown()).not.toContain("Download as CSV");
  await goes("/history", "?station=kitchen&state=failed");
  button(panel, "Download as CSV").click();
  await settled();
  click.mockRestore();
  expect(asked.at(-2)).toMatchObject({
    type: "mqtt_dispatch/history_file",
    device_id: "dev-k",
    state: "failed",
  });
  expect(opened).toEqual(["/file?signed"]);
});

test("it is said where only what is at hand is listed", async () => {
  answers.history = { ...PAGE, only_at_hand: true };
  await sees(kitchen());
  await goes("/history");
  expect(shown()).toContain("The history cannot be read now.");
});

test("the history is asked for again when a command comes or ends, not at each report", async () => {
  await sees(kitchen());
  await goes("/history");
  const before = asked.length;
  await sees(kitchen({}, { portions_today: 7 }));
  expect(asked).toHaveLength(before);
  await sees(kitchen({ commands: { open: [command], more: 0 } }));
  expect(asked).toHaveLength(before + 1);
});

test("an error is said, and can be tried again", async () => {
  answers.history = new Error("No way");
  await sees(kitchen());
  await goes("/history");
  expect(shown()).toContain("No way");
  answers.history = { ...PAGE, commands: [] };
  button(panel, "Try again").click();
  await settled();
  expect(shown()).toContain("No command is like that.");
});

test("a command tells its steps with the times between them", async () => {
  await sees(kitchen());
  await goes("/command/kitchen/41");
  expect(asked.at(-1)).toMatchObject({ device_id: "dev-k", command_id: 41 });
  expect(shown()).toContain("+1 min 15 sec");
  expect(shown()).toContain("the node answered : ok");
  expect(shown()).toContain("It does the rest of #40");
});

test("a command of a station that is not there says so", async () => {
  await sees(kitchen());
  await goes("/command/nowhere/41");
  expect(shown()).toContain("This station was removed, or you may not see it.");
  expect(asked).toEqual([]);
});

test("a command of another station with the same number is not told as if it were that one", async () => {
  await sees(kitchen(), yard());
  await goes("/command/kitchen/41");
  answers.command = new Error("No way");
  await goes("/command/yard/41");
  expect(shown()).toContain("No way");
  expect(shown()).not.toContain("Feed: 1 portion (#41)");
});

test("a command of a station that is not loaded says which one", async () => {
  await sees(reloading(kitchen()));
  await goes("/command/kitchen/41");
  expect(shown()).not.toContain("This station was removed");
  expect(shown()).toContain("Kitchen is not loaded.");
});

test("a meal of the week is skipped by the action", async () => {
  await sees(kitchen());
  await goes("/plan");
  expect(shown()).toContain("Thursday, May 28");
  one("li button").click();
  await settled();
  expect(home.calls[0]).toMatchObject({
    service: "skip_meal",
    data: { device_id: "dev-k", meal_id: "m1", date: "2026-05-28" },
  });
});

test("a meal is moved by its time, and what is refused is said", async () => {
  await sees(kitchen());
  await goes("/plan");
  one<HTMLInputElement>("li input[name=time]").value = "13:30";
  one<HTMLFormElement>("li form").dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
  expect(home.calls[0]).toMatchObject({
    service: "schedule",
    data: { meal_id: "m1", time: "13:30" },
  });
  home.calls[0]?.refuse({ message: "Too many meals" });
  await settled();
  expect(shown()).toContain("Too many meals");
});

test("one date is moved as the calendar's page does it", async () => {
  await sees(kitchen({}, { entities: { meals: "calendar.kitchen_meals" } }));
  await goes("/plan");
  const before = asked.length;
  one<HTMLInputElement>("details input[name=time]").value = "13:30";
  submit("details form");
  await settled();
  expect(asked[before]).toEqual({
    type: "calendar/event/update",
    entity_id: "calendar.kitchen_meals",
    uid: "m1",
    recurrence_id: "2026-05-28",
    event: {
      summary: "Lunch: 2 portions",
      dtstart: "2026-05-28T13:30:00",
      dtend: "2026-05-28T13:30:59",
    },
  });
  expect(asked[before + 1]).toMatchObject({ type: "mqtt_dispatch/plan" });
  expect(home.calls).toEqual([]);
});

test("why a date is not moved is said where it stands", async () => {
  refusal = new Error("This is over");
  await sees(kitchen({}, { entities: { plan: "calendar.kitchen_plan" } }));
  await goes("/plan");
  submit("details form");
  await settled();
  expect(shown()).toContain("This is over");
});

test("no date can be moved where there is no calendar", async () => {
  await sees(kitchen({}, { entities: {} }));
  await goes("/plan");
  expect(shown()).toContain("Lunch");
  expect(all("details")).toHaveLength(0);
});

test("a date that is over cannot be moved", async () => {
  answers.plan = { ...WEEK, dates: WEEK.dates.map((date) => ({ ...date, may: [] })) };
  await sees(kitchen({}, { entities: { meals: "calendar.kitchen_meals" } }));
  await goes("/plan");
  expect(shown()).toContain("Lunch");
  expect(all("details")).toHaveLength(0);
});

test("who may only look can change nothing of the plan", async () => {
  answers.plan = { ...WEEK, may_control: false };
  await sees(kitchen());
  await goes("/plan");
  expect(one("li button").disabled).toBe(true);
});

test("a meal is removed where it was asked about, though its station is loaded anew meanwhile", async () => {
  await sees(kitchen(), yard());
  await goes("/plan");
  button(panel, "Remove").click();
  await sees(reloading(kitchen()));
  expect(shown()).not.toContain("Plan another meal");
  one("mqtt-dispatch-confirm").dispatchEvent(new CustomEvent("confirmed"));
  await settled();
  expect(home.calls).toHaveLength(1);
  expect(home.calls[0]).toMatchObject({
    service: "unschedule",
    data: { device_id: "dev-k", meal_id: "m1" },
  });
});

test("the plan of a station that is loaded anew is not taken for that of another", async () => {
  await sees(kitchen(), yard());
  await goes("/plan");
  const before = asked.length;
  await sees(reloading(kitchen()));
  expect(asked).toHaveLength(before);
  expect(one<HTMLSelectElement>("[name=station]").value).toBe("kitchen");
  expect(all("li button")).toHaveLength(0);
  await sees(kitchen());
  expect(asked.at(-1)).toMatchObject({ type: "mqtt_dispatch/plan", device_id: "dev-k" });
  expect(shown()).toContain("Lunch");
});

test("the plan of a station that is removed says so, until another is chosen", async () => {
  await sees(kitchen(), yard());
  await goes("/plan");
  await sees({ gone: "kitchen" });
  expect(shown()).toContain("This station was removed");
  expect(shown()).not.toContain("Lunch");
  await choose("station", "yard");
  expect(asked.at(-1)).toMatchObject({ type: "mqtt_dispatch/plan", device_id: "dev-y" });
  expect(shown()).toContain("Lunch");
});

test("the plan of one station does not stand under another whose plan cannot be asked for", async () => {
  const entities = { meals: "calendar.meals" };
  await sees(kitchen({}, { entities }), yard());
  await goes("/plan");
  expect(all("details")).toHaveLength(1);
  answers.plan = new Error("No way");
  await choose("station", "yard");
  expect(shown()).toContain("No way");
  expect(shown()).not.toContain("Lunch");
  expect(all("details")).toHaveLength(0);
});

test("what was typed for one station is not planned at another", async () => {
  await sees(kitchen(), yard());
  await goes("/plan");
  one<HTMLInputElement>("form[aria-labelledby=put] [name=name]").value = "Supper";
  await choose("station", "yard");
  expect(one<HTMLInputElement>("form[aria-labelledby=put] [name=name]").value).toBe("");
});

test("what one station refused is not said of another", async () => {
  await sees(kitchen(), yard());
  await goes("/plan");
  one("li button").click();
  await choose("station", "yard");
  home.calls[0]?.refuse({ message: "Too late" });
  await settled();
  expect(shown()).not.toContain("Too late");
});

test("a date whose form is open keeps it when one before it goes", async () => {
  const [lunch] = WEEK.dates;
  if (!lunch) throw new Error("the week has no date");
  const dates = [
    { ...lunch, meal_id: "m0", title: "Early", time: "08:00" },
    lunch,
    { ...lunch, meal_id: "m2", title: "Dinner", time: "18:00" },
  ];
  const seen = (today: number) =>
    kitchen(
      { meals: { planned: today, next: null, today: [] } },
      { entities: { meals: "calendar.meals" } },
    );
  answers.plan = { ...WEEK, dates };
  await sees(seen(3));
  await goes("/plan");
  const form = all("details form")[1] as HTMLFormElement;
  const time = form.querySelector("[name=time]") as HTMLInputElement;
  time.value = "13:30";
  answers.plan = { ...WEEK, dates: dates.slice(1) };
  await sees(seen(2));
  expect(all("details")).toHaveLength(2);
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
  const sent = asked.filter(({ type }) => type === "calendar/event/update");
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ uid: "m1", event: { dtstart: "2026-05-28T13:30:00" } });
});

test("Nodes tells how each is, and where the guide stands", async () => {
  await sees(kitchen({ nodes: [NODE] }));
  await goes("/nodes");
  expect(shown()).toContain("Gone · Not ready");
  expect(shown()).toContain("Node 2: never heard");
  expect(shown()).toContain("Never heard");
  expect(one<HTMLAnchorElement>("a[href^='/config/devices']").getAttribute("href")).toBe(
    "/config/devices/device/dev-2",
  );
});

test.each([
  ["/nodes", [kitchen({ nodes: [NODE] })]],
  ["/now", []],
])("%s tells in five steps how a first node is flashed", async (page, stations) => {
  await sees(...stations);
  await goes(page);
  const steps = all("ol li").slice(-5);
  expect(steps.map(({ textContent }) => textContent)).toEqual([
    "Install the Arduino IDE, or ESPHome.",
    "Take the sketch for the one, or the component for the other.",
    "Fill in your Wi-Fi, the broker and how the node is called.",
    "Upload it, and see without food where the servo stands.",
    "Add a station of paired dispensers with this node here, and feed.",
  ]);
  const guide = one<HTMLAnchorElement>("a[href$='node.md#flash-a-node']");
  expect(guide.textContent).toBe("Read the guide (English)");
});

test("Nodes tells what a node is by its profile, and what it cannot prove", async () => {
  const not_provable = ["That food fell.", "Who ate it."];
  await sees(kitchen({ nodes: [{ ...NODE, model: "Feeder C1", not_provable }] }));
  await goes("/nodes");
  expect(shown()).toContain("Feeder C1");
  expect(shown()).toContain("Cannot prove: That food fell. Who ate it.");
});

test("news of one node draws its row anew, and no other of 50 stations with 500 nodes", async () => {
  const stations = Array.from({ length: 50 }, (_, at) => house(at));
  await sees(...stations);
  await goes("/nodes");
  const rows = find(
    panel.shadowRoot as ShadowRoot,
    ({ localName }) => localName === "mqtt-dispatch-node-row",
  );
  expect(rows).toHaveLength(500);
  const drawn: string[] = [];
  for (const row of rows) {
    const element = row as unknown as { node: { title: string }; updated: () => void };
    element.updated = () => drawn.push(element.node.title);
  }
  const changed = structuredClone(house(7));
  changed.nodes = changed.nodes.map((node, at) => (at === 3 ? { ...node, ready: true } : node));
  await sees(changed);
  expect(drawn).toEqual(["House 7 node 3"]);
});

test("the last messages of nodes are asked for only once they are opened", async () => {
  await sees(kitchen({ nodes: [SEEN] }));
  await goes("/nodes");
  expect(asked).toEqual([]);
  const details = one<HTMLDetailsElement>("details");
  details.open = true;
  details.dispatchEvent(new Event("toggle"));
  await settled();
  expect(asked.at(-1)).toMatchObject({ type: "mqtt_dispatch/nodes", device_id: "dev-k" });
  expect(shown()).toContain('{"online":1} …');
  expect(shown()).toContain("retained · 2048 bytes");
  expect(shown()).toContain("Its clock is 1 min 30 sec slow.");
  expect(shown()).toContain("that may be a secret");
  expect(shown()).toMatch(/What else was heard there.*disp\/state\/7.*not JSON.*hello/);
  button(panel, "Look again").click();
  await settled();
  expect(asked).toHaveLength(2);
});

test("where no node was heard it says what to do, and what is heard", async () => {
  await sees(kitchen({ nodes: [] }));
  await goes("/nodes");
  expect(shown()).toContain("No node was heard since the station was loaded.");
  expect(asked.at(-1)).toMatchObject({ type: "mqtt_dispatch/nodes" });
  expect(shown()).toMatch(/The station listens on.*disp\/state\/\+/);
  expect(one<HTMLDetailsElement>("details").open).toBe(true);
});

test("Figures shows of each node what the action tells, with the numbers beside the plots", async () => {
  await sees(kitchen({ nodes: [NODE] }));
  await goes("/figures");
  expect(home.calls[0]).toMatchObject({
    service: "get_metrics",
    data: { device_id: "dev-k", days: 7 },
  });
  home.calls[0]?.answer({
    ...FIGURES,
    nodes: { "2": FIGURES, old: { ...FIGURES, success_rate: null } },
  });
  await settled();
  expect(shown()).toContain("Node 2");
  expect(shown()).toContain("old");
  expect(shown()).toContain("Ordered: 12 · Succeeded: 9 · Unconfirmed: 1 · Failed: 3");
  expect(shown()).toContain("75 %");
  expect(shown()).toContain("median 2 sec, 95 of 100 within 1 min 30 sec");
  await choose("days", "30");
  expect(home.calls[1]).toMatchObject({ data: { days: 30 } });
});

test("the figures of one station, or one time, do not stand under another", async () => {
  await sees(kitchen(), yard());
  await goes("/figures");
  home.calls[0]?.answer({ ...FIGURES, nodes: {} });
  await settled();
  expect(shown()).toContain("Ordered: 12");
  await choose("days", "30");
  expect(shown()).not.toContain("Ordered: 12");
  home.calls[1]?.answer({ ...FIGURES, nodes: {} });
  await settled();
  expect(shown()).toContain("Ordered: 12");
  await choose("station", "yard");
  expect(shown()).not.toContain("Ordered: 12");
  await sees({ gone: "yard" });
  expect(shown()).toContain("This station was removed");
  expect(home.calls).toHaveLength(3);
});
