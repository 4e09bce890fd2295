import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../define.js";
import { endedAs, portionsWithin } from "../model.js";
import { feed, forget, type Press, pressed, pressOf } from "../presses.js";
import type { ConfirmDialog } from "./dialog.js";
import "./dialog.js";
import { Part } from "./part.js";

/** How many portions, and the button that feeds them: all of a station, or one feeder. */
export class FeedPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      .row {
        flex-wrap: wrap;
      }
      output {
        min-width: 6rem;
        text-align: center;
      }
      .feed {
        flex: 1;
        min-width: 8rem;
      }
      .step {
        padding: 0;
        font-size: 1.25rem;
      }
    `,
  ];

  /** The device that is fed. */
  @property() device = "";
  /** What it is called, where there are several. */
  @property() name = "";
  /** Whether the user may feed there. */
  @property({ type: Boolean }) allowed = false;
  @state() private portions?: number;
  @query("mqtt-dispatch-confirm") private dialog!: ConfirmDialog;
  #changed = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    pressed.addEventListener("change", this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    pressed.removeEventListener("change", this.#changed);
  }

  protected override updated(_: PropertyValues): void {
    if (pressOf(this.device)?.state !== "asks") return;
    if (!this.shadowRoot?.querySelector("mqtt-dispatch-confirm dialog[open]")) this.dialog.ask?.();
  }

  protected override render(): TemplateResult {
    const press = pressOf(this.device);
    const amount = portionsWithin(this.picture, this.portions ?? this.picture.feeding?.chosen ?? 1);
    const sending = press?.state === "sending";
    const held = this.still || !this.allowed || sending;
    const { minimum = 1, maximum = 1, grams = null } = this.picture.feeding ?? {};
    const label = this.name || this.words.say("card_feed");
    return html`
      <div class="row" role="group" aria-label=${label}>
        <button
          class="step"
          aria-label=${this.words.say("card_fewer")}
          ?disabled=${held || amount <= minimum}
          @click=${() => this.choose(amount - 1)}
        >
          −
        </button>
        <output aria-live="polite">${this.amount(amount, grams)}</output>
        <button
          class="step"
          aria-label=${this.words.say("card_more")}
          ?disabled=${held || amount >= maximum}
          @click=${() => this.choose(amount + 1)}
        >
          +
        </button>
        <button class="main feed" ?disabled=${held} @click=${() => this.feed(amount)}>
          ${this.name ? `${this.words.say("card_feed")}: ${this.name}` : this.words.say("card_feed")}
        </button>
      </div>
      <p class="quiet" aria-live="polite">${this.said(press)}</p>
      <mqtt-dispatch-confirm
        .heading=${this.words.say("card_feed_anyway")}
        .action=${this.words.say("card_feed_anyway")}
        .back=${this.words.say("card_back")}
        @confirmed=${() => this.feed(press?.portions ?? amount, true)}
        ><p>${press?.message ?? nothing}</p></mqtt-dispatch-confirm
      >
    `;
  }

  private choose(portions: number): void {
    this.portions = portions;
    forget(this.device);
  }

  private feed(portions: number, confirmed = false): void {
    if (this.still || !this.allowed) return;
    void feed(this.hass, this.device, portions, confirmed);
  }

  private amount(portions: number, grams: number | null): string {
    const key = portions === 1 ? "one_portion" : "portions";
    const amount = this.words.say(key, { portions });
    if (grams === null) return amount;
    const weight = new Intl.NumberFormat(this.words.language).format(portions * grams);
    return `${amount} (${this.words.say("card_grams", { grams: weight })})`;
  }

  /** What became of the press, or why there can be none. */
  private said(press: Press | undefined): string {
    if (!this.allowed) return this.words.say("card_read_only");
    switch (press?.state) {
      case "sending":
        return this.words.say("card_sending");
      case "ordered":
        return this.followed(press.commandId ?? 0);
      case "unsure":
        return this.words.say("card_unsure");
      case "refused":
      case "asks":
        return press.message ?? "";
      default:
        return "";
    }
  }

  private followed(commandId: number): string {
    const ended = endedAs(this.hass, this.picture, commandId);
    if (!ended) return this.words.say("card_ordered", { command_id: commandId });
    const word = this.words.stateOfAttribute("event.command", "event_type", ended);
    return this.words.say("card_became", { command_id: commandId, state: word });
  }
}

define("mqtt-dispatch-feed", FeedPart);
