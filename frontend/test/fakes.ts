// A Home Assistant that is played by hand.
import english from "../../custom_components/mqtt_dispatch/translations/en.json";
import type { Picture, Update } from "../src/api.js";
import { sample } from "../src/card/sample.js";
import type { Connection, HaError, Hass, Localize } from "../src/ha.js";

type Told = (event: unknown) => void;

interface Subscribed {
  message: Record<string, unknown>;
  told: Told;
  accept(): void;
  reject(error: HaError): void;
  open: boolean;
}

/** A connection that can be lost, and on which nothing is answered by itself. */
export class FakeConnection implements Connection {
  readonly subscribed: Subscribed[] = [];
  /** Whether a subscription is taken at once. */
  takes = true;
  readonly #ready = new Set<() => void>();

  addEventListener(type: string, listener: () => void): void {
    if (type === "ready") this.#ready.add(listener);
  }

  removeEventListener(_: string, listener: () => void): void {
    this.#ready.delete(listener);
  }

  subscribeMessage<T>(
    told: (event: T) => void,
    message: Record<string, unknown>,
  ): Promise<() => void> {
    return new Promise((done, fail) => {
      const one: Subscribed = {
        message,
        told: told as Told,
        open: true,
        accept: () =>
          done(() => {
            one.open = false;
          }),
        reject: fail,
      };
      this.subscribed.push(one);
      if (this.takes) one.accept();
    });
  }

  /** Be there again after a break. */
  comesBack(): void {
    for (const listener of [...this.#ready]) listener();
  }

  get latest(): Subscribed {
    const found = this.subscribed.at(-1);
    if (!found) throw new Error("nothing was subscribed");
    return found;
  }

  get listeners(): number {
    return this.#ready.size;
  }
}

export interface Called {
  domain: string;
  service: string;
  data: Record<string, unknown>;
  answer(response?: unknown): void;
  refuse(error: HaError): void;
}

const texts = flat(english);

function flat(part: Record<string, unknown>, before = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(part).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${before}${key}`, value]]
        : Object.entries(flat(value as Record<string, unknown>, `${before}${key}.`)),
    ),
  );
}

export const localize: Localize = (key) => texts[key.replace("component.mqtt_dispatch.", "")] ?? "";

/** Return a `hass`, and what was called on it. */
export function fakeHass(connection = new FakeConnection()) {
  const calls: Called[] = [];
  const hass: Hass = {
    connection,
    states: {},
    language: "en",
    locale: { language: "en", time_format: "24" },
    config: { time_zone: "UTC", state: "RUNNING" },
    localize,
    callService: (domain, service, data) =>
      new Promise((done, fail) => {
        calls.push({
          domain,
          service,
          data,
          answer: (response = {}) => done({ response }),
          refuse: fail,
        });
      }),
    callWS: () => Promise.reject(new Error("nobody answers")),
    loadBackendTranslation: () => Promise.resolve(localize),
  };
  return { hass, calls, connection };
}

export const NOW = 1_780_000_000;

/** Return the picture of a station, with parts of it otherwise. */
export function picture(more: Partial<Picture> = {}, station: Partial<Picture["station"]> = {}) {
  const usual = sample(NOW);
  return { ...usual, ...more, station: { ...usual.station, device_id: "dev", ...station } };
}

export function update(...pictures: Update["pictures"]): Update {
  return { version: "0.0.0", now: Date.now() / 1000, pictures };
}

export const command: Picture["commands"]["open"][number] = {
  id: 42,
  kind: "feed",
  kind_in_words: "Feed",
  in_words: "Feed: 2 portions (#42), ordered at 14:00:00",
  state: "queued",
  created_at: NOW,
  at: null,
  expires_at: null,
  idempotency_key: null,
  nodes: [
    {
      node: "1",
      title: "Node 1",
      state: "pending",
      attempts: 0,
      step: 0,
      steps: 1,
      in_words: "Node 1: not sent yet.",
    },
  ],
  waits_for: [],
  waits_in_words: "Node 2: last seen at 14:03",
  may: ["cancel"],
};

export const doubt: Picture["doubts"][number] = {
  command_id: 41,
  kind: "feed",
  in_words: "Feed: 1 portion (#41), ordered at 13:00:00",
  evidence: ["Node 1: sent at 13:00:00, no answer since.", "Said: `MOTOR?`"],
  answers: ["succeeded", "failed", "resend"],
};

/** All text that is shown, within shadow roots too. */
export function textOf(node: Node): string {
  if (node.nodeType === 3) return node.textContent ?? "";
  const name = (node as Element).localName;
  if (name === "style") return "";
  const root = (node as Element).shadowRoot;
  return [...(root ? [root] : []), ...node.childNodes]
    .map((each) => textOf(each))
    .join(" ")
    .replace(/\s+/g, " ");
}

/** Find an element, within shadow roots too. */
export function find(from: ParentNode, wanted: (element: Element) => boolean): Element[] {
  return [...from.querySelectorAll("*")].flatMap((element) => [
    ...(wanted(element) ? [element] : []),
    ...(element.shadowRoot ? find(element.shadowRoot, wanted) : []),
  ]);
}

/** The button that says something. */
export function button(from: Element, says: string): HTMLButtonElement {
  const found = find(
    from.shadowRoot ?? from,
    (each) =>
      each.localName === "button" &&
      [each.getAttribute("aria-label") ?? "", textOf(each).trim()].includes(says),
  );
  if (!found[0]) throw new Error(`no button says ${says}: ${textOf(from)}`);
  return found[0] as HTMLButtonElement;
}

/** Let all that is under way come to rest. */
export async function rest(): Promise<void> {
  for (let times = 0; times < 12; times++) await Promise.resolve();
}
