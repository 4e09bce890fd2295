// What the parts of the card and of the panel look alike in. Colours are the theme's.
import { css } from "lit";

export const shared = css`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  h3 {
    margin: 0;
    font-size: 0.875rem;
    font-weight: 500;
    color: var(--secondary-text-color);
  }
  * + h3 {
    margin-top: 12px;
  }
  p,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--secondary-text-color);
    font-size: 0.875rem;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .wrap {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button,
  select {
    min-height: 44px;
    min-width: 44px;
    padding: 0 16px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    background: transparent;
    color: var(--primary-text-color);
    font: inherit;
    cursor: pointer;
  }
  /* White on the theme's own colour is too faint to read. */
  button.main {
    border: 2px solid var(--primary-color);
    background: var(--secondary-background-color);
    background: color-mix(in srgb, var(--primary-color) 12%, transparent);
    font-weight: 500;
  }
  button.risky {
    border-color: var(--error-color);
    border-width: 2px;
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible,
  select:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  ha-icon {
    flex: none;
    --mdc-icon-size: 20px;
    color: var(--secondary-text-color);
  }
  ha-icon.good {
    color: var(--success-color);
  }
  ha-icon.warning {
    color: var(--warning-color);
  }
  ha-icon.bad {
    color: var(--error-color);
  }
  .box {
    padding: 12px;
    border: 1px solid var(--divider-color);
    border-inline-start: 4px solid var(--warning-color);
    border-radius: 8px;
  }
  code {
    font-size: 0.9em;
  }
`;
