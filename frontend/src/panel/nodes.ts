import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { NodeShown, Picture } from "../api.js";
import { define } from "../define.js";
import { moment } from "../time.js";
import { PanelPage } from "./page.js";
import { follow } from "./route.js";

const GUIDE = "https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/node.md";

const PRESENCE: Record<NodeShown["presence"], string> = {
  here: "panel_here",
  awaited: "panel_awaited",
  gone: "panel_gone",
};

/** What is known of each node, and where to read how one is made. */
export class NodesPage extends PanelPage {
  static override styles = [
    ...PanelPage.styles,
    css`
      li {
        display: grid;
        gap: 2px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
      li:last-child {
        border-block-end: 0;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { words } = this;
    return html`<div class="stack">
      ${repeat(
        this.pictures,
        ({ station }) => station.entry_id,
        (picture) => this.station(picture),
      )}
      <section>
        <h2>${words.say("panel_first_node")}</h2>
        <p>${words.say("panel_first_node_text")}</p>
        <p>
          <a href=${GUIDE} target="_blank" rel="noreferrer">${words.say("panel_guide")}</a>
        </p>
      </section>
    </div>`;
  }

  private station({ station, nodes }: Picture): TemplateResult {
    return html`<section>
      <h2>${station.title}</h2>
      <p class="quiet">${station.protocol_in_words}</p>
      ${nodes.length ? nothing : html`<p>${this.words.say("panel_no_node")}</p>`}
      <ul>
        ${repeat(
          nodes,
          ({ node }) => node,
          (node) => this.node(node),
        )}
      </ul>
    </section>`;
  }

  private node(node: NodeShown): TemplateResult {
    const { words, hass, now } = this;
    const ready =
      node.ready === null ? "" : words.state("binary_sensor.ready", node.ready ? "on" : "off");
    return html`<li>
      ${
        node.device_id
          ? html`<a href=${`/config/devices/device/${node.device_id}`} @click=${follow}
              >${node.title}</a
            >`
          : html`<span>${node.title}</span>`
      }
      <span>${[words.say(PRESENCE[node.presence]), ready].filter(Boolean).join(" · ")}</span>
      ${node.why_in_words ? html`<span class="quiet">${node.why_in_words}</span>` : nothing}
      <span class="quiet"
        >${
          node.last_seen === null
            ? words.say("panel_never_seen")
            : words.say("panel_last_seen", { time: moment(hass, node.last_seen, now) })
        }</span
      >
    </li>`;
  }
}

define("mqtt-dispatch-page-nodes", NodesPage);
