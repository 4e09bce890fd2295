import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { act, type Picture, type Station, saying } from "../api.js";
import { define } from "../define.js";
import { lookOfMeal } from "../model.js";
import type { ConfirmDialog } from "../parts/dialog.js";
import "../parts/dialog.js";
import { clock } from "../time.js";
import { type MealTold, type Week, type WeekDate, week } from "./asking.js";
import { dayInWords } from "./days.js";
import { Fetched } from "./fetched.js";
import "./move-date.js";
import { StationPage } from "./page.js";
import { follow, pathOfCommand } from "./route.js";

/** The week of a station's plan, and what of it can be changed. */
export class PlanPage extends StationPage {
  static override styles = [
    ...StationPage.styles,
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

  /** What was refused last, as a sentence, at the station of an entry. */
  @state() private refusal?: { entry: string; why: string };
  @state() private doing = false;
  /** The meal that a person is asked about before it is removed, and whose it is. */
  @state() private removing?: { meal: MealTold; station: Station };
  @query("mqtt-dispatch-confirm") private dialog!: ConfirmDialog;

  private told = new Fetched<Week>(this, () =>
    week(this.hass, this.picture?.station.device_id ?? ""),
  );

  protected override first(): Picture | undefined {
    const { pictures } = this;
    return (
      pictures.find(({ meals }) => meals.planned) ??
      pictures.find(({ feeding }) => feeding) ??
      pictures[0]
    );
  }

  private get held(): boolean {
    return this.still || this.doing || !this.told.value?.may_control;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { picture } = this;
    if (!picture) {
      this.told.forget();
      return;
    }
    const { station, meals } = picture;
    this.told.follow(
      station.entry_id,
      JSON.stringify([station.plan_pause, this.hass.language, meals]),
    );
  }

  protected override render(): TemplateResult {
    const { words, picture, entry, refusal, removing } = this;
    if (!entry) return html`<section><p>${words.say("panel_no_station")}</p></section>`;
    return html`<div class="stack">
      <form @submit=${(event: Event) => event.preventDefault()}>${this.stationChoice()}</form>
      ${this.problem(this.told)}
      ${refusal?.entry === entry ? html`<section role="alert"><p>${refusal.why}</p></section>` : nothing}
      ${keyed(entry, picture ? this.plan(picture) : this.absent(entry))}
      <mqtt-dispatch-confirm
        risky
        .heading=${words.say("panel_remove")}
        .action=${words.say("panel_remove")}
        .back=${words.say("card_back")}
        @confirmed=${this.unschedule}
        ><p>${removing?.meal.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`;
  }

  private plan(picture: Picture): TemplateResult {
    const { value } = this.told;
    const { station, feeding } = picture;
    return html`
      ${station.plan_pause ? html`<section><p>${station.plan_pause.in_words}</p></section>` : nothing}
      ${value ? html`${this.days(value, station)} ${this.meals(value, station)}` : nothing}
      ${value && feeding?.whole_station ? this.put(picture) : nothing}
    `;
  }

  private days(told: Week, station: Station): TemplateResult {
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
            ${repeat(
              dates,
              ({ meal_id, date, node }) => JSON.stringify([meal_id, date, node]),
              (date) => this.date(date, station),
            )}
          </ul>
        </section>`,
      )}
    </div>`;
  }

  private date(date: WeekDate, station: Station): TemplateResult {
    const { words } = this;
    const look = lookOfMeal(date.state, date.kind);
    const at = clock(this.hass, date.at);
    const { meals, plan } = station.entities;
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
                    href=${pathOfCommand(station.entry_id, date.command_id)}
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
            @click=${() => this.change(station, `${may}_meal`, { meal_id: date.meal_id, date: date.date })}
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

  private meals(told: Week, station: Station): TemplateResult | typeof nothing {
    const { words } = this;
    if (!told.meals.length) return nothing;
    return html`<section aria-labelledby="meals">
      <h2 id="meals">${words.say("panel_every_meal")}</h2>
      <ul>
        ${repeat(
          told.meals,
          (meal) => meal.meal_id,
          (meal) => html`<li>
            <form aria-label=${meal.in_words} @submit=${(event: SubmitEvent) => this.move(event, station, meal)}>
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
                    this.removing = { meal, station };
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
    return html`<form
      aria-labelledby="put"
      @submit=${(event: SubmitEvent) => void this.add(event, picture.station)}
    >
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

  private move(event: SubmitEvent, station: Station, meal: MealTold): void {
    event.preventDefault();
    const time = new FormData(event.target as HTMLFormElement).get("time");
    void this.change(station, "schedule", { meal_id: meal.meal_id, time });
  }

  private async add(event: SubmitEvent, station: Station): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const name = String(fields.get("name") ?? "").trim();
    const put = await this.change(station, "schedule", {
      ...(name && { name }),
      time: fields.get("time"),
      portions: Number(fields.get("portions")),
    });
    if (put) form.reset();
  }

  private unschedule(): void {
    if (!this.removing) return;
    const { meal, station } = this.removing;
    void this.change(station, "unschedule", { meal_id: meal.meal_id });
  }

  /** Call an action at the station that was shown when a person asked for it. */
  private async change(
    { entry_id, device_id }: Station,
    action: string,
    data: Record<string, unknown>,
  ): Promise<boolean> {
    if (this.doing) return false;
    this.doing = true;
    this.refusal = undefined;
    try {
      await act(this.hass, action, { device_id, ...data });
      void this.told.again();
      return true;
    } catch (error) {
      this.refusal = { entry: entry_id, why: saying(error) };
      return false;
    } finally {
      this.doing = false;
    }
  }
}

define("mqtt-dispatch-page-plan", PlanPage);
