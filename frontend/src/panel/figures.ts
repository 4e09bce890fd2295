import { css, html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { act, type Picture } from "../api.js";
import { define } from "../define.js";
import { lengthInWords } from "./days.js";
import { Fetched } from "./fetched.js";
import { StationPage } from "./page.js";

interface Spread {
  median: number | null;
  p95: number | null;
}

/** What `get_metrics` answers of a node, or of a station. */
export interface Figures {
  ordered: number;
  succeeded: number;
  unconfirmed: number;
  failed: number;
  sent_again: number;
  success_rate: number | null;
  waited: Spread | null;
  accepted_after: Spread | null;
  done_after: Spread | null;
}

export interface Metrics extends Figures {
  nodes: Record<string, Figures>;
}

const DAYS: [number, string][] = [
  [1, "panel_day"],
  [7, "panel_week"],
  [30, "panel_month"],
];
const TIMES = [
  ["waited", "panel_waited"],
  ["accepted_after", "panel_accepted_after"],
  ["done_after", "panel_done_after"],
] as const;
const WIDTH = 200;

/** How often commands succeeded at each node of a station, and how long that took. */
export class FiguresPage extends StationPage {
  static override styles = [
    ...StationPage.styles,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding-block: 4px;
        padding-inline: 0 16px;
        text-align: start;
        font-weight: 400;
        white-space: nowrap;
      }
      svg {
        display: block;
        width: ${WIDTH}px;
        height: 16px;
      }
      .track {
        fill: var(--divider-color);
      }
      .good {
        fill: var(--success-color);
      }
      .spread {
        stroke: var(--primary-color);
        stroke-width: 2;
      }
      .median {
        fill: var(--primary-color);
      }
    `,
  ];

  @state() private days = 7;

  private told = new Fetched<Metrics>(this, () =>
    act<Metrics>(this.hass, "get_metrics", {
      device_id: this.picture?.station.device_id,
      days: this.days,
    }),
  );

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { picture } = this;
    if (!picture) {
      this.told.forget();
      return;
    }
    const open = picture.commands.open.map(({ id, state }) => [id, state]);
    this.told.follow(JSON.stringify([this.entry, this.days]), JSON.stringify(open));
  }

  protected override render(): TemplateResult {
    const { words, picture } = this;
    const { value } = this.told;
    if (!this.entry) return html`<section><p>${words.say("panel_no_station")}</p></section>`;
    return html`<div class="stack">
      ${this.form()} ${picture ? nothing : this.absent(this.entry)} ${this.problem(this.told)}
      ${picture && value && !this.told.error ? this.all(value, picture) : nothing}
    </div>`;
  }

  private form(): TemplateResult {
    const { words } = this;
    return html`<form @submit=${(event: Event) => event.preventDefault()}>
      <div class="fields">
        ${this.stationChoice()}
        <label
          >${words.say("panel_period")}
          <select
            name="days"
            @change=${(event: Event) => {
              this.days = Number((event.target as HTMLSelectElement).value);
            }}
          >
            ${DAYS.map(
              ([days, key]) =>
                html`<option value=${days} ?selected=${days === this.days}>
                  ${words.say(key)}
                </option>`,
            )}
          </select></label
        >
      </div>
    </form>`;
  }

  private all(told: Metrics, picture: Picture): TemplateResult[] {
    const titles = new Map(picture.nodes.map(({ node, title }) => [node, title]));
    const parts: [string, Figures][] = [
      [picture.station.title, told],
      ...Object.entries(told.nodes).map(([node, figures]): [string, Figures] => [
        titles.get(node) ?? node,
        figures,
      ]),
    ];
    // One scale for all, so that nodes can be compared.
    const longest = Math.max(
      ...parts.flatMap(([, figures]) => TIMES.map(([field]) => figures[field]?.p95 ?? 0)),
    );
    return parts.map(([title, figures]) => this.block(title, figures, longest));
  }

  private block(title: string, figures: Figures, longest: number): TemplateResult {
    const { words } = this;
    const counted: [string, number][] = [
      [words.say("panel_ordered"), figures.ordered],
      [this.stateOf("succeeded"), figures.succeeded],
      [this.stateOf("unconfirmed"), figures.unconfirmed],
      [this.stateOf("failed"), figures.failed],
      [words.say("panel_cause_sent_again"), figures.sent_again],
    ];
    return html`<section>
      <h2>${title}</h2>
      <p>${counted.map(([word, number]) => `${word}: ${number}`).join(" · ")}</p>
      <div class="scroll" role="region" aria-label=${title} tabindex="0">
        <table>
          ${
            figures.success_rate === null
              ? nothing
              : html`<tr>
                  <th scope="row">${words.say("panel_success_rate")}</th>
                  <td>${bar(figures.success_rate / 100)}</td>
                  <td>${figures.success_rate} %</td>
                </tr>`
          }
          ${TIMES.map(([field, key]) => {
            const times = figures[field];
            if (!times || times.median === null || times.p95 === null) return nothing;
            return html`<tr>
              <th scope="row">${words.say(key)}</th>
              <td>${strip(times.median / longest, times.p95 / longest)}</td>
              <td>
                ${words.say("panel_median", {
                  median: lengthInWords(words, times.median),
                  p95: lengthInWords(words, times.p95),
                })}
              </td>
            </tr>`;
          })}
        </table>
      </div>
    </section>`;
  }
}

/** A share from 0 to 1; the number stands beside it. */
function bar(share: number): TemplateResult {
  return html`<svg viewBox="0 0 ${WIDTH} 16" aria-hidden="true">
    ${svg`<rect class="track" y="4" width=${WIDTH} height="8" rx="4"></rect>
      <rect class="good" y="4" width=${WIDTH * share} height="8" rx="4"></rect>`}
  </svg>`;
}

/** From the median, a dot, to what 95 of 100 did not exceed; shares of the longest time. */
function strip(median: number, p95: number): TemplateResult {
  const x = (share: number) => 6 + (WIDTH - 12) * (Number.isFinite(share) ? share : 0);
  return html`<svg viewBox="0 0 ${WIDTH} 16" aria-hidden="true">
    ${svg`<rect class="track" y="7" width=${WIDTH} height="2"></rect>
      <line class="spread" x1=${x(median)} x2=${x(p95)} y1="8" y2="8"></line>
      <line class="spread" x1=${x(p95)} x2=${x(p95)} y1="2" y2="14"></line>
      <circle class="median" cx=${x(median)} cy="8" r="5"></circle>`}
  </svg>`;
}

define("mqtt-dispatch-page-figures", FiguresPage);
