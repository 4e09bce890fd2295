"""A Home Assistant that knows broker and station, to begin each stand from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
import shutil

from scripts.parts.process import REPOSITORY
from scripts.parts.site import Site

COMPONENTS = "custom_components"


async def prepared(folder: Path) -> Path:
    """Set up a site once, and return its folder.

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
    async with Site(known, environment=environment(folder)):
        pass
    return known


def environment(folder: Path) -> Mapping[str, str]:
    """Return what lets each start but the first find compiled modules."""
    return {
        "PYTHONPYCACHEPREFIX": str(folder / "pycache"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
