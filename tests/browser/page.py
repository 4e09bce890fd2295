"""A page of the browser, used as a person uses it: by what things are called."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any, Self

from .chromium import Chromium, RefusedError

PATIENCE = 40
LOOK_AGAIN_SECONDS = 0.05
QUALITY = 82
"""Of pictures, in percent."""

type Json = Any

# All elements of a tag, in whatever shadow they stand.
SEARCH = """
(tag) => {
  const found = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.localName === tag) found.push(each);
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  return found;
}
"""
# Where to press it: null while something else lies there.
PLACE = """
function () {
  if (this.disabled) return null;
  this.scrollIntoView({ block: "center", behavior: "instant" });
  const box = this.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  for (let at = hit; at; at = at.assignedSlot ?? at.parentNode ?? at.host) {
    if (at === this) return [x, y];
  }
  return null;
}
"""
# The text of an element, in the order in which it is read.
WORDS = """
(element) => {
  const words = (node) => {
    if (node.nodeType === 3) return node.textContent.trim();
    if (node.nodeType !== 1) return "";
    if (["STYLE", "SCRIPT"].includes(node.tagName)) return "";
    if (getComputedStyle(node).display === "none") return "";
    const slotted = node.localName === "slot" ? node.assignedNodes() : [];
    const inner = slotted.length ? slotted : (node.shadowRoot ?? node).childNodes;
    return [...inner].map(words).filter(Boolean).join(" ");
  };
  return words(element);
}
"""
OVERFLOW = """
(element) => Math.max(
  element.getBoundingClientRect().right - innerWidth,
  element.scrollWidth - element.clientWidth,
)
"""
IS_DARK = """
(element) => {
  const colours = getComputedStyle(element).color.match(/\\d+/g).slice(0, 3);
  return colours.reduce((sum, each) => sum + Number(each), 0) > 3 * 127;
}
"""
FOCUSED = """
(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
})()
"""
KEYS = {
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Space": {"key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
    "Escape": {"code": "Escape", "windowsVirtualKeyCode": 27},
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a page has, as it is told to somebody who does not see it."""

    role: str
    name: str
    node: int = 0
    """Where the browser keeps it."""


