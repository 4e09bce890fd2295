import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { following, isGone, isLoaded, type Picture, type Seen, type Update } from "../api.js";
import { define } from "../define.js";
import type { Hass, State } from "../ha.js";
import { Live } from "../live.js";
import { shared } from "../parts/styles.js";
import "../parts/cameras.js";
import "../parts/doubt.js";
import "../parts/feed.js";
import "../parts/meals.js";
import "../parts/pause.js";
import "../parts/queue.js";
import "../parts/status.js";
import "../parts/valves.js";
import { loadWords, type Words } from "../words.js";
import { type CardConfig, checked, deviceOf, form, prepareLabels, stub, TAG } from "./config.js";
import { sample } from "./sample.js";

/** One station: is all well, what comes next, what waits, what must be decided. */
export class StationCard extends LitElement {
  static override styles = [
    shared,
    css`
      ha-card {
        height: 100%;
        overflow: hidden;
      }
      .card {
        padding: 16px;
      }
      section {
        display: grid;
        gap: 16px;
      }
      h2 {
        margin: 0 0 -12px;
        font-size: 1.25rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .old {
        opacity: 0.6;
      }
    `,
  ];

  @property({ attribute: false }) hass?: Hass;
  /** Whether it is only looked at: in the picker and the editor of dashboards. */
  @property({ type: Boolean }) preview = false;
  @state() private config?: CardConfig;
  @state() private seen?: Seen;
  @state() private words?: Words;
  @state() private outdated = false;
  /** Seconds by which Home Assistant's clock is ahead of the browser's. */
  private ahead = 0;
  private ticking?: ReturnType<typeof setInterval>;
  private shown: (State | undefined)[] = [];

  private live = new Live<Update>(
    this,
    () => {
      const device = deviceOf(this.config, this.hass);
      return device && this.hass ? following(device, this.hass.language) : undefined;
    },
    (update) => this.take(update),
  );

  static getConfigForm = form;

  static getStubConfig = stub;

  /** Take a configuration, which may come again. Throws what is wrong with it. */
  setConfig(config: unknown): void {
    const before = deviceOf(this.config, this.hass);
    this.config = checked(config);
    if (before !== deviceOf(this.config, this.hass)) {
      this.seen = undefined;
      this.live.restart();
    }
  }

  /** How tall it is, in units of 50 pixels. */
  getCardSize(): number {
    return 8;
  }

