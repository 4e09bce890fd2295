"""Stations by the profiles of the package: a node of each model, and its kinds.

All of this is read off the profiles, so whatever a profile has anew is tried, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from custom_components.mqtt_dispatch.protocols.fields import Choice, Objects, Whole
from custom_components.mqtt_dispatch.protocols.profiled.orders import ModelKind
from custom_components.mqtt_dispatch.protocols.profiled.profile import Model, Profile
from scripts.parts.stations import Order, Staged
from simulator.profiled.station import shipped
from simulator.profiled.wire import said_of
from tests.protocols.profiled.shipped import heard_of

PROFILES: Mapping[str, Profile] = {profile.key: profile for profile in shipped()}
_SHORT = 5
"""Seconds after which something is over soon, and has begun some time before."""
_LONGEST = 60
"""Seconds that the least of what lasts may take to be tried here: nodes take less."""
_LONGEST_BY_US = 30
"""The same of what Home Assistant ends: its seconds are those of the clock."""
_LONG = 300
"""Seconds that no test waits for."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a node is to do."""

    order: Order
    executed: Mapping[str, Any]
    """What of its params a node hears, and so what its ledger has of it."""
    while_goes_on: Order | None = None
    """What must go on meanwhile, without which it is not sent."""


def with_each_model(profile: Profile, name: str, *options: str) -> Staged:
    """Return a station that has a node of each model, which bears its name.

    Only of what nobody recognises a person says which model it is.
    """
    adopted: dict[str, dict[str, Any]] = {}
    for key, model in profile.models.items():
        recognised = {} if model.match else {"model": key}
        adopted[key] = {"name": called(key), **recognised, **said_of(model)}
    first = next(iter(profile.models))
    return Staged(
        protocol=profile.key,
        name=name,
        prefix=profile.prefix,
        adopted=adopted,
        options=("--models", ",".join(profile.models), *options),
        trial=next(deeds_of(profile, first)).order,
    )


def called(model: str) -> str:
    """Return how a person names a node of a model."""
    return model.replace("_", " ").capitalize()


def deeds_of(profile: Profile, key: str) -> Iterator[Deed]:
    """Yield each kind of a model that can be over soon, so that it is."""
    model = profile.models[key]
    for kind in kinds_tried(model):
        told = model.kinds[kind]
        params = {**_usual(told), **_last_of_several(told)}
        unheard = {told.lasts} - heard_of(told) if told.goes_on else set()
        yield Deed(
            order=Order(kind=kind, params=params, node=key),
            executed={
                name: value for name, value in params.items() if name not in unheard
            },
            while_goes_on=_meanwhile(model, key, told) if told.only_while else None,
        )


def kinds_tried(model: Model) -> list[str]:
    """Return the kinds of a model that can be over soon."""
    return [kind for kind, told in model.kinds.items() if _can_be_short(told)]


def _can_be_short(told: ModelKind) -> bool:
    lasts = None if told.lasts is None else told.fields[told.lasts]
    longest = _LONGEST_BY_US if told.goes_on else _LONGEST
    return not isinstance(lasts, Whole) or lasts.minimum <= longest


def _usual(told: ModelKind) -> dict[str, Any]:
    """Return params in the middle of their range; what lasts does so shortly."""
    found: dict[str, Any] = {}
    for name, each in told.fields.items():
        match each:
            case Whole() if name == told.lasts:
                found[name] = max(each.minimum, _SHORT)
            case Whole():
                found[name] = (each.minimum + each.maximum) // 2
            case Choice():
                found[name] = each.choices[-1]
            case Objects():
                found[name] = []
    return found


def _last_of_several(told: ModelKind) -> dict[str, int]:
    return {} if told.several is None else {told.several.param: told.several.last}


def _meanwhile(model: Model, key: str, told: ModelKind) -> Order:
    """Return what has a node be as it must be for a kind to be sent."""
    ((reading, value),) = told.only_while.items()
    for kind, other in model.kinds.items():
        shown = other.steps[-1].taken_when
        if shown is not None and (shown.reading, shown.value) == (reading, value):
            params = {**_usual(other), **_last_of_several(other)}
            long = {} if other.lasts is None else {other.lasts: _LONG}
            return Order(kind=kind, params={**params, **long}, node=key)
    raise AssertionError(f"nothing makes {reading} {value} at {key}")
