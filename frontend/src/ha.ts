// What we use of Home Assistant's frontend, which publishes no types.

export interface HaEvents {
  addEventListener(type: "ready" | "disconnected", listener: () => void): void;
  removeEventListener(type: "ready" | "disconnected", listener: () => void): void;
}

export interface Connection extends HaEvents {
  subscribeMessage<T>(
    told: (event: T) => void,
    message: { type: string; [field: string]: unknown },
    options?: { resubscribe?: boolean },
  ): Promise<() => Promise<void> | void>;
}

export interface State {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
}

export interface RegisteredEntity {
  entity_id: string;
  device_id?: string | null;
  platform?: string;
}

export interface Locale {
  language: string;
  /** `language`, `system`, `12` or `24`. */
  time_format?: string;
  time_zone?: string;
}

export type Localize = (key: string, values?: Record<string, unknown>) => string;

export interface Hass {
  connection: Connection;
  states: Record<string, State | undefined>;
  entities?: Record<string, RegisteredEntity | undefined>;
  language: string;
  locale: Locale;
  config: { time_zone: string; state?: string };
  localize: Localize;
  hassUrl?(path: string): string;
  formatEntityState?(state: State): string;
  callService(
    domain: string,
    service: string,
    data: Record<string, unknown>,
    target?: Record<string, unknown>,
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ response?: unknown }>;
  callWS<T>(message: { type: string; [field: string]: unknown }): Promise<T>;
  loadBackendTranslation(category: string, integrations: string[]): Promise<Localize>;
}

/** What `callService` and `callWS` reject with; `code` 3: the connection was lost. */
export interface HaError {
  code?: number | string;
  message?: string;
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Record<string, string>;
}

/** Tell Home Assistant's page something, from within a shadow root. */
export function fire(from: EventTarget, type: string, detail: Record<string, unknown> = {}): void {
  from.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

/** Open the dialog of an entity. */
export function showMore(from: EventTarget, entityId: string): void {
  fire(from, "hass-more-info", { entityId });
}

/** Say something at the bottom of the page, with one thing that can be done about it. */
export function toast(
  from: EventTarget,
  message: string,
  action?: { text: string; action: () => void },
): void {
  fire(from, "hass-notification", action ? { message, action, duration: 8000 } : { message });
}
