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
  const known = loading.get(hass.language);
  const found = known ?? hass.loadBackendTranslation("common", [DOMAIN]);
  loading.set(hass.language, found);
  try {
    const localize = await found;
    return new Words(localize, hass.localize, hass.language);
  } catch (error) {
    loading.delete(hass.language); // The next one tries again.
    throw error;
  }
}

export class Words {
  private readonly plural: Intl.PluralRules;

  constructor(
    private readonly common: Localize,
    private readonly page: Localize,
    readonly language: string,
  ) {
    this.plural = new Intl.PluralRules(language);
  }

  /** Return a sentence with its places filled in; its key if no language has it. */
  say = (key: string, values: Record<string, string | number> = {}): string => {
    const text = this.common(`component.${DOMAIN}.common.${key}`, values);
    return text ? filled(text, values) : key;
  };

  /** Return a sentence about a number, which ends in `_one` or `_other` by the language. */
  count = (key: string, number: number): string => {
    const form = this.plural.select(number) === "one" ? "one" : "other";
    return this.say(`${key}_${form}`, { number });
  };

  /** Return the word for a state of one of our entities, such as `sensor.status`. */
  state = (entity: string, state: string): string =>
    this.page(`component.${DOMAIN}.entity.${entity}.state.${state}`) || state;
}

function filled(text: string, values: Record<string, string | number>): string {
  // Places that the page filled in already are gone.
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
