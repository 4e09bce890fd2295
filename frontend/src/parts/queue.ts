import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { CommandShown } from "../api.js";
import { define } from "../define.js";
import { inQueue, progress } from "../model.js";
import { Part } from "./part.js";

/** What is under way with its step, and what waits with what for. */
export class QueuePart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const shown = inQueue(this.picture);
    const { more } = this.picture.commands;
    return html`
      <h3>${this.words.say("card_queue")}</h3>
      ${shown.length ? nothing : html`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${repeat(
          shown,
          ({ id }) => id,
          (command) => this.command(command),
        )}
      </ul>
      ${
        more
          ? html`<p class="quiet">
              ${this.words.say(more === 1 ? "one_more" : "more", { number: more })}
            </p>`
          : nothing
      }
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
    `;
  }

  private command(command: CommandShown): TemplateResult {
    const waits = command.waits_in_words !== null;
    return html`<li>
      <div class="row">
        <ha-icon .icon=${waits ? "mdi:clock-outline" : "mdi:progress-clock"}></ha-icon>
        <span class="grow">${command.in_words}</span>
        ${
          command.may.includes("cancel")
            ? html`<button
                ?disabled=${this.still}
                aria-label=${this.words.say("card_cancel", { command_id: command.id })}
                @click=${() => this.order("cancel_command", { command_id: command.id })}
              >
                <ha-icon icon="mdi:close"></ha-icon>
              </button>`
            : nothing
        }
      </div>
      ${progress(command).map((each) => html`<p class="quiet wait">${each}</p>`)}
    </li>`;
  }
}

define("mqtt-dispatch-queue", QueuePart);
