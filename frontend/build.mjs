// Builds the card and the panel, each to one file: node build.mjs [FOLDER].
// The same sources and packages give the same bytes, wherever they are built.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = import.meta.dirname;
const integration = join(here, "..", "custom_components", "mqtt_dispatch");
const folder = process.argv[2] ?? join(integration, "www");
const { version } = JSON.parse(readFileSync(join(integration, "manifest.json"), "utf8"));
const mostBytes = 60_000; // of each file, compressed as it travels

await build({
  absWorkingDir: here,
  entryPoints: {
    "mqtt-dispatch-card": "src/card.ts",
    "mqtt-dispatch-panel": "src/panel.ts",
  },
  outdir: folder,
  bundle: true,
  minify: true,
  format: "esm",
  // The oldest browsers that the frontend of Home Assistant 2025.4 is made for.
  target: ["chrome109", "firefox115", "safari15.6"],
  charset: "utf8",
  legalComments: "none",
  define: { __VERSION__: JSON.stringify(version) },
});

let tooLarge = false;
for (const name of ["mqtt-dispatch-card.js", "mqtt-dispatch-panel.js"]) {
  const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
  tooLarge ||= bytes > mostBytes;
  console.log(`${name}: ${bytes} of ${mostBytes} bytes compressed`);
}
if (tooLarge) {
  console.error("A browser should not be asked for more.");
  process.exit(1);
}
