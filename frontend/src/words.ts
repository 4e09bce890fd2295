// The words of the translations, in the language of the user.
import type { Hass, Localize } from "./ha.js";

const DOMAIN = "mqtt_dispatch";
const loading = new Map<string, Promise<Localize>>();

/**
 * Return what says words: `say("card_feed")`, `say("card_skipped", { meal: "Lunch" })`.
 *
 * The words of a language are loaded once for all cards.
 */
export async function loadWords(hass: Hass): Promise<Words> {
  const found = loading.get(hass.language) ?? load(hass);
  loading.set(hass.language, found);
  try {
    return new Words(await found, hass.language);
  } catch (error) {
    loading.delete(hass.language); // The next one tries again.
    throw error;
  }
}

async function load(hass: Hass): Promise<Localize> {
  await hass.loadBackendTranslation("entity", [DOMAIN]);
  // What it returns knows all that was loaded until now.
  return hass.loadBackendTranslation("common", [DOMAIN]);
}

export class Words {
  constructor(
    private readonly localize: Localize,
    readonly language: string,
  ) {}

  /** Return a sentence with its places filled in; its key if no language has it. */
  say = (key: string, values: Record<string, string | number> = {}): string => {
    const text = this.localize(`component.${DOMAIN}.common.${key}`, values);
    return text ? filled(text, values) : key;
  };

  /** Return the word for a state of one of our entities, such as `sensor.status`. */
  state = (entity: string, state: string): string =>
    this.localize(`component.${DOMAIN}.entity.${entity}.state.${state}`) || state;

  /** The same for an attribute, such as the `event_type` of `event.command`. */
  stateOfAttribute = (entity: string, attribute: string, state: string): string =>
    this.localize(
      `component.${DOMAIN}.entity.${entity}.state_attributes.${attribute}.state.${state}`,
    ) || state;
}

function filled(text: string, values: Record<string, string | number>): string {
  // Places that the page filled in already are gone.
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
