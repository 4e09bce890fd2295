// What the panel asks besides what it follows. The package's folder `websocket` answers.
import type { CommandState, MealDate } from "../api.js";
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

export interface Week {
  may_control: boolean;
  meals: MealTold[];
  dates: MealDate[];
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
  const zone = hass.config.time_zone;
  const { node, kind, state, from, to } = filters;
  return ask(hass, "history", {
    device_id: device,
    limit: 50,
    ...(node && { node }),
    ...(kind && { kind }),
    ...(state && { state }),
    ...(from && { since: beginOf(from, zone) }),
    ...(to && { until: endOf(to, zone) }),
    ...(before && { before }),
  });
}

export function command(hass: Hass, device: string, id: number): Promise<CommandTold> {
  return ask(hass, "command", { device_id: device, command_id: id });
}

export function week(hass: Hass, device: string): Promise<Week> {
  return ask(hass, "plan", { device_id: device });
}
