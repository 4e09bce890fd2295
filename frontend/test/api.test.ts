import { expect, test } from "vitest";
import { historyFile } from "../src/api.js";
import type { Hass } from "../src/ha.js";

test("the path of a file is asked of the integration and signed by the core", async () => {
  const asked: Record<string, unknown>[] = [];
  const hass = {
    callWS: async (message: Record<string, unknown>) => {
      asked.push(message);
      return { path: asked.length === 1 ? "/file?a=1" : "/file?a=1&authSig=x" };
    },
  } as unknown as Hass;

  const path = await historyFile(hass, "kitchen", { state: "failed", since: 5 });

  expect(path).toBe("/file?a=1&authSig=x");
  expect(asked).toEqual([
    { type: "mqtt_dispatch/history_file", device_id: "kitchen", state: "failed", since: 5 },
    { type: "auth/sign_path", path: "/file?a=1", expires: 300 },
  ]);
});
