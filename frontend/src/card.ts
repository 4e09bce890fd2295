// What a dashboard loads.
import "./card/card.js";
import { suggestion, TAG } from "./card/config.js";

interface CardOffered {
  type: string;
  [what: string]: unknown;
}

// Home Assistant keeps this very array.
const page = window as unknown as { customCards?: CardOffered[] };
page.customCards ??= [];
if (!page.customCards.some((card) => card.type === TAG)) {
  page.customCards.push({
    type: TAG,
    name: "MQTT Dispatch",
    description: "A station: whether all is well, what comes next, what waits and why",
    preview: true,
    documentationURL: "https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/card.md",
    getEntitySuggestion: suggestion,
  });
}
