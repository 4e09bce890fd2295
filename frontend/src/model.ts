// From a picture to what is shown of it: pure, so that it is tested without a page.
import type { CommandShown, MealState, Picture, Status } from "./api.js";
import type { Hass } from "./ha.js";

export type Tone = "good" | "warning" | "bad" | "plain";

export interface Look {
  icon: string;
  tone: Tone;
}

const STATUS: Record<Status, Look> = {
  idle: { icon: "mdi:check-circle", tone: "good" },
  waiting: { icon: "mdi:clock-outline", tone: "warning" },
  running: { icon: "mdi:progress-clock", tone: "plain" },
  unconfirmed: { icon: "mdi:help-circle", tone: "warning" },
  paused: { icon: "mdi:pause-circle", tone: "warning" },
  offline: { icon: "mdi:lan-disconnect", tone: "bad" },
  storage_error: { icon: "mdi:harddisk-remove", tone: "bad" },
};

const MEAL: Record<MealState, Look & { word: string }> = {
  pending: { icon: "mdi:circle-outline", tone: "plain", word: "card_pending" },
  waiting: { icon: "mdi:clock-outline", tone: "warning", word: "card_waiting" },
  dispensing: { icon: "mdi:progress-clock", tone: "plain", word: "card_dispensing" },
  unconfirmed: { icon: "mdi:help-circle", tone: "warning", word: "card_unconfirmed" },
  fed: { icon: "mdi:check-circle", tone: "good", word: "became_fed" },
  skipped: { icon: "mdi:skip-next-circle", tone: "plain", word: "became_skipped" },
  missed: { icon: "mdi:alert-circle", tone: "bad", word: "became_missed" },
  failed: { icon: "mdi:close-circle", tone: "bad", word: "became_failed" },
  unknown: { icon: "mdi:help-circle-outline", tone: "plain", word: "card_unknown" },
};

/** How the status of a station looks; one whose nodes are not ready is not well. */
export function lookOfStatus(picture: Picture): Look {
  const { status, ready } = picture.station;
  if (status === "idle" && ready === false) return { icon: "mdi:alert-circle", tone: "warning" };
  return STATUS[status] ?? STATUS.waiting;
}

/** How a date of a meal looks, or of another kind, and the key of the word for it. */
export function lookOfMeal(state: MealState, kind = "feed"): Look & { word: string } {
  const look = MEAL[state] ?? MEAL.unknown;
  return state === "fed" && kind !== "feed" ? { ...look, word: "became_done" } : look;
}

/** What is open and is no question: that stands by itself. */
export function inQueue(picture: Picture): CommandShown[] {
  return picture.commands.open.filter((command) => command.state !== "unconfirmed");
}

/** The sentences that say how far a command is, or what it waits for. */
export function progress(command: CommandShown): string[] {
  if (command.waits_in_words) return [command.waits_in_words];
  return command.nodes.map((node) => node.in_words);
}

/** What became of a command that is open no more, if the station's event still tells. */
export function endedAs(hass: Hass, picture: Picture, commandId: number): string | undefined {
  if (picture.commands.open.some((command) => command.id === commandId)) return undefined;
  const event = hass.states[picture.station.entities.command ?? ""];
  const { command_id: told, event_type: state } = event?.attributes ?? {};
  return told === commandId && typeof state === "string" ? state : undefined;
}

/** The portions to offer: what was chosen, within what the nodes can give. */
export function portionsWithin(picture: Picture, wanted: number): number {
  const { minimum, maximum } = picture.feeding ?? { minimum: 1, maximum: 1 };
  return Math.min(maximum, Math.max(minimum, Math.round(wanted)));
}

/** A sentence in pieces, each second one as a node spells it: it stood in backticks. */
export function pieces(sentence: string): string[] {
  return sentence.split("`");
}
