import { css, html, nothing, type TemplateResult } from "lit";
import type { Camera } from "../api.js";
import { define } from "../define.js";
import { showMore } from "../ha.js";
import { moment } from "../time.js";
import { Part } from "./part.js";

/** Each camera: its last picture, and when it wakes next. */
export class CamerasPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      button {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
      }
      img {
        display: block;
        width: 100%;
        border-radius: 8px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`${this.picture.cameras.map((camera) => this.camera(camera))}`;
  }

  private camera(camera: Camera): TemplateResult {
    const image = this.hass.states[camera.image];
    const node = this.picture.nodes.find((each) => each.node === camera.node);
    const name = node?.title ?? camera.node;
    const address = image?.attributes.entity_picture;
    const taken = image && Number.isFinite(Date.parse(image.state));
    return html`
      <h3>${name}</h3>
      ${
        taken && typeof address === "string"
          ? html`<button @click=${() => showMore(this, camera.image)}>
              <img src=${this.hass.hassUrl?.(address) ?? address} alt=${name} />
            </button>`
          : html`<p>${this.words.say("card_no_picture")}</p>`
      }
      ${this.waking(camera)}
    `;
  }

  private waking(camera: Camera): TemplateResult | typeof nothing {
    const at = Date.parse(this.hass.states[camera.next_wake ?? ""]?.state ?? "") / 1000;
    if (!Number.isFinite(at)) return nothing;
    const time = moment(this.hass, at, this.now);
    return html`<p class="quiet">${this.words.say("card_next_wake", { time })}</p>`;
  }
}

define("mqtt-dispatch-cameras", CamerasPart);
