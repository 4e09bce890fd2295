"""What a person chooses beforehand, and numbers that nodes are set to."""

from __future__ import annotations

from homeassistant.components.number import (
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
    RestoreNumber,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.model.policy import FEED
from .entities.actuators import ActuatorEntity, async_add_actuators
from .entity import StationEntity
from .protocols.actuator import Actuator, Amount, Form
from .protocols.fields import Whole

PARALLEL_UPDATES = 0

# A slider would make a slip of the finger a very large meal.
PORTIONS = NumberEntityDescription(key="portions", native_step=1, mode=NumberMode.BOX)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the number of portions, where a station feeds, and those of its nodes."""
    coordinator = entry.runtime_data
    feed = coordinator.protocol.kinds.get(FEED)
    limits = feed.fields.get("portions") if feed and feed.whole_station else None
    if isinstance(limits, Whole):
        async_add_entities([Portions(coordinator, limits)])
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.VALVE, Form.BUTTON, Form.NUMBER),
        _numbers,
    )


def _numbers(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> list[ActuatorEntity]:
    amount = actuator.amount
    if amount is None:
        return []
    if actuator.form is Form.NUMBER:
        return [ActuatorNumber(coordinator, actuator, node, amount)]
    return [ChosenAmount(coordinator, actuator, node, amount)]


class Portions(StationEntity, RestoreNumber):
    """The portions that the feed button gives, kept over restarts."""

    def __init__(self, coordinator: DispatchCoordinator, limits: Whole) -> None:
        """Take the limits of the protocol."""
        super().__init__(coordinator, PORTIONS)
        self._attr_native_min_value = limits.minimum
        self._attr_native_max_value = limits.maximum

    @property
    def native_value(self) -> float:
        """The portions."""
        return self.coordinator.portions

    async def async_added_to_hass(self) -> None:
        """Go on with the last portions, if the protocol still allows them."""
        await super().async_added_to_hass()
        last = await self.async_get_last_number_data()
        if (
            last is not None
            and last.native_value is not None
            and self.native_min_value <= last.native_value <= self.native_max_value
        ):
            self.coordinator.portions = int(last.native_value)

    async def async_set_native_value(self, value: float) -> None:
        """Give this many portions from now on."""
        self.coordinator.portions = int(value)
        self.async_write_ha_state()


class ChosenAmount(ActuatorEntity, RestoreNumber):
    """How much a button or a valve gives, kept over restarts."""

    _named_under = "number"
    _attr_mode = NumberMode.BOX

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        actuator: Actuator,
        node: str,
        amount: Amount,
    ) -> None:
        """Take the limits of the protocol."""
        description = NumberEntityDescription(
            key=f"{actuator.key}_{amount.param}",
            translation_key=f"{actuator.name}_{amount.param}",
        )
        super().__init__(coordinator, actuator, node, description)
        self._amount = amount
        _limit(self, amount)

    @property
    def native_value(self) -> float:
        """How much it gives."""
        return self.amount()[self._amount.param]

    async def async_added_to_hass(self) -> None:
        """Go on with what was last chosen, if the protocol still allows it."""
        await super().async_added_to_hass()
        last = await self.async_get_last_number_data()
        value = None if last is None else last.native_value
        if value is not None and self._amount.minimum <= value <= self._amount.maximum:
            self._choose(value)

    async def async_set_native_value(self, value: float) -> None:
        """Give this much from now on."""
        self._choose(value)
        self.async_write_ha_state()

    def _choose(self, value: float) -> None:
        chosen = int(value) if value == int(value) else value
        self.coordinator.amounts[self.node, self.actuator.key] = chosen

    def _picture(self) -> object:
        return self.native_value


class ActuatorNumber(ActuatorEntity, NumberEntity):
    """A number to which a node is set, as it reported it last."""

    _attr_mode = NumberMode.BOX

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        actuator: Actuator,
        node: str,
        amount: Amount,
    ) -> None:
        """Take the limits of the protocol."""
        super().__init__(coordinator, actuator, node)
        self._amount = amount
        _limit(self, amount)

    @property
    def native_value(self) -> float | None:
        """What it is set to; None: its node has not said so."""
        return self.reported if isinstance(self.reported, int | float) else None

    async def async_set_native_value(self, value: float) -> None:
        """Set it."""
        await self.async_act("set", **{self._amount.param: value})


def _limit(number: NumberEntity, amount: Amount) -> None:
    number._attr_native_min_value = amount.minimum  # noqa: SLF001 - as its own
    number._attr_native_max_value = amount.maximum  # noqa: SLF001
    number._attr_native_step = 1 if float(amount.usual).is_integer() else 0.1  # noqa: SLF001
    number._attr_native_unit_of_measurement = amount.unit or None  # noqa: SLF001
