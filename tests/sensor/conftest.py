"""What tests of sensors begin with."""

from __future__ import annotations

from collections.abc import Generator
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from ..nodes import Nodes, pass_time


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Also the entities that are disabled by default are enabled."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        yield


@pytest.fixture
async def ready(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> Nodes:
    """Both nodes are ready and have settled."""
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    return nodes
