"""The cameras that exist, by what their makers' documents and programs say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.esp32_cam.wire import ALL_KINDS, Settings

FIRMWARES: Mapping[str, Mapping[str, Any]] = {
    # The maker's paper, "V4": what its camera listens to and says.
    "v4": {},
    # What the service of today speaks with.
    "3.5": {
        "family": "shared",
        "data": "shared",
        "spelling": "PLAIN",
        "hello": "listed",
        "metadata": "nested",
        "payload": "base64",
        "counts_from": 0,
        "knows": ALL_KINDS,
        "misses_on": "cmd",
        "pending_first": False,
    },
    # The simulated device of the maker's tests.
    "seed": {
        "data": "shared",
        "counts_from": 0,
        "waits": False,
        "by_itself": True,
        "knows": frozenset(),
        "reads_flags": False,
        "fahrenheit": True,
    },
}


def settings_of(firmware: str, prefix: str, **others: Any) -> Settings:
    """Return the settings of cameras with a firmware of FIRMWARES.

    `others` are settings that are not as usual with it.
    """
    return Settings(prefix, **{**FIRMWARES[firmware], **others})
