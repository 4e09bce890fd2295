import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { act, type Picture, saying } from "../api.js";
import { define } from "../define.js";
import { lookOfMeal } from "../model.js";
import type { ConfirmDialog } from "../parts/dialog.js";
import "../parts/dialog.js";
import { clock } from "../time.js";
import { type MealTold, type Week, type WeekDate, week } from "./asking.js";
import { dayInWords } from "./days.js";
import { Fetched } from "./fetched.js";
import "./move-date.js";
import { PanelPage } from "./page.js";
import { follow, pathOfCommand } from "./route.js";

/** The week of a station's plan, and what of it can be changed. */
export class PlanPage extends PanelPage {
  static override styles = [
    ...PanelPage.styles,
    css`
      .days {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 16px;
      }
      li {
        padding-block: 4px;
      }
      .days section {
        align-content: start;
      }
      .days h2 {
        font-size: 1rem;
      }
      section form {
        padding: 0;
        border: 0;
      }
    `,
  ];

  @state() private entry = "";
  @state() private refusal = "";
  @state() private doing = false;
  /** The meal that a person is asked about before it is removed. */
  @state() private removing?: MealTold;
  @query("mqtt-dispatch-confirm") private dialog!: ConfirmDialog;

  private told = new Fetched<Week>(this, () =>
    week(this.hass, this.picture?.station.device_id ?? ""),
  );

  private get picture(): Picture | undefined {
    const { pictures } = this;
    return (
      pictures.find(({ station }) => station.entry_id === this.entry) ??
      pictures.find(({ meals }) => meals.planned) ??
      pictures.find(({ feeding }) => feeding) ??
      pictures[0]
    );
  }

  private get held(): boolean {
    return this.still || this.doing || !this.told.value?.may_control;
  }

  protected override willUpdate(_: PropertyValues): void {
    const { picture } = this;
    if (!picture) return;
    const { station, meals } = picture;
    this.told.follow(
      JSON.stringify([station.entry_id, station.plan_pause, this.hass.language, meals]),
    );
  }

  protected override render(): TemplateResult {
    const { words, picture } = this;
    const { value } = this.told;
    if (!picture) return html`<section><p>${words.say("panel_no_station")}</p></section>`;
    return html`<div class="stack">
      ${this.choice(picture)} ${this.problem(this.told)}
      ${this.refusal ? html`<section role="alert"><p>${this.refusal}</p></section>` : nothing}
      ${picture.station.plan_pause ? html`<section><p>${picture.station.plan_pause.in_words}</p></section>` : nothing}
      ${value ? html`${this.days(value, picture)} ${this.meals(value)}` : nothing}
      ${value && picture.feeding?.whole_station ? this.put(picture) : nothing}
      <mqtt-dispatch-confirm
        risky
        .heading=${words.say("panel_remove")}
        .action=${words.say("panel_remove")}
        .back=${words.say("card_back")}
        @confirmed=${() => this.removing && void this.change("unschedule", { meal_id: this.removing.meal_id })}
        ><p>${this.removing?.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`;
  }

  private choice(picture: Picture): TemplateResult {
    return html`<form @submit=${(event: Event) => event.preventDefault()}>
      ${this.stationChoice(picture, (entry) => {
        this.entry = entry;
        this.refusal = "";
      })}
    </form>`;
  }

  private days(told: Week, picture: Picture): TemplateResult {
    const days = new Map<string, WeekDate[]>();
    for (const date of told.dates) {
      days.set(date.date, [...(days.get(date.date) ?? []), date]);
    }
    if (!days.size) {
      return html`<section><p>${this.words.say("card_no_next")}</p></section>`;
    }
    return html`<div class="days">
      ${repeat(
        days,
        ([day]) => day,
        ([day, dates]) => html`<section>
          <h2>${dayInWords(this.hass, day)}</h2>
          <ul>
            ${dates.map((date) => this.date(date, picture))}
          </ul>
        </section>`,
      )}
    </div>`;
  }

