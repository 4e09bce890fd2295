"""The wire: pure functions between messages and the words of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .base import Protocol
from .paired_dispenser import PAIRED_DISPENSER

PROTOCOLS: Final[Mapping[str, Protocol]] = MappingProxyType(
    {protocol.key: protocol for protocol in (PAIRED_DISPENSER,)}
)
