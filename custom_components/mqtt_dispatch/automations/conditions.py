"""What automations can go by."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Final, Unpack, cast, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConditionErrorMessage
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType, VolDictType
import voluptuous as vol

from ..clock import now
from ..coordinator import DispatchCoordinator
from .feeding import last_fed
from .stations import async_meant

CONF_BEHAVIOR: Final = "behavior"
CONF_WITHIN: Final = "within"
ALL: Final = "all"
ANY: Final = "any"


class StationCondition(Condition):
    """Holds for stations and nodes that its target means: for all of them, or for any.

    Of a station that is not loaded nobody knows: that is an error, so that "not" does
    not turn it into a yes.
    """

    fields: ClassVar[VolDictType] = {}
    key: ClassVar[str]

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check what it is given."""
        schema = vol.Schema(
            {
                vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
                vol.Optional(CONF_OPTIONS, default=dict): {
                    vol.Required(CONF_BEHAVIOR, default=ALL): vol.In((ANY, ALL)),
                    **cls.fields,
                },
            }
        )
        return cast("ConfigType", schema(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take what it is given."""
        super().__init__(hass, config)
        self.hass = hass
        self._target = config.target or {}
        self._options = config.options or {}

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        held = [self._holds(coordinator, node) for coordinator, node in self._places()]
        if not held:
            raise ConditionErrorMessage(self.key, "the target names no station")
        return any(held) if self._options[CONF_BEHAVIOR] == ANY else all(held)

    @abstractmethod
    def _holds(self, coordinator: DispatchCoordinator, node: str | None) -> bool:
        """Return whether it holds for a station (None), or for one of its nodes."""

    def _places(self) -> Iterator[tuple[DispatchCoordinator, str | None]]:
        """Yield what is meant. Raises ConditionError where nobody knows."""
        entries = self.hass.config_entries
        for entry_id, what in async_meant(self.hass, self._target).items():
            entry = entries.async_get_entry(entry_id)
            if entry is None or entry.state is not ConfigEntryState.LOADED:
                name = entry_id if entry is None else entry.title
                raise ConditionErrorMessage(self.key, f"{name} is not loaded")
            coordinator: DispatchCoordinator = entry.runtime_data
            if what.whole:
                yield coordinator, None
                continue
            for node in what.nodes & coordinator.data.nodes.keys():
                yield coordinator, node


class StationReady(StationCondition):
    """Whether nodes are ready; of a station: all of them."""

    key = "station_ready"

    @override
    def _holds(self, coordinator: DispatchCoordinator, node: str | None) -> bool:
        seen = coordinator.data
        return (seen.ready if node is None else seen.nodes[node].ready) is True


class FedWithin(StationCondition):
    """Whether something was certainly fed within some time."""

    key = "fed_within"
    fields: ClassVar[VolDictType] = {
        vol.Required(
            CONF_WITHIN, default=lambda: timedelta(hours=8)
        ): cv.positive_time_period,
    }

    @override
    def _holds(self, coordinator: DispatchCoordinator, node: str | None) -> bool:
        if not coordinator.engine.clock.plausible:
            # By a clock that is behind, all that was ever fed was fed lately.
            said = f"nobody knows what time it is at {coordinator.name}"
            raise ConditionErrorMessage(self.key, said)
        fed = last_fed(coordinator, None if node is None else (node,))
        within: timedelta = self._options[CONF_WITHIN]
        return fed is not None and now().wall - fed <= within.total_seconds()


CONDITIONS: Final[dict[str, type[Condition]]] = {
    StationReady.key: StationReady,
    FedWithin.key: FedWithin,
}
