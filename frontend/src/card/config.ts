// What a person chooses for a card, and how the editor of dashboards asks for it.
import { stations } from "../api.js";
import type { Hass } from "../ha.js";
import { loadWords, type Words } from "../words.js";

export const TAG = "mqtt-dispatch-card";
const DOMAIN = "mqtt_dispatch";

export interface CardConfig {
  type: string;
  /** The device of a station, or of one of its nodes. */
  device_id?: string;
  /** In its place: any entity of the station, for whoever writes YAML. */
  entity?: string;
  title?: string;
  hide_meals?: boolean;
  hide_feed?: boolean;
  hide_queue?: boolean;
  hide_equipment?: boolean;
}

const LABELS: Record<string, string> = {
  device_id: "card_show_station",
  title: "card_show_title",
  hide_meals: "card_hide_meals",
  hide_feed: "card_hide_feed",
  hide_queue: "card_hide_queue",
  hide_equipment: "card_hide_equipment",
};
let words: Words | undefined;

/** Have the words for the editor, which asks for labels without waiting. */
export async function prepareLabels(hass: Hass): Promise<void> {
  words = await loadWords(hass);
}

/** The form that Home Assistant draws in its editor. */
export function form() {
  const yesNo = (name: string) => ({ name, selector: { boolean: {} } });
  return {
    schema: [
      {
        name: "device_id",
        required: true,
        selector: { device: { filter: [{ integration: DOMAIN }] } },
      },
      { name: "title", selector: { text: {} } },
      yesNo("hide_meals"),
      yesNo("hide_feed"),
      yesNo("hide_queue"),
      yesNo("hide_equipment"),
    ],
    computeLabel: ({ name }: { name: string }): string => {
      const key = LABELS[name];
      return (key && words?.say(key)) || name;
    },
  };
}

/** Return the configuration of a card that somebody has just chosen. */
export async function stub(hass: Hass): Promise<Partial<CardConfig>> {
  await prepareLabels(hass).catch(() => undefined);
  const found = await stations(hass).catch(() => []);
  const first = found.find((station) => station.loaded) ?? found[0];
  return first?.device_id ? { device_id: first.device_id } : {};
}

/** Return the card to suggest for an entity; null: it is none of ours. */
export function suggestion(hass: Hass, entityId: string) {
  const entity = hass.entities?.[entityId];
  if (entity?.platform !== DOMAIN || !entity.device_id) return null;
  return { config: { type: `custom:${TAG}`, device_id: entity.device_id } };
}

/** Return the device that a card is about; undefined: nothing says so yet. */
export function deviceOf(config: CardConfig | undefined, hass: Hass | undefined) {
  const entity = config?.entity ? hass?.entities?.[config.entity] : undefined;
  return config?.device_id ?? entity?.device_id ?? undefined;
}

/** Return a configuration of which a card can be made. Throws what is wrong with it. */
export function checked(config: unknown): CardConfig {
  if (typeof config !== "object" || config === null) throw new Error("No configuration");
  for (const name of ["device_id", "entity"] as const) {
    const value = (config as CardConfig)[name];
    if (value !== undefined && typeof value !== "string") throw new Error(`${name}: no text`);
  }
  return { ...(config as CardConfig) };
}
