import { css, html, LitElement, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../define.js";
import { shared } from "./styles.js";

/**
 * A question before something is done: heading, slotted text, one way on, one way back.
 *
 * Fires `confirmed` when a person goes on.
 */
export class ConfirmDialog extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        max-width: min(28rem, calc(100vw - 32px));
        padding: 24px;
        border: 0;
        border-radius: 12px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 1.25rem;
        font-weight: 500;
      }
      .wrap {
        justify-content: flex-end;
        margin-top: 24px;
      }
    `,
  ];

  @property() heading = "";
  /** What the button that goes on says. */
  @property() action = "";
  @property() back = "";
  @property({ type: Boolean }) risky = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  /** Ask. */
  ask(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${() => this.dialog.close()}>${this.back}</button>
        <button class=${this.risky ? "risky" : "main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`;
  }

  private confirm(): void {
    this.dialog.close();
    this.dispatchEvent(new CustomEvent("confirmed"));
  }
}

define("mqtt-dispatch-confirm", ConfirmDialog);
