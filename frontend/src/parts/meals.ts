import { css, html, nothing, type TemplateResult } from "lit";
import type { MealDate } from "../api.js";
import { define } from "../define.js";
import { toast } from "../ha.js";
import { lookOfMeal } from "../model.js";
import { clock, countdown, moment } from "../time.js";
import { Part } from "./part.js";

/** What comes next and when, and what became of today's. */
export class MealsPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      .next {
        font-size: 1.25rem;
      }
      li .why {
        padding-inline-start: 28px;
      }
      .undone {
        text-decoration: line-through;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { next, today } = this.picture.meals;
    return html`
      <h3>${this.words.say("card_next")}</h3>
      ${next ? this.next(next) : html`<p>${this.words.say("card_no_next")}</p>`}
      ${
        today.length
          ? html`<h3>${this.words.say("card_today")}</h3>
              <ul>
                ${today.map((date) => this.date(date))}
              </ul>`
          : nothing
      }
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
    `;
  }

  private next(date: MealDate): TemplateResult {
    const left = countdown(this.words, date.at - this.now);
    const at = moment(this.hass, date.at, this.now);
    return html`<div class="row">
      <div class="grow">
        <p class="next">${left ? this.words.say("card_in", { time: left }) : at}</p>
        <p class="quiet">${at} · ${date.in_words}</p>
      </div>
      ${this.button(date)}
    </div>`;
  }

  private date(date: MealDate): TemplateResult {
    const { icon, tone, word } = lookOfMeal(date.state, date.kind);
    const title = date.node ? `${date.in_words} (${date.node})` : date.in_words;
    return html`<li>
      <div class="row">
        <ha-icon class=${tone} .icon=${icon}></ha-icon>
        <span class="grow">
          <span class=${date.state === "skipped" ? "undone" : ""}>${clock(this.hass, date.at)} ${title}</span>
          <span class="quiet"> · ${this.words.say(word)}</span>
        </span>
        ${date.may.includes("unskip") ? this.button(date) : nothing}
      </div>
      ${date.why ? html`<p class="quiet why">${date.why}</p>` : nothing}
    </li>`;
  }

  /** Skip a date, or have it after all. */
  private button(date: MealDate): TemplateResult | typeof nothing {
    const filled = this.filled(date);
    if (date.may.includes("skip")) {
      return html`<button
        ?disabled=${this.held}
        aria-label=${this.words.say("card_skip", filled)}
        @click=${() => this.skip(date)}
      >
        ${this.words.say("card_skip_short")}
      </button>`;
    }
    if (!date.may.includes("unskip")) return nothing;
    return html`<button
      ?disabled=${this.held}
      aria-label=${this.words.say("card_unskip", filled)}
      @click=${() => this.unskip(date)}
    >
      ${this.words.say("card_undo")}
    </button>`;
  }

  private async skip(date: MealDate): Promise<void> {
    if (!(await this.order("skip_meal", which(date)))) return;
    toast(this, this.words.say("card_skipped", this.filled(date)), {
      text: this.words.say("card_undo"),
      action: () => void this.unskip(date),
    });
  }

  private filled(date: MealDate): { meal: string; clock: string } {
    return { meal: date.title, clock: clock(this.hass, date.at) };
  }

  private unskip(date: MealDate): Promise<boolean> {
    return this.order("unskip_meal", which(date));
  }
}

function which(date: MealDate): { meal_id: string; date: string } {
  return { meal_id: date.meal_id, date: date.date };
}

define("mqtt-dispatch-meals", MealsPart);
