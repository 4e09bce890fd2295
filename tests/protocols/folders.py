"""The protocols that have a folder of their own."""

from __future__ import annotations

from pathlib import Path

from custom_components.mqtt_dispatch import protocols

OF_FOLDERS = frozenset(
    path.parent.name
    for path in Path(str(protocols.__file__)).parent.glob("*/protocol.py")
)
"""By key; the others are made of profiles."""
