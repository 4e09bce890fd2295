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
from .ordering.amounts import Choice, portions_of
from .protocols.actuator import Actuator, Amount, Form

PARALLEL_UPDATES = 0
_DEVICE_CLASSES: dict[str, NumberDeviceClass] = {
    UnitOfTime.MILLISECONDS: NumberDeviceClass.DURATION,
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
    amount = actuator.amount
    if amount is None:
        return []
    if actuator.form is Form.NUMBER:
        return [ActuatorNumber(coordinator, actuator, node, amount)]
    return [ChosenAmount(coordinator, actuator, node, amount)]


class _Limited(NumberEntity):
    """A number that its protocol limits."""

    # A slider would make a slip of the finger a very large meal.
    _attr_mode = NumberMode.BOX

    def _limit(self, amount: Amount) -> None:
        self._attr_native_min_value = amount.minimum
        self._attr_native_max_value = amount.maximum
        self._attr_native_step = amount.step
        self._attr_native_unit_of_measurement = amount.unit or None
        self._attr_device_class = _DEVICE_CLASSES.get(amount.unit)


class _Chosen(_Limited, RestoreEntity):
    """A number that a person chooses beforehand, on disk before it is shown."""

    choice: Choice

    @property
    @override
    def native_value(self) -> float:
        """What was chosen."""
        return self.choice.amount

    @override
    async def async_added_to_hass(self) -> None:
        """Begin, where nothing is stored yet, with what an earlier version kept."""
        await super().async_added_to_hass()
        kept = None if self.choice.was_made else await _kept_by_earlier_version(self)
        if kept is not None and self.choice.allows(kept):
            self.choice.choose(kept)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Give this much from now on."""
        await self.choice.async_choose(value)
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
        amount: Amount,
    ) -> None:
        """Take the limits of the protocol."""
        description = NumberEntityDescription(
            key=f"{actuator.key}_{amount.param}",
            translation_key=f"{actuator.name}_{amount.param}",
        )
        super().__init__(coordinator, actuator, node, description)
        self.choice = Choice(coordinator, amount, actuator.key, node)
        if actuator.form is Form.VALVE:
            # A valve is opened at the valve; a button is half of what is handled.
            self._attr_entity_category = EntityCategory.CONFIG
        self._limit(amount)


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
        return self.reported if isinstance(self.reported, int | float) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it."""
        await self.async_act("set", {self._amount.param: value})


async def _kept_by_earlier_version(number: RestoreEntity) -> float | None:
    """Return what was kept by restore state, as it was when that was last written."""
    extra = await number.async_get_last_extra_data()
    if extra is None:
        return None
    kept = NumberExtraStoredData.from_dict(extra.as_dict())
    return None if kept is None else kept.native_value
