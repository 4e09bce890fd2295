import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Picture } from "../api.js";
import { define } from "../define.js";
import type { Hass } from "../ha.js";
import type { Words } from "../words.js";
import { firstNode } from "./first-node.js";
import "./heard.js";
import "./node-row.js";
import { PanelPage } from "./page.js";
import { follow } from "./route.js";

/** Seconds after which it may be another day somewhere. */
const QUARTER = 900;

/** What is known of each node, what it said last, and how a first one is made. */
export class NodesPage extends PanelPage {
  protected override render(): TemplateResult {
    const { words } = this;
    return html`<div class="stack">
      ${repeat(
        this.pictures,
        ({ station }) => station.entry_id,
        (picture) => html`<mqtt-dispatch-nodes-station
          .hass=${this.hass} .words=${words} .picture=${picture}
          .now=${Math.floor(this.now / QUARTER) * QUARTER}
        ></mqtt-dispatch-nodes-station>`,
      )}
      ${firstNode(words)}
    </div>`;
  }
}

/** The nodes of one station, drawn again only when it changes. */
export class NodesStation extends LitElement {
  static override styles = [
    ...PanelPage.styles,
    css`
      /* What is far below is laid out when one comes to it. */
      :host {
        content-visibility: auto;
        contain-intrinsic-size: auto 500px;
      }
    `,
  ];

  @property({ attribute: false, hasChanged: () => false }) hass!: Hass;
  @property({ attribute: false }) words!: Words;
  @property({ attribute: false }) picture!: Picture;
  @property({ type: Number }) now = 0;

  protected override render(): TemplateResult {
    const { hass, words, picture, now } = this;
    const { station, nodes } = picture;
    const unheard = nodes.every(({ last_seen }) => last_seen === null);
    return html`<section aria-labelledby="title">
      <h2 id="title">${station.title}</h2>
      <p class="quiet">${station.protocol_in_words}</p>
      ${nodes.length ? nothing : html`<p>${words.say("panel_no_node")}</p>`}
      <div role="list">
        ${repeat(
          nodes,
          ({ node }) => node,
          (node) => html`<mqtt-dispatch-node-row
            role="listitem" .hass=${hass} .words=${words} .node=${node} .now=${now}
          ></mqtt-dispatch-node-row>`,
        )}
      </div>
      ${unheard ? this.guide() : nothing}
      <mqtt-dispatch-heard
        .hass=${hass} .words=${words} .picture=${picture} .now=${now} .open=${unheard}
      ></mqtt-dispatch-heard>
    </section>`;
  }

  /** What to do so that a node is heard. */
  private guide(): TemplateResult {
    const { words } = this;
    return html`<div class="box">
      <p>${words.say("panel_none_heard")}</p>
      <ol>
        ${["panel_do_connect", "panel_do_look", "panel_do_add"].map(
          (key) => html`<li>${words.say(key)}</li>`,
        )}
      </ol>
      <p>
        <a href="/config/integrations/integration/mqtt_dispatch" @click=${follow}
          >${words.say("panel_open_integration")}</a
        >
      </p>
    </div>`;
  }
}

define("mqtt-dispatch-nodes-station", NodesStation);
define("mqtt-dispatch-page-nodes", NodesPage);
