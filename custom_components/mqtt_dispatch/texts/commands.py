"""What commands are and what was given with them, as a person says it.

A kind, a param and a value are codes of the wire: they are shown so only where no
language has words for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from ..engine.model.meal import MealDate
from ..protocols.fields import Confirmed, Url
from ..protocols.params import HIDDEN, Field
from ..protocols.untrusted import shown
from .entity_names import as_beginning, readable
from .sentences import (
    clock_time,
    find_text,
    local_time,
    moment_in_words,
    number_in_words,
    portions_in_words,
    sentence,
)

_SECONDS: Final = {"duration": 1, "duration_s": 1, "duration_ms": 1000}
"""Params that tell how long something takes, and how many of each are a second."""
_UNITS: Final = {"ml": "ml"}
_MINUTE: Final = 60
_HOUR: Final = 3600


def describe_command(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what was ordered, and when; of a meal, which one it is and of when."""
    hass = coordinator.hass
    details = ", ".join(_given(coordinator, command))
    if (meal := meal_of(coordinator, command)) is not None:
        return sentence(
            hass,
            "command_of_meal",
            command_id=command.id,
            meal=meal.name or sentence(hass, "meal_unnamed"),
            details=details or kind_in_words(hass, command.kind),
            time=clock_time(hass, meal.planned),
        )
    words = sentence(
        hass,
        "command_with_details" if details else "command",
        command_id=command.id,
        kind=kind_in_words(hass, command.kind),
        details=details,
        time=local_time(hass, command.created_at),
    )
    if command.not_before is None:
        return words
    at = moment_in_words(hass, dt_util.utc_from_timestamp(command.not_before))
    return sentence(hass, "for_later", command=words, time=at)


def say_command(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what was ordered as one says it aloud: without its number and time."""
    hass = coordinator.hass
    details = ", ".join(_given(coordinator, command))
    meal = meal_of(coordinator, command)
    what = "" if meal is None else meal.name
    what = what or kind_in_words(hass, command.kind)
    return sentence(hass, "given", field=what, value=details) if details else what


def kind_in_words(hass: HomeAssistant, kind: str) -> str:
    """Return what a person calls a kind of command."""
    return find_text(hass, "selector", f"kind.options.{kind}") or kind


def field_in_words(hass: HomeAssistant, field: str) -> str:
    """Return what a person calls a param, or a part of one (`entries.1.time`)."""
    name, dot, rest = field.partition(".")
    words = find_text(hass, "common", f"field_{name}") or name
    return f"{words}{dot}{rest}"


@dataclass(frozen=True, slots=True)
class FedMeal:
    """Which meal of the plan is fed on a date."""

    meal_id: str
    name: str
    """Empty: its owner gave it none, or it is no longer in the plan."""
    planned: datetime
    """Local, without a zone."""

    def as_data(self) -> dict[str, Any]:
        """Return what is told of it for machines."""
        return {
            "meal_id": self.meal_id,
            "name": self.name,
            "planned": self.planned.isoformat(),
        }


def meal_of(coordinator: DispatchCoordinator, command: Command) -> FedMeal | None:
    """Return the meal that a command feeds, or of which it feeds the rest."""
    return None if command.meal is None else meal_on(coordinator, command.meal)


def meal_on(coordinator: DispatchCoordinator, day: MealDate) -> FedMeal:
    """Return the meal of a date."""
    meal = coordinator.engine.ledger.meals.get(day.meal_id)
    name = "" if meal is None else meal.name
    return FedMeal(day.meal_id, name, datetime.fromisoformat(day.nominal))


def _given(coordinator: DispatchCoordinator, command: Command) -> Iterator[str]:
    """Yield what was given and is not what is given anyway."""
    hass, known = coordinator.hass, coordinator.protocol.kinds.get(command.kind)
    fields: Mapping[str, Field] = {} if known is None else known.fields
    for name, value in command.params.items():
        field = fields.get(name)
        if isinstance(field, Confirmed) or (
            field is not None and field.default is not None and value == field.default
        ):
            continue
        if name == "portions" and isinstance(value, int):
            yield portions_in_words(coordinator, value)
        else:
            yield sentence(
                hass,
                "given",
                field=field_in_words(hass, name),
                value=_value(hass, field, name, value),
            )


def _value(hass: HomeAssistant, field: Field | None, name: str, value: object) -> str:
    if field is not None and field.secret:
        return HIDDEN
    match value:
        case bool():
            words = sentence(hass, "value_yes" if value else "value_no")
        case int() | float():
            words = _number(hass, name, value)
        case str() if isinstance(field, Url):
            words = shown(field.public(value))
        case str() if name == "channel":
            # As the entities of the channel are called.
            words = as_beginning(readable(shown(value)))
        case str():
            words = find_text(hass, "common", f"value_{name}_{value}") or shown(value)
        case Mapping():
            # Only of what: among what is set there, passwords may be.
            words = ", ".join(map(shown, value))
        case list() | tuple():
            key = "one_entry" if len(value) == 1 else "entries"
            words = sentence(hass, key, number=len(value))
        case _:
            words = shown(value)
    return words


def _number(hass: HomeAssistant, name: str, value: float) -> str:
    unit = _UNITS.get(name)
    if (per_second := _SECONDS.get(name)) is not None:
        value, unit = _lasting(value / per_second)
    number = number_in_words(hass, value)
    return number if unit is None else f"{number} {unit}"


def _lasting(seconds: float) -> tuple[float, str]:
    """Return how long something takes in the unit that a person says it in."""
    for one, unit in ((_HOUR, "h"), (_MINUTE, "min")):
        if seconds and seconds % one == 0:
            return seconds / one, unit
    return seconds, "s"
