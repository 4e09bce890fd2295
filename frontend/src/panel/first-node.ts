import { html, type TemplateResult } from "lit";
import type { Words } from "../words.js";

const GUIDE = "https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/node.md#flash-a-node";
/** The steps of the guide, in its order. */
const STEPS = [
  "panel_flash_install",
  "panel_flash_take",
  "panel_flash_fill",
  "panel_flash_upload",
  "panel_flash_add",
];

/** How a first node is made, and where the guide stands. */
export function firstNode(words: Words): TemplateResult {
  return html`<section>
    <h2>${words.say("panel_first_node")}</h2>
    <p>${words.say("panel_first_node_text")}</p>
    <ol>
      ${STEPS.map((key) => html`<li>${words.say(key)}</li>`)}
    </ol>
    <p>
      <a href=${GUIDE} target="_blank" rel="noreferrer">${words.say("panel_guide")}</a>
    </p>
  </section>`;
}
