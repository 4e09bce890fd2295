"""Lets the test plugin run on a Home Assistant that is newer than its own.

The plugin is published some time after each Home Assistant, and is made for that one
alone. Until there is one for the newest, its predecessor runs with what is here.
`requirements_newest.txt` says which Home Assistant that is; a test asks for the removal
of both files, and of `-p tests.newer_core` in `pyproject.toml`, once the plugin has
caught up.

pytest loads this module before the plugins that are installed: the newest Home
Assistant puts its own `httpx` in place, and must do so before one of them imports it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import requires, version

PLUGIN = "pytest-homeassistant-custom-component"


def core_of_the_plugin() -> str:
    """Return the version of the Home Assistant that the plugin is made for."""
    (made_for,) = (
        requirement.removeprefix("homeassistant==")
        for requirement in requires(PLUGIN) or ()
        if requirement.startswith("homeassistant==")
    )
    return made_for


def _lend() -> None:
    import_module("homeassistant")
    logger = import_module("homeassistant.components.logger")
    # It moved, and the plugin imports it from where it was.
    moved = import_module("homeassistant.components.logger.helpers")
    vars(logger)["_clear_logger_overwrites"] = vars(moved)["_clear_logger_overwrites"]


if version("homeassistant") != core_of_the_plugin():
    _lend()
