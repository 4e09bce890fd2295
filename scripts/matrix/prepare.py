"""A Home Assistant that knows broker and station, to begin each stand from."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
import shutil

from scripts.parts.api import wait_for_state
from scripts.parts.process import REPOSITORY
from scripts.parts.site import Site
from scripts.parts.stations import KITCHEN, Staged

COMPONENTS = "custom_components"
PATIENCE = 120


async def prepared(folder: Path, station: Staged = KITCHEN) -> Path:
    """Set up a site once, and return its folder once the station has nothing to do.

    It has a copy of the integration: all of a matrix sees one state of the code.
    """
    known = folder / "known"
    config = known / "home_assistant" / "config"
    config.mkdir(parents=True)
    copy = folder / COMPONENTS
    shutil.copytree(
        REPOSITORY / COMPONENTS, copy, ignore=shutil.ignore_patterns("__pycache__")
    )
    (config / COMPONENTS).symlink_to(copy)
    site = Site(known, stations=[station], environment=environment(folder))
    async with site, asyncio.timeout(PATIENCE):
        queue = f"sensor.{station.slug}_queue"
        await wait_for_state(site.home_assistant.api, queue, "0".__eq__)
    return known


def environment(folder: Path) -> Mapping[str, str]:
    """Return what lets each start but the first find compiled modules."""
    return {
        "PYTHONPYCACHEPREFIX": str(folder / "pycache"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
