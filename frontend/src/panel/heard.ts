import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Picture } from "../api.js";
import { define } from "../define.js";
import { moment } from "../time.js";
import { type Heard, heard, type NodeHeard, type RawMessage } from "./asking.js";
import { lengthInWords } from "./days.js";
import { Fetched } from "./fetched.js";
import { PanelPage } from "./page.js";

/** Seconds up to which nobody calls a clock wrong. */
const RIGHT = 1.5;

/** What the nodes of a station said last, as it came; asked for once it is opened. */
export class HeardPart extends PanelPage {
  static override styles = [
    ...PanelPage.styles,
    css`
      .all {
        display: grid;
        gap: 12px;
        padding-block-start: 8px;
      }
      li {
        padding-block: 6px;
      }
      /* What goes over the wire is read from left to right, whoever reads it. */
      code,
      pre {
        direction: ltr;
        unicode-bidi: isolate;
        overflow-wrap: anywhere;
      }
      pre {
        margin: 4px 0 0;
        padding: 8px;
        border-radius: 8px;
        background: var(--secondary-background-color);
        font-size: 0.875rem;
        text-align: left;
        white-space: pre-wrap;
      }
    `,
  ];

  @property({ attribute: false }) picture!: Picture;
  /** Whether it is to be seen without being opened. */
  @property({ type: Boolean }) open = false;
  private seen = false;

  private told = new Fetched<Heard>(this, () =>
    heard(this.hass, this.picture.station.device_id ?? ""),
  );

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("open") && this.open) this.seen = true;
    if (this.seen) {
      const { station, nodes } = this.picture;
      this.told.follow(station.entry_id, JSON.stringify([this.hass.language, nodes]));
    }
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const { value } = this.told;
    return html`<details ?open=${this.open} @toggle=${this.toggled}>
      <summary>${words.say("panel_heard")}</summary>
      <div class="all">
        <p class="quiet">${words.say("panel_heard_text")}</p>
        ${this.problem(this.told)} ${value ? this.all(value) : nothing}
      </div>
    </details>`;
  }

  private toggled(event: Event): void {
    if (this.seen || !(event.target as HTMLDetailsElement).open) return;
    this.seen = true;
    this.requestUpdate();
  }

  private all(told: Heard): TemplateResult {
    const { words } = this;
    return html`
      ${told.nodes.map((node) => this.node(node))}
      <div>
        <h3>${words.say("panel_listens")}</h3>
        <ul>
          ${told.topics.map((topic) => html`<li><code>${topic}</code></li>`)}
        </ul>
      </div>
      ${
        told.others.length
          ? html`<div>
              <h3>${words.say("panel_others")}</h3>
              <ul>
                ${told.others.map((each) => this.message(each))}
              </ul>
            </div>`
          : nothing
      }
      <div>
        <button @click=${() => void this.told.again()}>${words.say("panel_look_again")}</button>
      </div>
    `;
  }

  private node({ node, clock, messages }: NodeHeard): TemplateResult {
    const shown = this.picture.nodes.find((each) => each.node === node);
    return html`<div>
      <h3>${shown?.title ?? node}</h3>
      ${clock === null ? nothing : html`<p>${this.clock(clock)}</p>`}
      ${messages.length ? nothing : html`<p>${this.words.say("panel_no_message")}</p>`}
      <ul>
        ${messages.map((each) => this.message(each))}
      </ul>
    </div>`;
  }

  private clock(ahead: number): string {
    const { words } = this;
    if (Math.abs(ahead) < RIGHT) return words.say("panel_clock_right");
    const time = lengthInWords(words, Math.abs(ahead));
    return words.say(ahead > 0 ? "panel_clock_fast" : "panel_clock_slow", { time });
  }

  private message(raw: RawMessage): TemplateResult {
    const { words } = this;
    const about = [
      moment(this.hass, raw.at, this.now),
      ...(raw.retained ? [words.say("panel_retained")] : []),
      ...(raw.cut || raw.payload === null ? [words.say("panel_bytes", { size: raw.size })] : []),
    ];
    return html`<li>
      <code>${raw.topic}</code>
      <span class="quiet">${about.join(" · ")}${raw.why ? html` · <code>${raw.why}</code>` : nothing}</span>
      ${
        raw.payload === null
          ? html`<p>${words.say("panel_hidden")}</p>`
          : html`<pre>${raw.payload}${raw.cut ? "…" : ""}</pre>`
      }
    </li>`;
  }
}

define("mqtt-dispatch-heard", HeardPart);
