import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Picture, StationListed } from "../api.js";
import type { Hass } from "../ha.js";
import { shared } from "../parts/styles.js";
import type { Words } from "../words.js";
import type { Fetched } from "./fetched.js";

/** A page of the panel. */
export abstract class PanelPage extends LitElement {
  static override styles = [
    shared,
    css`
      h2 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      section,
      form,
      .panel {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        background: var(--card-background-color);
      }
      .stack {
        display: grid;
        gap: 16px;
      }
      .fields {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: end;
      }
      label {
        display: grid;
        gap: 4px;
        min-width: 0;
        font-size: 0.875rem;
        color: var(--secondary-text-color);
      }
      input,
      select {
        min-height: 44px;
        max-width: 100%;
        padding: 0 8px;
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        background: var(--card-background-color);
        color: var(--primary-text-color);
        color-scheme: light dark;
        font: inherit;
        font-size: 1rem;
      }
      summary {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        cursor: pointer;
        text-decoration: underline;
        text-decoration-color: var(--primary-color);
      }
      ol {
        margin: 8px 0;
        padding-inline-start: 24px;
      }
      input:focus-visible,
      summary:focus-visible,
      [tabindex]:focus-visible,
      a:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: 2px;
      }
      a {
        color: var(--primary-text-color);
        text-decoration-color: var(--primary-color);
      }
    `,
  ];

  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) words!: Words;
  /** The stations that are loaded, by name. */
  @property({ attribute: false }) pictures: Picture[] = [];
  /** The stations that are not. */
  @property({ attribute: false }) unloaded: StationListed[] = [];
  /** What time it is for Home Assistant, in unix seconds. */
  @property({ type: Number }) now = 0;
  /** Whether nothing can be done, since what is shown is old. */
  @property({ type: Boolean }) still = false;

  /** Say why something is not there, with a way to try again. */
  protected problem(fetched: Fetched<unknown>): TemplateResult | typeof nothing {
    if (!fetched.error) return nothing;
    return html`<section role="alert">
      <p>${fetched.error}</p>
      <div>
        <button @click=${() => void fetched.again()}>${this.words.say("panel_try_again")}</button>
      </div>
    </section>`;
  }

  protected pictureOf(entry: string): Picture | undefined {
    return this.pictures.find(({ station }) => station.entry_id === entry);
  }

  /** Say why nothing is shown of a station. */
  protected absent(entry: string): TemplateResult {
    const { words } = this;
    const station = this.unloaded.find((each) => each.entry_id === entry);
    const why = station
      ? words.say("card_not_loaded", { station: station.title })
      : words.say("card_gone");
    return html`<section><p>${why}</p></section>`;
  }

  /** The stations to choose from, by entry: the loaded ones, and the one that is chosen. */
  protected stationsWith(chosen: string): [entry: string, title: string][] {
    const known = this.pictures.map(({ station }): [string, string] => [
      station.entry_id,
      station.title,
    ]);
    if (!chosen || this.pictureOf(chosen)) return known;
    const title = this.unloaded.find((each) => each.entry_id === chosen)?.title;
    known.push([chosen, title ?? "—"]);
    return known.sort(([, one], [, other]) => one.localeCompare(other));
  }

  protected stateOf(state: string): string {
    return this.words.stateOfAttribute("event.command", "event_type", state);
  }
}

/** A page of one station, of which a person may choose another. */
export abstract class StationPage extends PanelPage {
  /** The entry of the station that was chosen, or shown; no other takes its place. */
  @state() protected entry = "";

  protected get picture(): Picture | undefined {
    return this.pictureOf(this.entry);
  }

  protected override willUpdate(_: PropertyValues): void {
    this.entry ||= this.first()?.station.entry_id ?? "";
  }

  /** Return the station that is shown until one is chosen. */
  protected first(): Picture | undefined {
    return this.pictures[0];
  }

  /** Ask of which of the stations the page is. */
  protected stationChoice(): TemplateResult {
    return html`<label
      >${this.words.say("panel_filter_station")}
      <select
        name="station"
        @change=${(event: Event) => {
          this.entry = (event.target as HTMLSelectElement).value;
        }}
      >
        ${repeat(
          this.stationsWith(this.entry),
          ([entry]) => entry,
          ([entry, title]) =>
            html`<option value=${entry} ?selected=${entry === this.entry}>${title}</option>`,
        )}
      </select></label
    >`;
  }
}
