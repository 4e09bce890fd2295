// The websocket commands and the actions of the integration, with their types.
// Moments are unix seconds. The package's folder `websocket` makes what stands here.
import type { HaError, Hass } from "./ha.js";

const DOMAIN = "mqtt_dispatch";

export type Status =
  | "idle"
  | "waiting"
  | "running"
  | "unconfirmed"
  | "paused"
  | "offline"
  | "storage_error";

/** A station as it is listed, loaded or not. */
export interface StationListed {
  entry_id: string;
  device_id: string | null;
  title: string;
  protocol: string;
  protocol_in_words: string;
  loaded: boolean;
  feeds: boolean;
  nodes: string[];
  may_control: boolean;
}

export interface Pause {
  until: number | null;
  reason: string | null;
  in_words: string;
}

export interface Station extends StationListed {
  status: Status;
  ready: boolean | null;
  connected: boolean;
  storage_ok: boolean;
  open: number;
  waiting: number;
  /** Nothing is sent. */
  pause: Pause | null;
  /** Nothing of the plan is done. */
  plan_pause: Pause | null;
  portions_today: number;
  last_fed: number | null;
  /** Meals that should have happened by now, a sentence each. */
  overdue: string[];
  time_zone: string;
  /** Entity ids by role: `ready`, `status`, `feed`, `portions`, `meals`, `dispatching` ... */
  entities: Record<string, string>;
}

export interface Feeding {
  /** Whether all nodes are fed together; else each by itself. */
  whole_station: boolean;
  minimum: number;
  maximum: number;
  /** What a person chose beforehand. */
  chosen: number;
  /** What a portion weighs; null: nobody says. */
  grams: number | null;
}

export interface NodeShown {
  node: string;
  title: string;
  device_id: string | null;
  /** Whether what it said is still so. */
  presence: "here" | "awaited" | "gone";
  ready: boolean | null;
  online: boolean | null;
  last_seen: number | null;
  /** Why it is not ready. */
  why: string | null;
  why_in_words: string | null;
  /** Whether it can be fed with a command of its own. */
  feeds: boolean;
  last_fed: number | null;
  may_control: boolean;
  /** Entity ids by role: `ready`, `online`, `reboot`, `image`, `next_wake`, `capture`. */
  entities: Record<string, string>;
  /** What it is, as its profile calls it; null: all of its protocol are alike. */
  model: string | null;
  /** What it cannot prove, in sentences. */
  not_provable: string[];
}

export type CommandState =
  | "queued"
  | "sent"
  | "accepted"
  | "unconfirmed"
  | "succeeded"
  | "failed"
  | "rejected"
  | "expired"
  | "cancelled"
  | "superseded";

export interface DeliveryShown {
  node: string;
  title: string;
  state: "pending" | "sent" | "accepted" | "done" | "failed" | "rejected" | "unknown";
  attempts: number;
  step: number;
  steps: number;
  in_words: string;
}

export interface ReasonShown {
  why: string;
  node: string | null;
  since: string | null;
  until: string | null;
  command_id: number | null;
}

export interface CommandShown {
  id: number;
  kind: string;
  kind_in_words: string;
  /** What was ordered, and when. */
  in_words: string;
  state: CommandState;
  created_at: number;
  /** Not before; null: at once. */
  at: number | null;
  expires_at: number | null;
  idempotency_key: string | null;
  nodes: DeliveryShown[];
  waits_for: ReasonShown[];
  waits_in_words: string | null;
  may: ("cancel" | "resolve")[];
}

export type Answer = "succeeded" | "failed" | "resend";

export interface Doubt {
  command_id: number;
  kind: string;
  in_words: string;
  /** What is known, a sentence each; what stands in backticks is as a node spells it. */
  evidence: string[];
  answers: Answer[];
}

export type MealState =
  | "pending"
  | "waiting"
  | "dispensing"
  | "unconfirmed"
  | "fed"
  | "skipped"
  | "missed"
  | "failed"
  | "unknown";

/** A date of a meal. */
export interface MealDate {
  meal_id: string;
  title: string;
  in_words: string;
  kind: string;
  /** Local "YYYY-MM-DD". */
  date: string;
  /** Local "HH:MM". */
  time: string;
  at: number;
  node: string | null;
  state: MealState;
  why: string | null;
  command_id: number | null;
  may: ("skip" | "unskip")[];
}

export interface Valve {
  node: string;
  valve: string;
  closes_at: string | null;
  run_time: string | null;
}

export interface Camera {
  node: string;
  image: string;
  next_wake: string | null;
  capture: string | null;
}

/** All that is shown of a station that is loaded. */
export interface Picture {
  station: Station;
  feeding: Feeding | null;
  nodes: NodeShown[];
  commands: { open: CommandShown[]; more: number };
  doubts: Doubt[];
  meals: { planned: number; next: MealDate | null; today: MealDate[] };
  valves: Valve[];
  cameras: Camera[];
}

/** A station that is not loaded. */
export interface Unloaded {
  station: StationListed;
}

/** A station, by its entry, that is removed, or not to be seen any more. */
export interface Gone {
  gone: string;
}

export type Seen = Picture | Unloaded | Gone;

/** What a subscription is told: at first of all that is followed, then of what changed. */
export interface Update {
  version: string;
  now: number;
  pictures: Seen[];
}

export function isGone(seen: Seen): seen is Gone {
  return "gone" in seen;
}

export function isLoaded(seen: Seen): seen is Picture {
  return "station" in seen && seen.station.loaded;
}

/** Return the stations that the user may see, by name. */
export async function stations(hass: Hass): Promise<StationListed[]> {
  const told = await hass.callWS<{ stations: StationListed[] }>({
    type: `${DOMAIN}/stations`,
    language: hass.language,
  });
  return told.stations;
}

/** What of a history is wanted; without a field: whatever it is. */
export interface Wanted {
  node?: string;
  kind?: string;
  state?: CommandState;
  since?: number;
  until?: number;
}

/** Seconds for which a file can be opened by its path alone. */
const SIGNED_FOR = 300;

/** Return the path of a file with what is wanted of a station's history, for a spreadsheet.
 * It opens by itself for five minutes. Rejects with `HaError`. */
export async function historyFile(hass: Hass, device: string, wanted: Wanted): Promise<string> {
  const { path } = await hass.callWS<{ path: string }>({
    type: `${DOMAIN}/history_file`,
    device_id: device,
    ...wanted,
  });
  const signed = await hass.callWS<{ path: string }>({
    type: "auth/sign_path",
    path,
    expires: SIGNED_FOR,
  });
  return signed.path;
}

/** The message that follows the station of a device, or (`all`) every one. */
export function following(device: string, language: string) {
  return { type: `${DOMAIN}/subscribe`, device_id: device, language };
}

/** Call an action and return its answer. Rejects with `HaError`. */
export async function act<T = unknown>(
  hass: Hass,
  action: string,
  data: Record<string, unknown>,
): Promise<T> {
  const told = await hass.callService(DOMAIN, action, data, undefined, false, true);
  return told.response as T;
}

/** Return a key that no other order has. There is no `randomUUID` on plain http. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `card:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Whether nobody knows if Home Assistant got what was called: the connection was lost. */
export function wasCutOff(error: unknown): boolean {
  return (error as HaError | undefined)?.code === 3;
}

/** Return what an error says. */
export function saying(error: unknown): string {
  const { message } = (error ?? {}) as HaError;
  return message || String(error);
}
