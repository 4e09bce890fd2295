"""What a person chooses beforehand, and numbers that nodes are set to."""

from __future__ import annotations

from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberExtraStoredData,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfTime, UnitOfVolume
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .entities.actuators import ActuatorEntity, async_add_actuators
from .entity import StationEntity
from .ordering.amounts import Choice, amount_of, portions_of
from .protocols.actuator import Actuator, Amount, Form

PARALLEL_UPDATES = 0
_DEVICE_CLASSES: dict[str, NumberDeviceClass] = {
    UnitOfTime.SECONDS: NumberDeviceClass.DURATION,
    UnitOfVolume.MILLILITERS: NumberDeviceClass.VOLUME,
}
"""What a number is, by its unit."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: DispatchConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the number of portions, where a station feeds, and those of its nodes."""
    coordinator = entry.runtime_data
    if (choice := portions_of(coordinator)) is not None:
        async_add_entities([Portions(coordinator, choice)])
    async_add_actuators(
        entry,
        async_add_entities,
        (Form.VALVE, Form.BUTTON, Form.NUMBER),
        _numbers,
    )


def _numbers(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> list[ActuatorEntity]:
    choice = amount_of(coordinator, actuator, node)
    if choice is None:
        return []
    if actuator.form is Form.NUMBER:
        return [ActuatorNumber(coordinator, actuator, node, choice.limits)]
    return [ChosenAmount(coordinator, actuator, node, choice)]


class _Limited(NumberEntity):
    """A number that its protocol limits."""

    # A slider would make a slip of the finger a very large meal.
    _attr_mode = NumberMode.BOX

    def _limit(self, amount: Amount) -> None:
        self._attr_native_min_value = _in_units(amount.minimum, amount)
        self._attr_native_max_value = _in_units(amount.maximum, amount)
        self._attr_native_step = _in_units(amount.step, amount)
        self._attr_native_unit_of_measurement = amount.unit or None
        self._attr_device_class = _DEVICE_CLASSES.get(amount.unit)


class _Chosen(_Limited, RestoreEntity):
    """A number that a person chooses beforehand, on disk before it is shown."""

    choice: Choice

    @property
    @override
    def native_value(self) -> float:
        """What was chosen."""
        return _in_units(self.choice.amount, self.choice.limits)

    @override
    async def async_added_to_hass(self) -> None:
        """Begin, where nothing is stored yet, with what an earlier version kept."""
        await super().async_added_to_hass()
        kept = None if self.choice.was_made else await self._kept_by_earlier_version()
        if kept is not None and self.choice.allows(kept):
            self.choice.choose(kept)

    async def _kept_by_earlier_version(self) -> float | None:
        """Return what was kept by restore state, as it was when that was written."""
        if (extra := await self.async_get_last_extra_data()) is None:
            return None
        kept = NumberExtraStoredData.from_dict(extra.as_dict())
        if kept is None or kept.native_value is None:
            return None
        if kept.native_unit_of_measurement != self.native_unit_of_measurement:
            # It was kept as the node is told it.
            return kept.native_value
        return _of_param(kept.native_value, self.choice.limits)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Give this much from now on."""
        await self.choice.async_choose(_of_param(value, self.choice.limits))
        self.async_write_ha_state()

    def _picture(self) -> object:
        return self.native_value


class Portions(_Chosen, StationEntity):
    """The portions that the feed button gives."""

    def __init__(self, coordinator: DispatchCoordinator, choice: Choice) -> None:
        """Take the limits of the protocol."""
        super().__init__(coordinator, NumberEntityDescription(key=choice.what))
        self.choice = choice
        self._limit(choice.limits)


class ChosenAmount(_Chosen, ActuatorEntity):
    """How much a button or a valve gives."""

    def __init__(
        self,
        coordinator: DispatchCoordinator,
        actuator: Actuator,
        node: str,
        choice: Choice,
    ) -> None:
        """Take the limits of the protocol."""
        param = choice.limits.param
        description = NumberEntityDescription(
            key=f"{actuator.key}_{param}",
            translation_key=f"{actuator.name}_{choice.limits.name or param}",
        )
        super().__init__(coordinator, actuator, node, description)
        self.choice = choice
        if actuator.form is Form.VALVE:
            # A valve is opened at the valve; a button is half of what is handled.
            self._attr_entity_category = EntityCategory.CONFIG
        self._limit(choice.limits)


class ActuatorNumber(ActuatorEntity, _Limited):
    """A number to which a node is set, as it reported it last."""

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
        self._limit(amount)

    @property
    @override
    def native_value(self) -> float | None:
        """What it is set to; None: its node has not said so."""
        reported = self.reported
        if not isinstance(reported, int | float):
            return None
        return _in_units(reported, self._amount)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it."""
        amount = self._amount
        await self.async_act("set", {amount.param: _of_param(value, amount)})


def _in_units(value: float, amount: Amount) -> float:
    """Return an amount as a person chooses it; 1 and not 1.0."""
    if amount.per_unit == 1:
        return value
    shown = value / amount.per_unit
    return int(shown) if shown.is_integer() else shown


def _of_param(value: float, amount: Amount) -> float:
    """Return what a person chose as the order has it, rid of what halves cannot say."""
    return value if amount.per_unit == 1 else round(value * amount.per_unit, 3)
