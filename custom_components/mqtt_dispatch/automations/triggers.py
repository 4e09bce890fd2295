"""What automations can begin with."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final, cast, override

from homeassistant.const import CONF_FOR, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType, VolDictType
import voluptuous as vol

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command, CommandState
from ..engine.model.effects import Changed
from ..engine.model.meal import Became
from ..entity import async_device_of
from ..texts.commands import describe_command, meal_of
from ..texts.responses import change_as_data
from ..texts.sentences import node_title, reason_in_words
from .stations import NOTHING_MEANT, async_follow_stations, async_meant

CONF_KIND: Final = "kind"
CONF_STATE: Final = "state"

_ENDS: Final = [state.value for state in CommandState if state.final]


class StationTrigger(Trigger):
    """Begins with what goes on at the stations and nodes that its target means."""

    fields: ClassVar[VolDictType] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check what it is given."""
        schema = vol.Schema(
            {
                vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
                vol.Optional(CONF_OPTIONS, default=dict): cls.fields,
            }
        )
        return cast("ConfigType", schema(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take what it is given."""
        super().__init__(hass, config)
        self.hass = hass
        self._target = config.target or {}
        self._options = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Begin to follow the stations."""
        return async_follow_stations(
            self.hass, lambda station: self._follow(station, run_action)
        )

    @abstractmethod
    def _follow(
        self, coordinator: DispatchCoordinator, run_action: TriggerActionRunner
    ) -> CALLBACK_TYPE:
        """Run for what goes on at a station, if it is meant then."""

    def _means(self, coordinator: DispatchCoordinator, nodes: tuple[str, ...]) -> bool:
        meant = async_meant(self.hass, self._target)
        entry_id = coordinator.config_entry.entry_id
        return meant.get(entry_id, NOTHING_MEANT).covers(nodes)


class CommandTrigger(StationTrigger):
    """Begins when a command comes into a state, once that is on disk."""

    @override
    def _follow(
        self, coordinator: DispatchCoordinator, run_action: TriggerActionRunner
    ) -> CALLBACK_TYPE:
        return coordinator.async_on_change(
            partial(self._changed, coordinator, run_action)
        )

    @callback
    def _changed(
        self,
        coordinator: DispatchCoordinator,
        run_action: TriggerActionRunner,
        change: Changed,
    ) -> None:
        command = coordinator.engine.ledger.find(change.command_id)
        if (
            command is None
            or not self._wants(coordinator, command, change)
            or not self._means(coordinator, command.nodes)
        ):
            return
        text = describe_command(coordinator, command)
        run_action(
            {
                "device_id": _device_id(coordinator),
                "station": coordinator.name,
                "state": change.state.value,
                **change_as_data(command, change),
                **self._details(coordinator, command),
                "text": text,
            },
            f"{coordinator.name}: {text}",
        )

    @abstractmethod
    def _wants(
        self, coordinator: DispatchCoordinator, command: Command, change: Changed
    ) -> bool:
        """Return whether it is about such a change."""

    def _details(
        self, coordinator: DispatchCoordinator, command: Command
    ) -> dict[str, Any]:
        """Return what else is told."""
        return {}


class _OfAnyKind(CommandTrigger):
    """Begins with commands of some kinds, or of all."""

    fields: ClassVar[VolDictType] = {
        vol.Optional(CONF_KIND): vol.All(cv.ensure_list, [cv.string]),
    }

    @override
    def _wants(
        self, coordinator: DispatchCoordinator, command: Command, change: Changed
    ) -> bool:
        kinds = self._options.get(CONF_KIND)
        return not kinds or command.kind in kinds


class CommandUnconfirmed(_OfAnyKind):
    """Begins when nobody knows what became of a command."""

    @override
    def _wants(
        self, coordinator: DispatchCoordinator, command: Command, change: Changed
    ) -> bool:
        return change.state is CommandState.UNCONFIRMED and super()._wants(
            coordinator, command, change
        )


class CommandEnded(_OfAnyKind):
    """Begins when a command has ended, well or not."""

    fields: ClassVar[VolDictType] = {
        **_OfAnyKind.fields,
        vol.Optional(CONF_STATE): vol.All(cv.ensure_list, [vol.In(_ENDS)]),
    }

    @override
    def _wants(
        self, coordinator: DispatchCoordinator, command: Command, change: Changed
    ) -> bool:
        states = self._options.get(CONF_STATE) or _ENDS
        return change.state.value in states and super()._wants(
            coordinator, command, change
        )


class _OfMeals(CommandTrigger):
    """Begins with what becomes of meals of the plan."""

    outcomes: ClassVar[Collection[Became]]

    @override
    def _wants(
        self, coordinator: DispatchCoordinator, command: Command, change: Changed
    ) -> bool:
        return coordinator.engine.plan.became(change) in self.outcomes

    @override
    def _details(
        self, coordinator: DispatchCoordinator, command: Command
    ) -> dict[str, Any]:
        if (found := meal_of(coordinator, command)) is None:
            return {}
        data = found.as_data()
        return {**data, "meal": data.pop("name")}


class MealFed(_OfMeals):
    """Begins when a meal was fed."""

    outcomes = (Became.FED,)


class MealMissed(_OfMeals):
    """Begins when a meal has ended and was not fed, or not whole.

    Not when it is skipped, or moved.
    """

    outcomes = (Became.MISSED, Became.FAILED)


class NodeNotReadyFor(StationTrigger):
    """Begins when a node has not been ready for some time, once until it is again.

    Time counts from when the station is loaded and the automation is switched on.
    """

    fields: ClassVar[VolDictType] = {
        vol.Required(
            CONF_FOR, default=lambda: timedelta(minutes=10)
        ): cv.positive_time_period,
    }

    @override
    def _follow(
        self, coordinator: DispatchCoordinator, run_action: TriggerActionRunner
    ) -> CALLBACK_TYPE:
        waits: dict[str, CALLBACK_TYPE] = {}

        @callback
        def over(node: str, _: datetime) -> None:
            # The wait stays, so that it runs once.
            waits[node] = _nothing
            if self._means(coordinator, (node,)):
                self._run(coordinator, node, run_action)

        @callback
        def look(node: str) -> None:
            if coordinator.data.nodes[node].ready is True:
                waits.pop(node, _nothing)()
            elif node not in waits:
                waits[node] = async_call_later(
                    self.hass, self._options[CONF_FOR], partial(over, node)
                )

        for node in coordinator.data.nodes:
            look(node)
        stop_looking = coordinator.async_on_node(look)

        @callback
        def stop() -> None:
            stop_looking()
            for end in waits.values():
                end()

        return stop

    def _run(
        self,
        coordinator: DispatchCoordinator,
        node: str,
        run_action: TriggerActionRunner,
    ) -> None:
        reason = coordinator.data.nodes[node].reason
        name = node_title(coordinator, node)
        text = (
            name if reason is None else reason_in_words(self.hass, coordinator, reason)
        )
        run_action(
            {
                "device_id": _device_id(coordinator, node),
                "station": coordinator.name,
                "node": node,
                "node_name": name,
                "reason": None if reason is None else reason.why.value,
                "for": self._options[CONF_FOR],
                "text": text,
            },
            f"{coordinator.name}: {text}",
        )


def _device_id(coordinator: DispatchCoordinator, node: str | None = None) -> str | None:
    device = async_device_of(coordinator, node)
    return None if device is None else device.id


@callback
def _nothing() -> None:
    """End nothing."""


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "command_unconfirmed": CommandUnconfirmed,
    "command_ended": CommandEnded,
    "meal_fed": MealFed,
    "meal_missed": MealMissed,
    "node_not_ready_for": NodeNotReadyFor,
}
