// Presses of the feed button, which outlive the card: it is made anew after each break.
import { act, newKey, saying, wasCutOff } from "./api.js";
import type { HaError, Hass } from "./ha.js";

/** Seconds after which a press that nobody answered is not tried again: it would surprise. */
const TRIED_FOR = 60;
const LONGEST_WAIT = 8_000;
/** What Home Assistant says while it starts. */
const NOT_YET = new Set(["service_not_found", "station_not_loaded", "unknown_device"]);
/** What it says where a person is asked to confirm. */
const TOO_MANY = new Set(["feeds_waiting", "feeds_per_hour"]);

export interface Press {
  portions: number;
  state: "sending" | "ordered" | "asks" | "refused" | "unsure";
  commandId?: number;
  /** What was refused or asked. */
  message?: string;
}

const presses = new Map<string, Press>();

/** Tells whoever shows presses that one has changed. */
export const pressed = new EventTarget();

/** Return the latest press for a device, if there was one. */
export function pressOf(deviceId: string): Press | undefined {
  return presses.get(deviceId);
}

/** Forget a press that is answered. */
export function forget(deviceId: string): void {
  if (presses.get(deviceId)?.state !== "sending") note(deviceId, undefined);
}

/**
 * Order a feed once, however often this is called before it is answered.
 *
 * A connection that is lost meanwhile changes nothing: the order is tried again under its
 * own key for a minute, and Home Assistant takes it once. `confirmed`: though there are many.
 */
export async function feed(
  hass: Hass,
  deviceId: string,
  portions: number,
  confirmed = false,
): Promise<void> {
  if (presses.get(deviceId)?.state === "sending") return;
  note(deviceId, { portions, state: "sending" });
  const order = {
    device_id: deviceId,
    portions,
    idempotency_key: newKey(),
    ...(confirmed ? { confirm: true } : {}),
  };
  note(deviceId, { portions, ...(await answered(hass, order)) });
}

async function answered(
  hass: Hass,
  order: Record<string, unknown>,
): Promise<Omit<Press, "portions">> {
  const since = Date.now();
  let mayHaveIt = false;
  for (let tries = 0; ; tries++) {
    try {
      const told = await act<{ command_id: number }>(hass, "feed", order);
      return { state: "ordered", commandId: told.command_id };
    } catch (error) {
      const key = (error as HaError).translation_key ?? "";
      if (wasCutOff(error)) mayHaveIt = true;
      else if (!mayHaveIt || !NOT_YET.has(key)) {
        return { state: TOO_MANY.has(key) ? "asks" : "refused", message: saying(error) };
      }
    }
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** tries);
    if (Date.now() + wait > since + TRIED_FOR * 1000) return { state: "unsure" };
    await new Promise((done) => setTimeout(done, wait));
  }
}

function note(deviceId: string, press: Press | undefined): void {
  if (press) presses.set(deviceId, press);
  else presses.delete(deviceId);
  pressed.dispatchEvent(new Event("change"));
}
