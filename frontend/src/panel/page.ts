import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Picture } from "../api.js";
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

  /** Ask of which of the stations a page is. */
  protected stationChoice(chosen: Picture, choose: (entry: string) => void): TemplateResult {
    return html`<label
      >${this.words.say("panel_filter_station")}
      <select
        name="station"
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
      >
        ${this.pictures.map(
          ({ station }) =>
            html`<option
              value=${station.entry_id}
              ?selected=${station.entry_id === chosen.station.entry_id}
            >
              ${station.title}
            </option>`,
        )}
      </select></label
    >`;
  }

  protected stateOf(state: string): string {
    return this.words.stateOfAttribute("event.command", "event_type", state);
  }
}
