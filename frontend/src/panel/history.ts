import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { historyFile, saying } from "../api.js";
import { define } from "../define.js";
import { moment } from "../time.js";
import { type CommandRow, type HistoryPage, history, wantedOf } from "./asking.js";
import { Fetched } from "./fetched.js";
import { PanelPage } from "./page.js";
import { type Filters, follow, go, pathOf, pathOfCommand, searchOf } from "./route.js";

const STATES = [
  "queued",
  "sent",
  "accepted",
  "unconfirmed",
  "succeeded",
  "failed",
  "rejected",
  "expired",
  "cancelled",
  "superseded",
];

const FIELDS: Record<keyof Filters, string> = {
  station: "panel_filter_station",
  node: "panel_filter_node",
  kind: "panel_filter_kind",
  state: "panel_filter_state",
  from: "panel_filter_from",
  to: "panel_filter_to",
};

/** The commands of all stations, the newest first, as far as the filters go. */
export class HistoryPageElement extends PanelPage {
  static override styles = [
    ...PanelPage.styles,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 16px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
      li:last-child {
        border-block-end: 0;
      }
      .state {
        text-align: end;
      }
      a {
        display: inline-block;
        padding-block: 4px;
      }
    `,
  ];

  @property({ attribute: false }) filters!: Filters;
  /** A first page with what was added to it; `lacking`: the last time nothing could be. */
  @state() private longer?: { first: HistoryPage; all: HistoryPage; lacking: boolean };
  @state() private refusal = "";

  private first = new Fetched<HistoryPage>(this, () =>
    history(this.hass, this.device, this.filters, null),
  );

  /** All that is listed. */
  private get page(): HistoryPage | undefined {
    const first = this.first.value;
    return this.longer?.first === first ? this.longer?.all : first;
  }

  /** Whether what only the database holds is missing. */
  private get lacks(): boolean {
    const { page, longer } = this;
    return page !== undefined && (page.only_at_hand || (longer?.all === page && longer.lacking));
  }

  /** Whether the station that is filtered by is not there. */
  private get missing(): boolean {
    const { station } = this.filters;
    return Boolean(station) && !this.pictureOf(station);
  }

  private get device(): string {
    const { station } = this.filters;
    return station ? (this.pictureOf(station)?.station.device_id ?? "") : "all";
  }

  protected override willUpdate(_: PropertyValues): void {
    if (this.missing) {
      this.first.forget();
      return;
    }
    const open = this.pictures.map(({ station, commands }) => [
      station.entry_id,
      commands.open.map(({ id, state }) => [id, state]),
      commands.more,
    ]);
    this.first.follow(JSON.stringify(this.filters), JSON.stringify([this.hass.language, open]));
  }

  protected override render(): TemplateResult {
    const { page } = this;
    return html`<div class="stack">
      ${this.form()} ${this.missing ? this.absent(this.filters.station) : nothing}
      ${this.problem(this.first)}
      ${this.lacks ? html`<section role="alert"><p>${this.words.say("panel_only_at_hand")}</p></section>` : nothing}
      ${page ? this.list(page) : nothing}
    </div>`;
  }

  private list({ commands, next }: HistoryPage): TemplateResult {
    if (!commands.length) {
      return html`<section><p>${this.words.say("panel_no_command")}</p></section>`;
    }
    return html`<section>
      <ul>
        ${repeat(
          commands,
          (row) => `${row.entry_id} ${row.id}`,
          (row) => this.row(row),
        )}
      </ul>
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
      ${
        next
          ? html`<div>
              <button @click=${this.older}>${this.words.say("panel_older")}</button>
            </div>`
          : nothing
      }
    </section>`;
  }

  private row(row: CommandRow): TemplateResult {
    return html`<li>
      <a href=${pathOfCommand(row.entry_id, row.id)} @click=${follow}>${row.in_words}</a>
      <span class="state">${this.stateOf(row.state)}</span>
      <span class="quiet">${row.station} · ${row.nodes.join(", ")}</span>
      <span class="quiet state">${moment(this.hass, row.created_at, this.now)}</span>
    </li>`;
  }

  private form(): TemplateResult {
    const { filters, words, pictures } = this;
    const chosen = pictures.filter(({ station }) => station.entry_id === filters.station);
    const nodes = chosen.flatMap((picture) => picture.nodes);
    const kinds = new Map(
      (this.first.value?.commands ?? []).map(({ kind, kind_in_words }) => [kind, kind_in_words]),
    );
    if (filters.kind && !kinds.has(filters.kind)) kinds.set(filters.kind, filters.kind);
    return html`<form aria-label=${words.say("panel_filters")} @submit=${(event: Event) => event.preventDefault()}>
      <div class="fields">
        ${this.choice("station", this.stationsWith(filters.station))}
        ${
          nodes.length > 1
            ? this.choice(
                "node",
                nodes.map(({ node, title }) => [node, title]),
              )
            : nothing
        }
        ${this.choice("kind", [...kinds])}
        ${this.choice(
          "state",
          STATES.map((state) => [state, this.stateOf(state)]),
        )}
        ${this.day("from")} ${this.day("to")}
        ${
          chosen.length
            ? html`<button type="button" @click=${this.download}>${words.say("panel_csv")}</button>`
            : nothing
        }
      </div>
    </form>`;
  }

  private choice(field: keyof Filters, options: [string, string][]): TemplateResult {
    const { filters, words } = this;
    return html`<label
      >${words.say(FIELDS[field])}
      <select
        name=${field}
        @change=${(event: Event) => this.filter(field, (event.target as HTMLSelectElement).value)}
      >
        <option value="" ?selected=${!filters[field]}>${words.say("panel_any")}</option>
        ${repeat(
          options,
          ([value]) => value,
          ([value, name]) =>
            html`<option value=${value} ?selected=${filters[field] === value}>${name}</option>`,
        )}
      </select></label
    >`;
  }

  private day(field: "from" | "to"): TemplateResult {
    return html`<label
      >${this.words.say(FIELDS[field])}
      <input
        type="date"
        name=${field}
        .value=${this.filters[field]}
        @change=${(event: Event) => this.filter(field, (event.target as HTMLInputElement).value)}
      /></label
    >`;
  }

  private filter(field: keyof Filters, value: string): void {
    const filters = { ...this.filters, [field]: value };
    // A node belongs to its station.
    if (field === "station") filters.node = "";
    this.refusal = "";
    go(pathOf("history") + searchOf(filters), true);
  }

  /** Have the browser keep what fits as a file. */
  private async download(): Promise<void> {
    try {
      const wanted = wantedOf(this.hass, this.filters);
      const path = await historyFile(this.hass, this.device, wanted);
      const link = document.createElement("a");
      link.href = this.hass.hassUrl?.(path) ?? path;
      link.download = "";
      link.click();
      this.refusal = "";
    } catch (error) {
      this.refusal = saying(error);
    }
  }

  private async older(): Promise<void> {
    const first = this.first.value;
    const { page } = this;
    if (!first || !page?.next) return;
    try {
      const told = await history(this.hass, this.device, this.filters, page.next);
      // What came meanwhile goes on elsewhere.
      if (page !== this.page) return;
      this.longer = { first, all: joined(page, told), lacking: told.only_at_hand };
      this.refusal = "";
    } catch (error) {
      if (page === this.page) this.refusal = saying(error);
    }
  }
}

/** Return a page with the one after it, unless that would leave a gap between them. */
function joined(page: HistoryPage, after: HistoryPage): HistoryPage {
  if (after.only_at_hand && !page.only_at_hand) return page;
  return { ...page, commands: [...page.commands, ...after.commands], next: after.next };
}

define("mqtt-dispatch-page-history", HistoryPageElement);
