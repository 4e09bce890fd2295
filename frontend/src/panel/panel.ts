import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import {
  following,
  isGone,
  isLoaded,
  type Picture,
  type Seen,
  type StationListed,
  type Update,
} from "../api.js";
import { define } from "../define.js";
import { fire, type Hass } from "../ha.js";
import { Live } from "../live.js";
import { shared } from "../parts/styles.js";
import { loadWords, type Words } from "../words.js";
import "./command.js";
import "./figures.js";
import "./history.js";
import "./nodes.js";
import "./now.js";
import "./plan.js";
import { filtersOf, follow, PAGES, type Page, pathOf, routeOf } from "./route.js";

const TITLES: Record<Page, string> = {
  now: "panel_now",
  history: "panel_history",
  plan: "panel_plan",
  figures: "panel_figures",
  nodes: "panel_nodes",
};

/** The page in the sidebar: all stations, in pages of its own. */
export class Panel extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        min-height: 100vh;
        background: var(--primary-background-color);
      }
      header {
        position: sticky;
        top: 0;
        z-index: 2;
        border-block-end: 1px solid var(--divider-color);
        /* White on the theme's own colour is too faint to read. */
        background: var(--card-background-color);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: var(--header-height, 56px);
        padding-inline: 8px 16px;
      }
      h1 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 400;
      }
      nav {
        display: flex;
        overflow-x: auto;
        padding-inline: 8px;
      }
      nav a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        padding-inline: 12px;
        border-block-end: 3px solid transparent;
        color: inherit;
        text-decoration: none;
        white-space: nowrap;
      }
      nav a[aria-current] {
        border-block-end-color: currentcolor;
        font-weight: 500;
      }
      nav a:focus-visible {
        outline: 2px solid currentcolor;
        outline-offset: -4px;
      }
      main {
        display: grid;
        gap: 16px;
        max-width: 1040px;
        margin-inline: auto;
        padding: 16px;
      }
      .old {
        opacity: 0.6;
      }
      .note {
        padding: 12px 16px;
        border-radius: 12px;
        background: var(--card-background-color);
        border-inline-start: 4px solid var(--warning-color);
      }
      .menu {
        border: 0;
        color: inherit;
      }
      @media (max-width: 400px) {
        main {
          padding: 8px;
        }
      }
    `,
  ];

  @property({ attribute: false }) hass?: Hass;
  @property({ type: Boolean, reflect: true }) narrow = false;
  @property({ attribute: false }) route?: { path: string };
  @state() private words?: Words;
  @state() private outdated = false;
  @state() private seen?: ReadonlyMap<string, Seen>;
  private ahead = 0;
  private ticking?: ReturnType<typeof setInterval>;

  private live = new Live<Update>(
    this,
    () => (this.hass ? following("all", this.hass.language) : undefined),
    (update, first) => this.take(update, first),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("location-changed", this.moved);
    window.addEventListener("popstate", this.moved);
    this.ticking = setInterval(() => document.hidden || this.requestUpdate(), 60_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("location-changed", this.moved);
    window.removeEventListener("popstate", this.moved);
    clearInterval(this.ticking);
  }

  private moved = (): void => this.requestUpdate();

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (changed.size !== 1 || !changed.has("hass")) return true;
    // `hass` is new at each change of any state in the house.
    const before = changed.get("hass") as Hass | undefined;
    const { hass } = this;
    return (
      before?.language !== hass?.language ||
      before?.locale !== hass?.locale ||
      before?.connection !== hass?.connection ||
      before?.config !== hass?.config
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("hass") || !this.hass) return;
    this.live.hass = this.hass;
    const before = changed.get("hass") as Hass | undefined;
    if (before?.language === this.hass.language) return;
    if (before) this.live.restart();
    void this.speak(this.hass);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, words } = this;
    if (!hass || !words) return nothing;
    const route = routeOf(this.route?.path ?? "");
    const current = route.page === "command" ? "history" : route.page;
    return html`
      <header>
        <div class="bar">${this.menu(hass)}<h1>MQTT Dispatch</h1></div>
        <nav aria-label="MQTT Dispatch">
          ${PAGES.map(
            (page) => html`<a
              href=${pathOf(page)}
              aria-current=${page === current ? "page" : nothing}
              @click=${follow}
              >${words.say(TITLES[page])}</a
            >`,
          )}
        </nav>
      </header>
      <main>
        ${this.notes(words)}
        ${this.seen ? html`<div class=${this.live.error ? "old" : ""}>${this.page(hass, words)}</div>` : nothing}
      </main>
    `;
  }

  private menu(hass: Hass): TemplateResult {
    if (customElements.get("ha-menu-button")) {
      return html`<ha-menu-button .hass=${hass} .narrow=${this.narrow}></ha-menu-button>`;
    }
    return html`<button class="menu" aria-label="Menu" @click=${() => fire(this, "hass-toggle-menu")}>
      <ha-icon icon="mdi:menu"></ha-icon>
    </button>`;
  }

  private notes(words: Words): TemplateResult[] {
    const { error } = this.live;
    const found: string[] = [];
    if (error) {
      const state = this.hass?.config.state;
      const starting = state !== undefined && state !== "RUNNING";
      const reason = error.message ?? String(error.code ?? "");
      found.push(words.say(starting ? "card_starting" : "card_not_shown", { reason }));
    }
    if (this.outdated) found.push(words.say("card_updated"));
    for (const { title } of this.unloaded()) {
      found.push(words.say("card_not_loaded", { station: title }));
    }
    return found.map((each) => html`<p class="note" role="alert">${each}</p>`);
  }

  private page(hass: Hass, words: Words): TemplateResult {
    const route = routeOf(this.route?.path ?? "");
    const pictures = this.pictures();
    const unloaded = this.unloaded();
    const now = Date.now() / 1000 + this.ahead;
    const still = Boolean(this.live.error);
    switch (route.page) {
      case "now":
        return html`<mqtt-dispatch-page-now
          .hass=${hass} .words=${words} .pictures=${pictures} .now=${now} .still=${still}
        ></mqtt-dispatch-page-now>`;
      case "history":
        return html`<mqtt-dispatch-page-history
          .hass=${hass} .words=${words} .pictures=${pictures} .now=${now} .still=${still}
          .unloaded=${unloaded}
          .filters=${filtersOf(location.search)}
        ></mqtt-dispatch-page-history>`;
      case "plan":
        return html`<mqtt-dispatch-page-plan
          .hass=${hass} .words=${words} .pictures=${pictures} .now=${now} .still=${still}
          .unloaded=${unloaded}
        ></mqtt-dispatch-page-plan>`;
      case "figures":
        return html`<mqtt-dispatch-page-figures
          .hass=${hass} .words=${words} .pictures=${pictures} .now=${now} .still=${still}
          .unloaded=${unloaded}
        ></mqtt-dispatch-page-figures>`;
      case "nodes":
        return html`<mqtt-dispatch-page-nodes
          .hass=${hass} .words=${words} .pictures=${pictures} .now=${now} .still=${still}
        ></mqtt-dispatch-page-nodes>`;
      case "command":
        return html`<mqtt-dispatch-page-command
          .hass=${hass} .words=${words} .pictures=${pictures} .now=${now} .still=${still}
          .unloaded=${unloaded}
          .entry=${route.entry} .command=${route.id}
        ></mqtt-dispatch-page-command>`;
    }
  }

  private pictures(): Picture[] {
    return [...(this.seen?.values() ?? [])]
      .filter(isLoaded)
      .sort((one, other) => one.station.title.localeCompare(other.station.title));
  }

  private unloaded(): StationListed[] {
    return [...(this.seen?.values() ?? [])].flatMap((seen) =>
      isGone(seen) || isLoaded(seen) ? [] : [seen.station],
    );
  }

  private take(update: Update, first: boolean): void {
    this.ahead = update.now - Date.now() / 1000;
    this.outdated = update.version !== __VERSION__;
    // The first tells of all that there is: what is not among it went while nobody told.
    const seen = new Map(first ? [] : this.seen);
    for (const picture of update.pictures) {
      if (isGone(picture)) seen.delete(picture.gone);
      else seen.set(picture.station.entry_id, picture);
    }
    this.seen = seen;
  }

  private async speak(hass: Hass): Promise<void> {
    try {
      this.words = await loadWords(hass);
    } catch {
      // Home Assistant is just starting.
      setTimeout(() => this.isConnected && this.hass && void this.speak(this.hass), 2000);
    }
  }
}

define("mqtt-dispatch-panel", Panel);
