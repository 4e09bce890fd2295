import type { ReactiveController, ReactiveControllerHost } from "lit";
import { saying } from "../api.js";

/** What is asked for once, and again when it is about something else, or news of that. */
export class Fetched<T> implements ReactiveController {
  value?: T;
  /** Why it is not there, in words. */
  error = "";
  #about?: string;
  #news?: string;
  #turn = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly ask: () => Promise<T>,
  ) {
    host.addController(this);
  }

  hostConnected(): void {}

  /**
   * Ask if it is about something else than the last time, or there is news of that.
   *
   * What was told of something else is forgotten at once: nobody shall take it for this.
   */
  follow(about: string, news: string): void {
    if (about === this.#about && news === this.#news) return;
    if (about !== this.#about) this.forget();
    this.#about = about;
    this.#news = news;
    void this.again();
  }

  /** Be about nothing: also what was asked for and comes later counts no more. */
  forget(): void {
    this.#about = undefined;
    this.#turn += 1;
    this.value = undefined;
    this.error = "";
  }

  /** Ask anew, if it is about something; what was asked for before counts no more. */
  async again(): Promise<void> {
    if (this.#about === undefined) return;
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
