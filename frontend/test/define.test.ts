import { expect, it } from "vitest";
import { define } from "../src/define";

it("leaves a tag to the element that came first", () => {
  class First extends HTMLElement {}
  class Second extends HTMLElement {}
  define("test-twice", First);
  define("test-twice", Second);
  expect(customElements.get("test-twice")).toBe(First);
});
