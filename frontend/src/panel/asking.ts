// What the panel asks besides what it follows. The package's folder `websocket` answers.
import type { CommandState, MealDate, Wanted } from "../api.js";
import type { Hass } from "../ha.js";
import { beginOf, endOf } from "./days.js";
import type { Filters } from "./route.js";

/** A place in the history; the page after it begins there. */
export type Place = [at: number, entry: string, id: number];

export interface CommandRow {
  entry_id: string;
  station: string;
  id: number;
  kind: string;
  kind_in_words: string;
  in_words: string;
  state: CommandState;
  created_at: number;
  ended_at: number | null;
  nodes: string[];
}

export interface HistoryPage {
  commands: CommandRow[];
  next: Place | null;
  /** Whether the database cannot be read, and what only stands there is missing. */
  only_at_hand: boolean;
}

export interface Step {
  at: number;
  state: string;
  cause: string;
  node: string | null;
  detail: string;
}

export interface CommandTold extends CommandRow {
  at: number | null;
  expires_at: number | null;
  finishes: number | null;
  deliveries: string[];
  timeline: Step[];
}

export interface MealTold {
  meal_id: string;
  name: string;
  in_words: string;
  kind: string;
  time: string | null;
  enabled: boolean;
}

export interface WeekDate extends MealDate {
  /** For how many seconds it is shown as going on in the calendar. */
  lasts: number;
}

export interface Week {
  may_control: boolean;
  meals: MealTold[];
  dates: WeekDate[];
}

/** A message as it came, bar what may let somebody in. */
export interface RawMessage {
  topic: string;
  /** Null: it may hold secrets. */
  payload: string | null;
  /** Whether there was more of it. */
  cut: boolean;
  /** Bytes that came. */
  size: number;
  at: number;
  retained: boolean;
  /** Why it says nothing, in the words of the log. */
  why: string | null;
}

export interface NodeHeard {
  node: string;
  /** By how many seconds its clock was ahead; null: it does not say. */
  clock: number | null;
  messages: RawMessage[];
}

export interface Heard {
  prefix: string;
  /** The filters of the topics on which the station listens. */
  topics: string[];
  nodes: NodeHeard[];
  others: RawMessage[];
}

function ask<T>(hass: Hass, command: string, fields: Record<string, unknown>): Promise<T> {
  return hass.callWS<T>({ type: `mqtt_dispatch/${command}`, language: hass.language, ...fields });
}

/** Return a page of the history; `device`: a station, or all. */
export function history(
  hass: Hass,
  device: string,
  filters: Filters,
  before: Place | null,
): Promise<HistoryPage> {
  return ask(hass, "history", {
    device_id: device,
    limit: 50,
    ...wantedOf(hass, filters),
    ...(before && { before }),
  });
}

/** Return what filters leave of the history. */
export function wantedOf(hass: Hass, filters: Filters): Wanted {
  const zone = hass.config.time_zone;
  const { node, kind, state, from, to } = filters;
  return {
    ...(node && { node }),
    ...(kind && { kind }),
    ...(state && { state: state as CommandState }),
    ...(from && { since: beginOf(from, zone) }),
    ...(to && { until: endOf(to, zone) }),
  };
}

export function command(hass: Hass, device: string, id: number): Promise<CommandTold> {
  return ask(hass, "command", { device_id: device, command_id: id });
}

export function week(hass: Hass, device: string): Promise<Week> {
  return ask(hass, "plan", { device_id: device });
}

export function heard(hass: Hass, device: string): Promise<Heard> {
  return ask(hass, "nodes", { device_id: device });
}

/** Have one date of a meal come at another time of its day, as the calendar's page does. */
export function moveDate(
  hass: Hass,
  calendar: string,
  date: WeekDate,
  time: string,
): Promise<unknown> {
  const begin = Date.parse(`${date.date}T${time}:00Z`);
  const local = (at: number) => new Date(at).toISOString().slice(0, 19);
  return hass.callWS({
    type: "calendar/event/update",
    entity_id: calendar,
    uid: date.meal_id,
    recurrence_id: date.date,
    event: {
      summary: date.in_words,
      dtstart: local(begin),
      dtend: local(begin + date.lasts * 1000),
    },
  });
}
