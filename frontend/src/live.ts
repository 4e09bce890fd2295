// A subscription that survives: restarts of Home Assistant, lost connections, other views.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Connection, HaError, Hass } from "./ha.js";

type Message = { type: string; [field: string]: unknown };
type Off = () => Promise<void> | void;

const LONGEST_WAIT = 30_000;

/**
 * Follows one message over whatever connection there is.
 *
 * The library's own way to subscribe anew gives up for ever on the error that Home Assistant
 * answers while it starts; this one tries again. Set `hass` whenever it is new, and call
 * `restart` when the message is another one.
 */
export class Live<T> implements ReactiveController {
  /** Why nothing is told at the moment. */
  error?: HaError;
  #connection?: Connection;
  #unsubscribe?: Promise<Off>;
  #timer?: ReturnType<typeof setTimeout>;
  #tries = 0;
  #connected = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    /** The message; undefined: there is nothing to follow. */
    private readonly message: () => Message | undefined,
    /** `first`: it is the first event of a subscription. */
    private readonly told: (event: T, first: boolean) => void,
  ) {
    host.addController(this);
  }

  set hass(hass: Hass | undefined) {
    if (hass?.connection === this.#connection) return;
    this.#stop();
    this.#connection = hass?.connection;
    if (this.#connected) this.#start();
  }

  hostConnected(): void {
    this.#connected = true;
    this.#start();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#stop();
  }

  /** Subscribe anew, with the message as it is now. */
  restart(): void {
    this.#drop();
    this.#tries = 0;
    if (this.#connected) this.#subscribe();
  }

  #ready = (): void => this.restart();

  #start(): void {
    this.#connection?.addEventListener("ready", this.#ready);
    this.#subscribe();
  }

  #stop(): void {
    this.#connection?.removeEventListener("ready", this.#ready);
    this.#drop();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    void this.#unsubscribe?.then((off) => off()).catch(() => undefined);
    this.#unsubscribe = undefined;
  }

  #subscribe(): void {
    const message = this.message();
    if (this.#unsubscribe || !this.#connection || !message) return;
    let first = true;
    const mine: Promise<Off> = this.#connection.subscribeMessage<T>(
      (event) => {
        if (this.#unsubscribe !== mine) return; // a late event of one that was dropped
        this.#tries = 0;
        this.error = undefined;
        this.told(event, first);
        first = false;
        this.host.requestUpdate();
      },
      message,
      { resubscribe: false },
    );
    this.#unsubscribe = mine;
    mine.catch((error: HaError) => {
      if (this.#unsubscribe !== mine) return;
      this.#unsubscribe = undefined;
      this.error = error ?? {};
      this.host.requestUpdate();
      // Who may not look may not look in a second either.
      if (error?.code === "unauthorized") return;
      const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.#tries++);
      this.#timer = setTimeout(() => this.#subscribe(), wait);
    });
  }
}
