import { css, html, nothing, type TemplateResult } from "lit";
import { query } from "lit/decorators.js";
import { define } from "../define.js";
import type { ConfirmDialog } from "./dialog.js";
import "./dialog.js";
import { Part } from "./part.js";

/** Pause the station or its plan for a while, or go on. */
export class PausePart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `,
  ];

  @query("mqtt-dispatch-confirm") private dialog!: ConfirmDialog;
  @query("#what") private what!: HTMLSelectElement;
  @query("#long") private long!: HTMLSelectElement;

  protected override render(): TemplateResult {
    const { pause, plan_pause: plan } = this.picture.station;
    const { say } = this.words;
    const paused = pause || plan;
    return html`
      <div class="wrap">
        ${
          paused
            ? html`<button ?disabled=${this.held} @click=${this.resume}>
                ${say("card_resume")}
              </button>`
            : html`<button ?disabled=${this.held} @click=${() => this.dialog.ask()}>
                ${say("card_pause")}
              </button>`
        }
      </div>
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
      <mqtt-dispatch-confirm
        .heading=${say("card_pause")}
        .action=${say("card_pause")}
        .back=${say("card_back")}
        @confirmed=${this.pause}
      >
        <label
          >${say("card_pause_what")}
          <select id="what">
            <option value="station">${say("card_pause_station")}</option>
            <option value="plan">${say("card_pause_plan")}</option>
          </select></label
        >
        <label
          >${say("card_how_long")}
          <select id="long">
            <option value="01:00:00">${say("card_for_hour")}</option>
            <option value="24:00:00">${say("card_for_day")}</option>
            <option value="">${say("card_until_resumed")}</option>
          </select></label
        >
      </mqtt-dispatch-confirm>
    `;
  }

  private pause(): void {
    const lasts = this.long.value;
    void this.order("pause", { what: this.what.value, ...(lasts ? { for: lasts } : {}) });
  }

  private async resume(): Promise<void> {
    const { pause, plan_pause: plan } = this.picture.station;
    if (pause && !(await this.order("resume", { what: "station" }))) return;
    if (plan) await this.order("resume", { what: "plan" });
  }
}

define("mqtt-dispatch-pause", PausePart);