  private date(date: WeekDate, picture: Picture): TemplateResult {
    const { words } = this;
    const look = lookOfMeal(date.state);
    const at = clock(this.hass, date.at);
    const { meals, plan } = picture.station.entities;
    const calendar = meals ?? plan;
    const names = { meal: date.title, clock: at };
    return html`<li>
      <div class="row">
        <ha-icon class=${look.tone} .icon=${look.icon}></ha-icon>
        <span class="grow"
          >${at} ${date.in_words}
          <span class="quiet"
            >${date.node ? `${date.node} · ` : ""}${
              date.command_id
                ? html`<a
                    href=${pathOfCommand(picture.station.entry_id, date.command_id)}
                    @click=${follow}
                    >${words.say(look.word)}</a
                  >`
                : words.say(look.word)
            }${date.why ? html` · ${date.why}` : nothing}</span
          ></span
        >
        ${date.may.map(
          (may) => html`<button
            ?disabled=${this.held}
            aria-label=${`${words.say(may === "skip" ? "card_skip_short" : "card_undo")}: ${words.say(`card_${may}`, names)}, ${dayInWords(this.hass, date.date)}`}
            @click=${() => this.change(`${may}_meal`, { meal_id: date.meal_id, date: date.date })}
          >
            ${words.say(may === "skip" ? "card_skip_short" : "card_undo")}
          </button>`,
        )}
      </div>
      ${
        calendar && date.may.includes("skip")
          ? html`<mqtt-dispatch-move-date
              .hass=${this.hass} .words=${words} .date=${date} .calendar=${calendar} .held=${this.held}
              @moved=${() => void this.told.again()}
            ></mqtt-dispatch-move-date>`
          : nothing
      }
    </li>`;
  }

  private meals(told: Week): TemplateResult | typeof nothing {
    const { words } = this;
    if (!told.meals.length) return nothing;
    return html`<section aria-labelledby="meals">
      <h2 id="meals">${words.say("panel_every_meal")}</h2>
      <ul>
        ${repeat(
          told.meals,
          (meal) => meal.meal_id,
          (meal) => html`<li>
            <form aria-label=${meal.in_words} @submit=${(event: SubmitEvent) => this.move(event, meal)}>
              <p>${meal.in_words}</p>
              <div class="fields">
                ${
                  meal.time
                    ? html`<label
                          >${words.say("panel_time")}
                          <input name="time" type="time" required .value=${meal.time.slice(0, 5)} ?disabled=${this.held}
                        /></label>
                        <button ?disabled=${this.held}>${words.say("panel_move")}</button>`
                    : nothing
                }
                <button
                  type="button"
                  ?disabled=${this.held}
                  @click=${() => {
                    this.removing = meal;
                    this.dialog.ask();
                  }}
                >
                  ${words.say("panel_remove")}
                </button>
              </div>
            </form>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private put(picture: Picture): TemplateResult {
    const { words } = this;
    const { minimum = 1, maximum = 50 } = picture.feeding ?? {};
    return html`<form aria-labelledby="put" @submit=${this.add}>
      <h2 id="put">${words.say("panel_put")}</h2>
      <div class="fields">
        <label>${words.say("panel_name")} <input name="name" maxlength="100" ?disabled=${this.held} /></label>
        <label
          >${words.say("panel_time")}
          <input name="time" type="time" required ?disabled=${this.held}
        /></label>
        <label
          >${words.say("panel_portions")}
          <input
            name="portions" type="number" required
            min=${minimum} max=${maximum} value=${minimum} ?disabled=${this.held}
        /></label>
        <button ?disabled=${this.held}>${words.say("panel_put_daily")}</button>
      </div>
    </form>`;
  }

  private move(event: SubmitEvent, meal: MealTold): void {
    event.preventDefault();
    const time = new FormData(event.target as HTMLFormElement).get("time");
    void this.change("schedule", { meal_id: meal.meal_id, time });
  }

  private add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const name = String(fields.get("name") ?? "").trim();
    const put = await this.change("schedule", {
      ...(name && { name }),
      time: fields.get("time"),
      portions: Number(fields.get("portions")),
    });
    if (put) form.reset();
  };

  private async change(action: string, data: Record<string, unknown>): Promise<boolean> {
    if (this.doing) return false;
    this.doing = true;
    this.refusal = "";
    try {
      await act(this.hass, action, { device_id: this.picture?.station.device_id, ...data });
      void this.told.again();
      return true;
    } catch (error) {
      this.refusal = saying(error);
      return false;
    } finally {
      this.doing = false;
    }
  }
}

define("mqtt-dispatch-page-plan", PlanPage);
