import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Picture } from "../api.js";
import { define } from "../define.js";
import type { Hass } from "../ha.js";
import "../parts/doubt.js";
import "../parts/pause.js";
import "../parts/queue.js";
import "../parts/status.js";
import type { Words } from "../words.js";
import { firstNode } from "./first-node.js";
import { PanelPage } from "./page.js";

/** All stations: how they are, what must be decided, what waits and what is under way. */
export class NowPage extends PanelPage {
  protected override render(): TemplateResult {
    if (!this.pictures.length) {
      return html`<div class="stack">
        <section><p>${this.words.say("panel_no_station")}</p></section>
        ${firstNode(this.words)}
      </div>`;
    }
    return html`<div class="stack">
      ${repeat(
        this.pictures,
        (picture) => picture.station.entry_id,
        (picture) => html`<mqtt-dispatch-now-station
          .hass=${this.hass} .words=${this.words} .picture=${picture}
          .now=${Math.floor(this.now / 60) * 60} .still=${this.still}
        ></mqtt-dispatch-now-station>`,
      )}
    </div>`;
  }
}

/** One station, drawn again only when it changes. */
export class NowStation extends LitElement {
  static override styles = PanelPage.styles;

  @property({ attribute: false, hasChanged: () => false }) hass!: Hass;
  @property({ attribute: false }) words!: Words;
  @property({ attribute: false }) picture!: Picture;
  @property({ type: Number }) now = 0;
  @property({ type: Boolean }) still = false;

  protected override render(): TemplateResult {
    const { hass, words, picture, now, still } = this;
    const { station, doubts, commands } = picture;
    return html`<section aria-labelledby="title">
      <h2 id="title">${station.title}</h2>
      <mqtt-dispatch-status
        .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
      ></mqtt-dispatch-status>
      ${repeat(
        doubts,
        (doubt) => doubt.command_id,
        (doubt) => html`<mqtt-dispatch-doubt
          .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
          .doubt=${doubt}
        ></mqtt-dispatch-doubt>`,
      )}
      ${
        commands.open.length
          ? html`<mqtt-dispatch-queue
              .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
            ></mqtt-dispatch-queue>`
          : nothing
      }
      <mqtt-dispatch-pause
        .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
      ></mqtt-dispatch-pause>
    </section>`;
  }
}

define("mqtt-dispatch-now-station", NowStation);
define("mqtt-dispatch-page-now", NowPage);