class Page:
    """A page with nothing remembered from other pages."""

    def __init__(self, chromium: Chromium, session: str) -> None:
        self._chromium = chromium
        self._session = session
        self.errors: list[str] = []
        """What scripts of the page threw."""
        chromium.hear(session, "Runtime.exceptionThrown", self._failed)

    @classmethod
    async def open(cls, chromium: Chromium) -> Self:
        """Return a new page, which shows nothing yet."""
        context = await chromium.tell("Target.createBrowserContext")
        target = await chromium.tell(
            "Target.createTarget",
            url="about:blank",
            browserContextId=context["browserContextId"],
        )
        attached = await chromium.tell(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        page = cls(chromium, attached["sessionId"])
        for domain in ("Page", "Runtime", "DOM", "Accessibility"):
            await page.tell(f"{domain}.enable")
        return page

    async def tell(self, method: str, **params: Json) -> Json:
        return await self._chromium.tell(method, self._session, **params)

    async def look_like(
        self,
        width: int,
        height: int,
        *,
        zone: str,
        dark: bool = False,
        scale: float = 1,
    ) -> None:
        """Have a screen of this size, in pixels of CSS, this clock and preference."""
        await self.tell("Emulation.setTimezoneOverride", timezoneId=zone)
        await self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        features = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce",
        }
        await self.tell(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": name, "value": value} for name, value in features.items()
            ],
        )

    async def remember(self, kept: Mapping[str, Json]) -> None:
        """Have this in the page's local storage before its first script runs."""
        lines = (
            f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps(value))});"
            for key, value in kept.items()
        )
        await self.tell("Page.addScriptToEvaluateOnNewDocument", source="".join(lines))

    async def go(self, url: str) -> None:
        """Go to an address; what it shows comes later."""
        told = await self.tell("Page.navigate", url=url)
        if "errorText" in told:
            raise RefusedError(f"{url}: {told['errorText']}")

    async def evaluate(self, expression: str) -> Json:
        """Return what an expression comes to, once that is known."""
        return (await self._evaluate(expression, returnByValue=True)).get("value")

    async def until(
        self,
        what: str,
        holds: Callable[[], Awaitable[Json]],
        patience: float = PATIENCE,
    ) -> Json:
        """Return what `holds` returns once that is true; fails after `patience` s."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    # A page that is drawn anew takes away what was just found.
                    try:
                        if found := await holds():
                            return found
                    except RefusedError:
                        pass
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        except TimeoutError:
            raise AssertionError(
                f"{what}: not in {patience:.0f} s; the page says: {await self.says()}"
            ) from None

    async def find(self, role: str, name: str, *, within: str | Thing) -> Thing:
        """Wait for what has this role and a name that begins so, and return it.

        `within` is the tag of an element, in whatever shadow it stands, or a thing.
        """

        async def looks() -> Thing | None:
            found = await self.all(role, within=within)
            return next((each for each in found if each.name.startswith(name)), None)

        thing: Thing = await self.until(f"A {role} called {name!r}", looks)
        return thing

    async def all(self, role: str, *, within: str | Thing) -> list[Thing]:
        """Return what has a role now, in its order; raises RefusedError."""
        if isinstance(within, Thing):
            root: Json = {"backendNodeId": within.node}
        else:
            found = await self._evaluate(f"({SEARCH})({json.dumps(within)})[0]")
            if "objectId" not in found:
                return []
            root = {"objectId": found["objectId"]}
        told = await self.tell("Accessibility.queryAXTree", **root, role=role)
        return [
            Thing(role, node["name"]["value"].strip(), node["backendDOMNodeId"])
            for node in told["nodes"]
            if not node["ignored"] and "value" in node.get("name", {})
        ]

    async def says(self, tag: str = "body") -> str:
        """Return the text that can be read of the first element of a tag."""
        # Some languages write a time with spaces of their own kind.
        return " ".join(str(await self.measure(tag, WORDS) or "").split())

    async def until_says(
        self, tag: str, *parts: str, patience: float = PATIENCE
    ) -> str:
        """Wait until an element says all of this, and return all it says."""

        async def looks() -> str | None:
            text = await self.says(tag)
            return text if all(part in text for part in parts) else None

        text: str = await self.until(f"{tag} saying {parts}", looks, patience)
        return text

    async def click(self, role: str, name: str, *, within: str | Thing) -> None:
        """Press something with the mouse, once it can be."""
        before: Json = None

        async def place() -> Json:
            nonlocal before
            thing = await self.find(role, name, within=within)
            now = await self._call(thing, PLACE)
            rests = now is not None and now == before
            before = now
            return now if rests else None

        x, y = await self.until(f"Pressing the {role} {name!r}", place)
        for what in ("mouseMoved", "mousePressed", "mouseReleased"):
            await self.tell(
                "Input.dispatchMouseEvent",
                type=what,
                x=x,
                y=y,
                button="none" if what == "mouseMoved" else "left",
                clickCount=0 if what == "mouseMoved" else 1,
            )

    async def focus(self, role: str, name: str, *, within: str | Thing) -> None:
        """Have the keyboard act on something."""

        async def focuses() -> bool:
            thing = await self.find(role, name, within=within)
            await self.tell("DOM.focus", backendNodeId=thing.node)
            return True

        await self.until(f"The keyboard on the {role} {name!r}", focuses)

    async def press(self, key: str) -> None:
        """Press a key, such as "Tab" or "7", and let it go."""
        known = {"key": key, "text": key} if key not in KEYS else {"key": key}
        event = {**known, **KEYS.get(key, {})}
        await self.tell("Input.dispatchKeyEvent", type="keyDown", **event)
        event.pop("text", None)
        await self.tell("Input.dispatchKeyEvent", type="keyUp", **event)

    async def type(self, text: str) -> None:
        for key in text:
            await self.press(key)

    async def focused(self) -> Thing:
        """Return what the keyboard acts on."""
        element = await self._evaluate(FOCUSED)
        if "objectId" not in element:
            return Thing("none", "")
        told = await self.tell(
            "Accessibility.getPartialAXTree",
            objectId=element["objectId"],
            fetchRelatives=False,
        )
        node = told["nodes"][0]
        return Thing(
            str(node.get("role", {}).get("value", "none")),
            str(node.get("name", {}).get("value", "")).strip(),
        )

    async def tab_to(self, role: str, name: str, *, most: int = 120) -> None:
        """Press Tab until the keyboard acts on what has this role and name."""
        passed: list[str] = []
        for _ in range(most):
            thing = await self.focused()
            if thing.role == role and thing.name.startswith(name):
                return
            passed.append(f"{thing.role} {thing.name!r}")
            await self.press("Tab")
        raise AssertionError(f"No Tab leads to the {role} {name!r}: {passed[-40:]}")

    async def overflow(self, tag: str) -> int:
        """Return by how many pixels the first element of a tag is too wide."""
        return int(await self.measure(tag, OVERFLOW))

    async def is_dark(self, tag: str) -> bool:
        """Return whether the text of an element is lighter than a middle grey."""
        return bool(await self.measure(tag, IS_DARK))

    async def measure(self, tag: str, function: str) -> Json:
        """Return what a function of the first element of a tag comes to, if there."""
        element = f"({SEARCH})({json.dumps(tag)})[0]"
        return await self.evaluate(
            f"((found) => found ? ({function})(found) : null)({element})"
        )

    async def picture(self, path: Path) -> None:
        """Keep what is on the screen, as WebP."""
        told = await self.tell("Page.captureScreenshot", format="webp", quality=QUALITY)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(told["data"]))

    async def _evaluate(self, expression: str, **how: Json) -> Json:
        told = await self.tell(
            "Runtime.evaluate", expression=expression, awaitPromise=True, **how
        )
        if "exceptionDetails" in told:
            raise RefusedError(str(told["exceptionDetails"]))
        return told["result"]

    async def _call(self, thing: Thing, function: str) -> Json:
        """Return what a function comes to whose `this` is the element of a thing."""
        node = await self.tell("DOM.resolveNode", backendNodeId=thing.node)
        told = await self.tell(
            "Runtime.callFunctionOn",
            objectId=node["object"]["objectId"],
            functionDeclaration=function,
            returnByValue=True,
        )
        return told["result"].get("value")

    def _failed(self, event: Json) -> None:
        details = event["exceptionDetails"]
        thrown = details.get("exception", {}).get("description", details["text"])
        self.errors.append(f"{details.get('url', '')}: {thrown}")
