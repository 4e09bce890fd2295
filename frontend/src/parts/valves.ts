import { css, html, nothing, type TemplateResult } from "lit";
import { act, newKey, type Valve } from "../api.js";
import { define } from "../define.js";
import type { State } from "../ha.js";
import { countdown } from "../time.js";
import { Part } from "./part.js";

/** Each valve: whether it is open, for how long still, and what opens and closes it. */
export class ValvesPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      li {
        padding-block: 4px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`
      <h3>${this.words.say("card_valves")}</h3>
      <ul>
        ${this.picture.valves.map((valve) => this.valve(valve))}
      </ul>
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
    `;
  }

  private valve(valve: Valve): TemplateResult | typeof nothing {
    const state = this.hass.states[valve.valve];
    if (!state) return nothing;
    const open = state.state === "open";
    const name = String(state.attributes.friendly_name ?? valve.valve);
    const may = this.picture.nodes.find((node) => node.node === valve.node)?.may_control;
    const word = this.words.say(open ? "card_close" : "card_open");
    return html`<li class="row">
      <ha-icon
        class=${open ? "warning" : ""}
        .icon=${open ? "mdi:valve-open" : "mdi:valve-closed"}
      ></ha-icon>
      <span class="grow">
        ${name}
        <span class="quiet"> · ${this.hass.formatEntityState?.(state) ?? state.state}${this.left(state)}</span>
      </span>
      <button
        ?disabled=${this.still || !may}
        aria-label="${word}: ${name}"
        @click=${() => (open ? this.close(valve) : this.open(valve))}
      >
        ${word}
      </button>
    </li>`;
  }

  private left(state: State): string {
    const closes = state.attributes.closes_at;
    if (typeof closes !== "string") return "";
    const time = countdown(this.words, Date.parse(closes) / 1000 - this.now);
    return time ? `, ${this.words.say("card_closes_in", { time })}` : "";
  }

  private open(valve: Valve): Promise<boolean> {
    const order = { entity_id: valve.valve, idempotency_key: newKey() };
    return this.attempt(() => act(this.hass, "open_valve", order));
  }

  private close(valve: Valve): Promise<boolean> {
    return this.attempt(() =>
      this.hass.callService("valve", "close_valve", { entity_id: valve.valve }, undefined, false),
    );
  }
}

define("mqtt-dispatch-valves", ValvesPart);
