// What the picker of cards shows before there is a station.
import type { Picture } from "../api.js";

/** Return a picture of a station that is not there; `title` is what a meal is called. */
export function sample(now: number, title = ""): Picture {
  const device = "sample";
  const meal = {
    meal_id: "1",
    kind: "feed",
    date: "",
    node: null,
    why: null,
    command_id: null,
    may: [],
  };
  return {
    station: {
      entry_id: device,
      device_id: device,
      title: "MQTT Dispatch",
      protocol: "paired_dispenser",
      protocol_in_words: "",
      loaded: true,
      feeds: true,
      nodes: ["1", "2"],
      may_control: true,
      status: "idle",
      ready: true,
      connected: true,
      storage_ok: true,
      open: 0,
      waiting: 0,
      pause: null,
      plan_pause: null,
      portions_today: 2,
      last_fed: now - 6 * 3600,
      overdue: [],
      time_zone: "",
      entities: {},
    },
    feeding: { whole_station: true, minimum: 1, maximum: 50, chosen: 2, grams: null },
    nodes: [],
    commands: { open: [], more: 0 },
    doubts: [],
    meals: {
      planned: 2,
      next: {
        ...meal,
        title,
        in_words: title,
        time: "18:00",
        at: now + 5400,
        state: "pending",
      },
      today: [
        {
          ...meal,
          title,
          in_words: title,
          time: "07:00",
          at: now - 6 * 3600,
          state: "fed",
        },
        {
          ...meal,
          title,
          in_words: title,
          time: "18:00",
          at: now + 5400,
          state: "pending",
        },
      ],
    },
    valves: [],
    cameras: [],
  };
}
