import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { saying } from "../api.js";
import { define } from "../define.js";
import type { Hass } from "../ha.js";
import type { Words } from "../words.js";
import { moveDate, type WeekDate } from "./asking.js";
import { dayInWords } from "./days.js";
import { PanelPage } from "./page.js";

/** Gives one date of a meal another time; fires `moved`. */
export class MoveDate extends LitElement {
  static override styles = [
    ...PanelPage.styles,
    css`
      form {
        padding: 8px 0 0;
        border: 0;
      }
    `,
  ];

  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) words!: Words;
  @property({ attribute: false }) date!: WeekDate;
  /** The entity id of the calendar in which the date stands. */
  @property() calendar = "";
  @property({ type: Boolean }) held = false;
  @state() private doing = false;
  @state() private refusal = "";
  @query("details") private details!: HTMLDetailsElement;

  protected override render(): TemplateResult {
    const { words, hass, date } = this;
    const held = this.held || this.doing;
    const what = `${date.title}, ${dayInWords(hass, date.date)}`;
    return html`<details>
      <summary aria-label=${`${words.say("panel_move_date")}: ${what}`}>
        ${words.say("panel_move_date")}
      </summary>
      <form aria-label=${what} @submit=${this.move}>
        <div class="fields">
          <label
            >${words.say("panel_time")}
            <input name="time" type="time" required .value=${date.time} ?disabled=${held}
          /></label>
          <button ?disabled=${held}>${words.say("panel_move")}</button>
        </div>
        ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
      </form>
    </details>`;
  }

  private async move(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.doing) return;
    const time = String(new FormData(event.target as HTMLFormElement).get("time"));
    this.doing = true;
    this.refusal = "";
    try {
      await moveDate(this.hass, this.calendar, this.date, time);
      this.details.open = false;
      this.dispatchEvent(new CustomEvent("moved"));
    } catch (error) {
      this.refusal = saying(error);
    } finally {
      this.doing = false;
    }
  }
}

define("mqtt-dispatch-move-date", MoveDate);
