import { LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { act, type Picture, saying } from "../api.js";
import type { Hass } from "../ha.js";
import type { Words } from "../words.js";
import { shared } from "./styles.js";

/** A part of what is shown of a station. */
export abstract class Part extends LitElement {
  static override styles = [shared];

  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) words!: Words;
  @property({ attribute: false }) picture!: Picture;
  /** What time it is for Home Assistant, in unix seconds. */
  @property({ type: Number }) now = 0;
  /** Whether nothing can be done: what is shown is old, or only a sample. */
  @property({ type: Boolean }) still = false;
  /** What was refused last, as a sentence. */
  @state() protected refusal = "";
  @state() private doing = false;

  /** Whether the user cannot act now. */
  protected get held(): boolean {
    return this.still || this.doing || !this.picture.station.may_control;
  }

  /** Call an action of the station; what it refuses is shown. */
  protected async order(action: string, data: Record<string, unknown>): Promise<boolean> {
    return this.attempt(() =>
      act(this.hass, action, { device_id: this.picture.station.device_id, ...data }),
    );
  }

  /** Do something that Home Assistant may refuse; until it answers nothing else is done. */
  protected async attempt(what: () => Promise<unknown>): Promise<boolean> {
    if (this.doing) return false;
    this.doing = true;
    this.refusal = "";
    try {
      await what();
      return true;
    } catch (error) {
      this.refusal = saying(error);
      return false;
    } finally {
      this.doing = false;
    }
  }
}
