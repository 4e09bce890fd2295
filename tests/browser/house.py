"""What the tests look at: a Home Assistant with a dashboard, a panel and a plan."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
import json
import os
from pathlib import Path
from typing import Any

from homeassistant.const import __version__ as core_version

from scripts.demo import CONFIGURATION, DASHBOARD_PATH, write_dashboard
from scripts.parts.flows import DOMAIN
from scripts.parts.process import REPOSITORY
from scripts.parts.site import Site
from scripts.parts.stations import KITCHEN
from tests.real.kitchen import Kitchen

from .chromium import Chromium
from .page import Page

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = "PICTURES"
"""The environment variable: the folder in which pictures are kept."""
STATIONS = (KITCHEN.played_with("--work-seconds", "1", "--firmware", "plain"),)
PATIENCE_OF_STATION = {
    "accept_timeout": 5.0,
    "done_timeout": 10.0,
    "retry_delay": 4.0,
}
"""Seconds, shorter than usual, so that what must time out does so soon."""
PLAN = {"Breakfast": "07:30", "Lunch": "16:00", "Dinner": "18:30"}
CARD = "mqtt-dispatch-card"
PANEL = "mqtt-dispatch-panel"
CONTRAST = "color-contrast"
JUDGE = """
async (element) => {
  const { passes, violations } = await axe.run(element);
  return { passes: passes.map(({ id }) => id), violations };
}
"""
SERIOUS = {"serious", "critical"}


def _time_zone() -> timezone:
    """Return a zone in which it is noon or a little later: no story meets midnight."""
    return timezone(timedelta(hours=12 - datetime.now(UTC).hour))


ZONE = _time_zone()
# Zones of this kind count the other way.
ZONE_NAME = f"Etc/GMT{-(ZONE.utcoffset(None) // timedelta(hours=1)):+d}"


def site_in(folder: Path) -> Site:
    """Return a site whose parts keep what they write in a folder; starts nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    return Site(
        folder,
        stations=STATIONS,
        time_zone=ZONE_NAME,
        more_configuration=CONFIGURATION.format(
            dashboard=write_dashboard(folder, STATIONS)
        ),
    )


class House:
    """A site, and a browser to look at it."""

    def __init__(self, site: Site, chromium: Chromium) -> None:
        self.site = site
        self.kitchen = Kitchen(site)
        self._chromium = chromium

    async def begin(self) -> None:
        """Start all of it, with meals on the plan."""
        await asyncio.gather(self.site.start(), self._chromium.start())
        await self.kitchen.begin()
        await self.kitchen.set_options(**PATIENCE_OF_STATION)
        for name, time in PLAN.items():
            await self.kitchen.call("schedule", name=name, time=time, portions=2)
        await self.kitchen.until_state("binary_sensor.kitchen_ready", "on")

    async def end(self) -> None:
        """Stop all of it."""
        try:
            await self._chromium.stop()
        finally:
            await self.site.stop()

    @property
    def api(self) -> Any:
        return self.site.home_assistant.api

    async def page(
        self,
        width: int = 1280,
        height: int = 900,
        *,
        dark: bool = False,
        language: str = "en",
        scale: float = 1,
        sidebar: str = "docked",
    ) -> Page:
        """Return a page of somebody who is signed in, which shows nothing yet."""
        page = await Page.open(self._chromium)
        await page.look_like(width, height, zone=ZONE_NAME, dark=dark, scale=scale)
        await page.remember(
            {
                "hassTokens": self.api.signed_in,
                "selectedLanguage": language,
                "dockedSidebar": sidebar,
            }
        )
        return page

    async def see_card(self, page: Page) -> None:
        """Go to the dashboard of the kitchen."""
        await page.go(f"{self.api.url}/{DASHBOARD_PATH}/{KITCHEN.slug}")
        await page.until_says(CARD, KITCHEN.name)

    async def see_panel(self, page: Page, where: str) -> None:
        """Go to a page of the panel, such as "plan"."""
        await page.go(f"{self.api.url}/mqtt-dispatch/{where}")
        await page.until_says(PANEL, "MQTT Dispatch")

    async def leave_doubt(self) -> None:
        """Have a feed of which nobody knows whether it happened."""
        if not await self.commands("unconfirmed"):
            await self.kitchen.order("2", silent="works", count=1)
            await self.kitchen.until(await self.kitchen.feed(), "unconfirmed")

    async def commands(self, state: str) -> list[dict[str, Any]]:
        """Return the commands of the kitchen that are in a state."""
        answer = await self.kitchen.call("get_commands", state=state, limit=1000)
        return list(answer["commands"])


def words(language: str) -> dict[str, str]:
    """Return the words of the screens by their keys."""
    path = REPOSITORY / "custom_components" / DOMAIN / "translations"
    told = json.loads((path / f"{language}.json").read_text(encoding="utf-8"))
    return dict(told["common"])


def pictures() -> Path:
    """Return the folder in which the pictures of this run are kept."""
    kept = os.environ.get(PICTURES) or REPOSITORY / "build" / "pictures"
    return Path(kept) / core_version


async def findings(page: Page, tag: str) -> list[str]:
    """Return what axe finds serious about an element and all that is in it."""
    await page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    told = await page.measure(tag, JUDGE)
    assert CONTRAST in told["passes"], f"axe did not look into {tag}"
    return [
        f"{found['id']}: {found['help']}: {node['html'][:200]} {node['any'][:1]}"
        for found in told["violations"]
        if found["impact"] in SERIOUS
        for node in found["nodes"]
    ]
