import { css, html, nothing, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import type { Answer, Doubt } from "../api.js";
import { define } from "../define.js";
import { pieces } from "../model.js";
import type { ConfirmDialog } from "./dialog.js";
import "./dialog.js";
import { Part } from "./part.js";

/** A question that a person must answer, with its evidence and the three answers. */
export class DoubtPart extends Part {
  static override styles = [
    ...Part.styles,
    css`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `,
  ];

  @property({ attribute: false }) doubt!: Doubt;
  @query("mqtt-dispatch-confirm") private dialog!: ConfirmDialog;

  protected override render(): TemplateResult {
    const { doubt } = this;
    return html`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${doubt.in_words}</p>
      <ul>
        ${doubt.evidence.map((line) => html`<li class="quiet">${spelled(line)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded", "card_happened", () => this.resolve("succeeded"))}
        ${this.button("failed", "card_not_happened", () => this.resolve("failed"))}
        ${this.button("resend", "card_send_again", () => this.dialog.ask())}
      </div>
      ${doubt.answers.length ? nothing : html`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal ? html`<p role="alert">${this.refusal}</p>` : nothing}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${() => this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${doubt.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`;
  }

  private button(answer: Answer, word: string, act: () => void): TemplateResult | typeof nothing {
    if (!this.doubt.answers.includes(answer)) return nothing;
    return html`<button ?disabled=${this.still} @click=${act}>${this.words.say(word)}</button>`;
  }

  private resolve(outcome: Answer): void {
    void this.order("resolve_command", { command_id: this.doubt.command_id, outcome });
  }
}

function spelled(line: string): (string | TemplateResult)[] {
  return pieces(line).map((piece, at) => (at % 2 ? html`<code>${piece}</code>` : piece));
}

define("mqtt-dispatch-doubt", DoubtPart);
