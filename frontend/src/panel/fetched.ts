import type { ReactiveController, ReactiveControllerHost } from "lit";
import { saying } from "../api.js";

/** What is asked for once, and again when it is about something else. */
export class Fetched<T> implements ReactiveController {
  value?: T;
  /** Why it is not there, in words. */
  error = "";
  #about?: string;
  #turn = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly ask: () => Promise<T>,
  ) {
    host.addController(this);
  }

  hostConnected(): void {}

  /** Ask if what it is about is another than the last time. */
  follow(about: string): void {
    if (about === this.#about) return;
    this.#about = about;
    void this.again();
  }

  /** Ask anew; what was asked for before and comes later counts no more. */
  async again(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const value = await this.ask();
      if (turn !== this.#turn) return;
      this.value = value;
      this.error = "";
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = saying(error);
    }
    this.host.requestUpdate();
  }
}
