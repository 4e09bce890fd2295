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
  /** What is there beyond the first page. */
  @state() private more: CommandRow[] = [];
  @state() private next: HistoryPage["next"] = null;
  @state() private refusal = "";
  private asked = 0;

  private first = new Fetched<HistoryPage>(this, async () => {
    this.asked += 1;
    const told = await history(this.hass, this.device, this.filters, null);
    this.more = [];
    this.next = told.next;
    return told;
  });

  private get device(): string {
    const station = this.pictures.find(({ station }) => station.entry_id === this.filters.station);
    return station?.station.device_id ?? "all";
  }

  protected override willUpdate(_: PropertyValues): void {
    const open = this.pictures.map(({ station, commands }) => [
      station.entry_id,
      commands.open.map(({ id, state }) => [id, state]),
      commands.more,
    ]);
    this.first.follow(JSON.stringify([this.filters, this.hass.language, open]));
  }

  protected override render(): TemplateResult {
    const { value } = this.first;
    const rows = [...(value?.commands ?? []), ...this.more];
    return html`<div class="stack">
      ${this.form()} ${this.problem(this.first)}
      ${value?.only_at_hand ? html`<section role="alert"><p>${this.words.say("panel_only_at_hand")}</p></section>` : nothing}
      ${value ? this.list(rows) : nothing}
    </div>`;
  }

  private list(rows: CommandRow[]): TemplateResult {
    if (!rows.length) {
      return html`<section><p>${this.words.say("panel_no_command")}</p></section>`;
    }
    return html`<section>
      <ul>
        ${repeat(
          rows,
          (row) => `${row.entry_id} ${row.id}`,
          (row) => this.row(row),
        )}
      </ul>
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
      ${
        this.next
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
        ${this.choice(
          "station",
          pictures.map(({ station }) => [station.entry_id, station.title]),
        )}
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
        ${options.map(
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
    const { asked } = this;
    try {
      const told = await history(this.hass, this.device, this.filters, this.next);
      // What was asked for meanwhile begins at the newest again.
      if (asked !== this.asked) return;
      this.more = [...this.more, ...told.commands];
      this.next = told.next;
      this.refusal = "";
    } catch (error) {
      this.refusal = saying(error);
    }
  }
}

define("mqtt-dispatch-page-history", HistoryPageElement);