  getGridOptions() {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ticking = setInterval(() => {
      if (!document.hidden && this.counts) this.requestUpdate();
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (changed.size !== 1 || !changed.has("hass")) return true;
    const before = changed.get("hass") as Hass | undefined;
    // `hass` is new at each change of any state in the house.
    return (
      before === undefined ||
      this.entities().some((each, at) => each !== this.shown[at]) ||
      before.language !== this.hass?.language ||
      before.locale !== this.hass?.locale ||
      before.config.state !== this.hass?.config.state
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("hass") || !this.hass) return;
    this.live.hass = this.hass;
    this.shown = this.entities();
    const before = changed.get("hass") as Hass | undefined;
    if (before?.language !== this.hass.language) void this.speak(this.hass);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, words } = this;
    if (!hass || !words || !this.config) return html`<ha-card></ha-card>`;
    return html`<ha-card><div class="card">${this.content(hass, words)}</div></ha-card>`;
  }

  private content(hass: Hass, words: Words): TemplateResult {
    const now = Date.now() / 1000 + this.ahead;
    if (!deviceOf(this.config, hass)) {
      if (this.preview)
        return this.station(hass, words, sample(now, words.say("meal_unnamed")), now, true);
      return html`<p>${words.say("card_choose")}</p>`;
    }
    const { seen } = this;
    const trouble = this.trouble(hass, words);
    if (!seen) return html`<p>${trouble}</p>`;
    if (isGone(seen)) return html`<p>${words.say("card_gone")}</p>`;
    if (!isLoaded(seen)) {
      return html`<p>${words.say("card_not_loaded", { station: seen.station.title })}</p>`;
    }
    const still = Boolean(trouble) || this.preview;
    return html`
      ${trouble ? html`<p role="alert">${trouble}</p>` : nothing}
      ${this.outdated ? html`<p role="alert">${words.say("card_updated")}</p>` : nothing}
      ${this.station(hass, words, seen, now, still)}
    `;
  }

  private station(
    hass: Hass,
    words: Words,
    picture: Picture,
    now: number,
    still: boolean,
  ): TemplateResult {
    const config = this.config ?? { type: "" };
    const { meals, doubts, commands, valves, cameras, station } = picture;
    const equipment = !config.hide_equipment;
    const title = config.title || station.title;
    return html`<section class=${this.live.error ? "old" : ""} aria-label=${title}>
      <h2>${title}</h2>
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
        config.hide_meals || !(meals.planned || picture.feeding)
          ? nothing
          : html`<mqtt-dispatch-meals
              .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
            ></mqtt-dispatch-meals>`
      }
      ${config.hide_feed ? nothing : this.feeders(hass, words, picture, now, still)}
      ${
        config.hide_queue || !(commands.open.length || picture.feeding)
          ? nothing
          : html`<mqtt-dispatch-queue
              .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
            ></mqtt-dispatch-queue>`
      }
      ${
        equipment && valves.length
          ? html`<mqtt-dispatch-valves
              .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
            ></mqtt-dispatch-valves>`
          : nothing
      }
      ${
        equipment && cameras.length
          ? html`<mqtt-dispatch-cameras
              .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
            ></mqtt-dispatch-cameras>`
          : nothing
      }
      <mqtt-dispatch-pause
        .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
      ></mqtt-dispatch-pause>
    </section>`;
  }

  /** The feed button of the station, or one for each of its feeders. */
  private feeders(
    hass: Hass,
    words: Words,
    picture: Picture,
    now: number,
    still: boolean,
  ): TemplateResult[] | typeof nothing {
    if (!picture.feeding) return nothing;
    const { station, nodes } = picture;
    const fed = picture.feeding.whole_station
      ? [{ device: station.device_id, name: "", allowed: station.may_control }]
      : nodes
          .filter((node) => node.feeds)
          .map((node) => ({
            device: node.device_id,
            name: node.title,
            allowed: node.may_control,
          }));
    return fed.map(
      ({ device, name, allowed }) => html`<mqtt-dispatch-feed
        .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
        .device=${device ?? ""} .name=${name} .allowed=${allowed}
      ></mqtt-dispatch-feed>`,
    );
  }

  /** Why nothing can be done now, if that is so. */
  private trouble(hass: Hass, words: Words): string {
    const { error } = this.live;
    if (!error) return "";
    if (hass.config.state !== undefined && hass.config.state !== "RUNNING") {
      return words.say("card_starting");
    }
    return words.say("card_not_shown", { reason: error.message ?? String(error.code ?? "") });
  }

  private take(update: Update): void {
    this.ahead = update.now - Date.now() / 1000;
    this.outdated = update.version !== __VERSION__;
    this.seen = update.pictures.at(-1) ?? this.seen;
    this.shown = this.entities();
  }

  private async speak(hass: Hass): Promise<void> {
    try {
      this.words = await loadWords(hass);
      await prepareLabels(hass);
    } catch {
      // Home Assistant is just starting: the next `hass` asks again.
      setTimeout(() => this.isConnected && this.hass && void this.speak(this.hass), 2000);
    }
  }

  /** The states that are drawn from, besides the picture. */
  private entities(): (State | undefined)[] {
    if (!this.seen || !isLoaded(this.seen)) return [];
    const { valves, cameras, station } = this.seen;
    const ids = [
      station.entities.command,
      ...valves.map((valve) => valve.valve),
      ...cameras.flatMap((camera) => [camera.image, camera.next_wake]),
    ];
    return ids.map((id) => this.hass?.states[id ?? ""]);
  }

  /** Whether anything on it counts down. */
  private get counts(): boolean {
    if (!this.seen || !isLoaded(this.seen)) return false;
    return Boolean(this.seen.meals.next || this.seen.valves.length);
  }
}

define(TAG, StationCard);
