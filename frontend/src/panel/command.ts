import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Picture } from "../api.js";
import { define } from "../define.js";
import { pieces } from "../model.js";
import "../parts/doubt.js";
import { moment } from "../time.js";
import { type CommandTold, command, type Step } from "./asking.js";
import { lengthInWords } from "./days.js";
import { Fetched } from "./fetched.js";
import { PanelPage } from "./page.js";
import { follow, pathOf, pathOfCommand } from "./route.js";

/** States that a delivery has and a command has not. */
const STEPS: Record<string, string> = {
  pending: "panel_step_pending",
  done: "panel_step_done",
  unknown: "panel_step_unknown",
};

/** One command: what is known of it, and all that happened to it. */
export class CommandPage extends PanelPage {
  static override styles = [
    ...PanelPage.styles,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        padding-block: 6px;
        padding-inline: 0 12px;
        border-block-end: 1px solid var(--divider-color);
        text-align: start;
        vertical-align: top;
      }
      th {
        font-weight: 500;
        color: var(--secondary-text-color);
      }
      td:nth-child(-n + 2) {
        white-space: nowrap;
      }
    `,
  ];

  @property() entry = "";
  @property({ type: Number }) command = 0;

  private told = new Fetched<CommandTold>(this, () =>
    command(this.hass, this.picture?.station.device_id ?? "", this.command),
  );

  private get picture(): Picture | undefined {
    return this.pictureOf(this.entry);
  }

  protected override willUpdate(_: PropertyValues): void {
    const { picture } = this;
    if (!picture) {
      this.told.forget();
      return;
    }
    const open = picture.commands.open.find(({ id }) => id === this.command);
    const more = open ? 0 : picture.commands.more;
    this.told.follow(
      JSON.stringify([this.entry, this.command]),
      JSON.stringify([this.hass.language, open, more]),
    );
  }

  protected override render(): TemplateResult {
    const { words, picture } = this;
    const { value } = this.told;
    return html`<div class="stack">
      <a href=${pathOf("history")} @click=${follow}>${words.say("panel_back")}</a>
      ${picture ? nothing : this.absent(this.entry)}
      ${this.problem(this.told)}
      ${value && picture ? html`${this.head(value, picture)} ${this.steps(value)}` : nothing}
    </div>`;
  }

  private head(told: CommandTold, picture: Picture): TemplateResult {
    const { words, hass, now, still } = this;
    const doubt = picture.doubts.find(({ command_id }) => command_id === told.id);
    const took = told.ended_at === null ? null : told.ended_at - told.created_at;
    return html`<section>
      <h2>${told.in_words}</h2>
      <p>
        ${told.station} · ${this.stateOf(told.state)}${
          took === null
            ? ""
            : ` · ${words.say("panel_after", { time: lengthInWords(words, took) })}`
        }
      </p>
      <ul>
        ${told.deliveries.map((line) => html`<li>${spelled(line)}</li>`)}
      </ul>
      ${
        told.finishes
          ? html`<p>
              <a href=${pathOfCommand(this.entry, told.finishes)} @click=${follow}
                >${words.say("panel_finishes", { command_id: told.finishes })}</a
              >
            </p>`
          : nothing
      }
      ${
        doubt
          ? html`<mqtt-dispatch-doubt
              .hass=${hass} .words=${words} .picture=${picture} .now=${now} .still=${still}
              .doubt=${doubt}
            ></mqtt-dispatch-doubt>`
          : nothing
      }
    </section>`;
  }

  private steps(told: CommandTold): TemplateResult {
    const { words } = this;
    return html`<section>
      <h2 id="steps">${words.say("panel_timeline")}</h2>
      <div class="scroll" role="region" aria-labelledby="steps" tabindex="0">
        <table>
          <thead>
            <tr>
              ${[
                "panel_when",
                "panel_later",
                "panel_filter_node",
                "panel_filter_state",
                "panel_why",
              ].map((key) => html`<th scope="col">${words.say(key)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${told.timeline.map((step, at) => this.step(step, told.timeline[at - 1]))}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private stepState(state: string): string {
    const key = STEPS[state];
    return key ? this.words.say(key) : this.stateOf(state);
  }

  private step(step: Step, before: Step | undefined): TemplateResult {
    const { words } = this;
    return html`<tr>
      <td>${moment(this.hass, step.at, this.now)}</td>
      <td>${before ? `+${lengthInWords(words, step.at - before.at)}` : ""}</td>
      <td>${step.node ?? ""}</td>
      <td>${this.stepState(step.state)}</td>
      <td>${words.say(`panel_cause_${step.cause}`)}${step.detail ? html`: ${step.detail}` : nothing}</td>
    </tr>`;
  }
}

function spelled(line: string): (string | TemplateResult)[] {
  return pieces(line).map((piece, at) => (at % 2 ? html`<code>${piece}</code>` : piece));
}

define("mqtt-dispatch-page-command", CommandPage);
