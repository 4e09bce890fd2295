import { css, html, nothing, type TemplateResult } from "lit";
import { define } from "../define.js";
import { showMore } from "../ha.js";
import { lookOfStatus } from "../model.js";
import { moment } from "../time.js";
import { Part } from "./part.js";

/** Whether all is well, in one line, and what is not. */
export class StatusPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      .line {
        font-weight: 500;
      }
      ul {
        padding-inline-start: 28px;
      }
      button {
        padding: 0;
        border: 0;
        text-align: start;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { station } = this.picture;
    const { icon, tone } = lookOfStatus(this.picture);
    return html`
      <div class="row">
        <ha-icon class=${tone} .icon=${icon}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map((each) => html`<p class="quiet" role="alert">${each}</p>`)}
      ${this.unready()}
      ${
        station.last_fed === null
          ? nothing
          : html`<p class="quiet">
              ${this.words.say("card_last_fed", {
                time: moment(this.hass, station.last_fed, this.now),
              })}
              · ${this.words.say("card_portions_today", { number: station.portions_today })}
            </p>`
      }
    `;
  }

  private line(): string {
    const { status, ready } = this.picture.station;
    const word = this.words.state("sensor.status", status);
    if (ready === null) return word;
    return `${this.words.state("binary_sensor.ready", ready ? "on" : "off")} · ${word}`;
  }

  /** What is wrong, or why nothing is done. */
  private troubles(): string[] {
    const { pause, plan_pause: plan, storage_ok: stored, overdue } = this.picture.station;
    const pauses = [pause, plan].map((each) => each?.in_words ?? "");
    return [stored ? "" : this.words.say("card_storage"), ...pauses, ...overdue].filter(Boolean);
  }

  /** Why nodes are not ready. */
  private unready(): TemplateResult | typeof nothing {
    const why = this.picture.nodes.map((node) => node.why_in_words).filter((each) => each);
    if (!why.length) return nothing;
    return html`<ul class="quiet">
      ${why.map((each) => html`<li>${each}</li>`)}
    </ul>`;
  }

  private more(): void {
    const { status } = this.picture.station.entities;
    if (status) showMore(this, status);
  }
}

define("mqtt-dispatch-status", StatusPart);
