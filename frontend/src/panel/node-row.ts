import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { NodeShown } from "../api.js";
import { define } from "../define.js";
import type { Hass } from "../ha.js";
import { moment } from "../time.js";
import type { Words } from "../words.js";
import { PanelPage } from "./page.js";
import { follow } from "./route.js";

const PRESENCE: Record<NodeShown["presence"], string> = {
  here: "panel_here",
  awaited: "panel_awaited",
  gone: "panel_gone",
};

/** One node, drawn again only when something else is to be said of it. */
export class NodeRow extends LitElement {
  static override styles = [
    ...PanelPage.styles,
    css`
      :host {
        display: grid;
        gap: 2px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
    `,
  ];

  @property({ attribute: false, hasChanged: () => false }) hass!: Hass;
  @property({ attribute: false }) words!: Words;
  // A picture of its station is new as a whole, also where nothing is new of this node.
  @property({ attribute: false, hasChanged: isAnother }) node!: NodeShown;
  @property({ type: Number }) now = 0;

  protected override render(): TemplateResult {
    const { words, hass, now, node } = this;
    const ready =
      node.ready === null ? "" : words.state("binary_sensor.ready", node.ready ? "on" : "off");
    return html`
      ${
        node.device_id
          ? html`<a href=${`/config/devices/device/${node.device_id}`} @click=${follow}
              >${node.title}</a
            >`
          : html`<span>${node.title}</span>`
      }
      <span>${[words.say(PRESENCE[node.presence]), ready].filter(Boolean).join(" · ")}</span>
      ${node.why_in_words ? html`<span class="quiet">${node.why_in_words}</span>` : nothing}
      ${node.model === null ? nothing : html`<span class="quiet">${node.model}</span>`}
      ${
        node.not_provable.length
          ? html`<span class="quiet"
            >${words.say("panel_not_provable", { what: node.not_provable.join(" ") })}</span
          >`
          : nothing
      }
      <span class="quiet"
        >${
          node.last_seen === null
            ? words.say("panel_never_seen")
            : words.say("panel_last_seen", { time: moment(hass, node.last_seen, now) })
        }</span
      >
    `;
  }
}

function isAnother(node: NodeShown, before?: NodeShown): boolean {
  return node !== before && JSON.stringify(node) !== JSON.stringify(before);
}

define("mqtt-dispatch-node-row", NodeRow);
