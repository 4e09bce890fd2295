"""Reads how a person sees what nodes tell, and refuses what cannot be shown so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ...device_classes import COUNTS, MAY_COUNT, NO_UNIT, OF_NUMBERS, OF_YES_NO
from ...measures import Called, Measure, YesNo
from ..profile import Model
from .located import Located, Path

type _Data = Mapping[str, Any]
type _Shown = Measure | YesNo

_ONLY_OF_NUMBERS: Final = ("unit", "precision")
_OF_EACH_NODE: Final = (
    "accepted_after",
    "done_after",
    "last_seen",
    "online",
    "ready",
    "success_rate",
    "uptime",
)
"""What is shown of each node, whatever it tells."""
_BESIDE_PARTS: Final = ("closes_at", "water")
"""What is shown beside a part that is handled, after whose name it is called."""


def shown_of(source: Located, path: Path, name: str, told: _Data) -> _Shown | None:
    """Return how a reading is shown; None: it is not. Raises ProfileError."""
    said = told.get("shown")
    if said is None:
        return None
    path = (*path, "shown")
    called = Called(name, own=said.get("name", ""))
    diagnostic = said.get("diagnostic", False)
    if "number" in told:
        return _number(
            source, path, told, Measure(called=called, diagnostic=diagnostic)
        )
    for key in _ONLY_OF_NUMBERS:
        if key in said:
            raise source.error((*path, key), "only a number has one")
    device_class = said.get("device_class", "")
    if "words" in told:
        if device_class:
            raise source.error((*path, "device_class"), "a word has none")
        words = tuple(dict.fromkeys(told["words"].values()))
        return Measure(called=called, diagnostic=diagnostic, words=words)
    if device_class and device_class not in OF_YES_NO:
        raise source.error(
            (*path, "device_class"),
            f"a yes or no is one of: {', '.join(OF_YES_NO)}",
        )
    return YesNo(
        called=called, diagnostic=diagnostic, device_class=device_class, once_told=True
    )


def of_number(shown: _Shown | None, number: int) -> _Shown | None:
    """Return how it is shown of the one with that number, of several."""
    if shown is None or shown.called is None:
        return None
    return replace(shown, called=replace(shown.called, number=number))


def check_names(source: Located, path: Path, model: Model) -> None:
    """Check that nothing else of a node is called as what it tells.

    Raises ProfileError.
    """
    beside = (
        f"{part.key}_{what}" for part in model.actuators for what in _BESIDE_PARTS
    )
    taken = {*_OF_EACH_NODE, *beside}
    for name, reading in model.readings.items():
        if reading.shown is not None and name in taken:
            raise source.error(
                (*path, "readings", name, "shown"),
                f"something else of a node is shown as '{name}': call it otherwise",
            )


def check_agreement(source: Located, models: Mapping[str, Model]) -> None:
    """Check that each model shows alike what is called alike. Raises ProfileError."""
    first: dict[str, _Shown | None] = {}
    for key, model in models.items():
        for name, reading in model.readings.items():
            before = first.setdefault(name, reading.shown)
            if _in_general(before) != _in_general(reading.shown):
                shown = reading.shown or before
                called = None if shown is None else shown.called
                plain = name if called is None else called.key
                raise source.error(
                    ("models", key, "readings", plain),
                    f"'{plain}' is shown otherwise with another model",
                )


def _in_general(shown: _Shown | None) -> _Shown | None:
    """Return how it is shown, whatever words it may be."""
    if isinstance(shown, Measure) and shown.words:
        return replace(shown, words=("any",))
    return shown


def _number(source: Located, path: Path, told: _Data, plain: Measure) -> Measure:
    said = told["shown"]
    device_class, unit = said.get("device_class", ""), said.get("unit", NO_UNIT)
    resets = told.get("resets", False)
    if device_class:
        units = OF_NUMBERS.get(device_class)
        if units is None:
            raise source.error(
                (*path, "device_class"), f"a number is one of: {', '.join(OF_NUMBERS)}"
            )
        if unit not in units:
            known = ", ".join(units) or "none"
            raise source.error(
                (*path, "unit"), f"the unit of '{device_class}' is one of: {known}"
            )
        if resets and device_class not in MAY_COUNT:
            raise source.error(
                (*path, "device_class"),
                f"what begins anew is a count, and no '{device_class}'",
            )
    return replace(
        plain,
        device_class=device_class,
        unit=unit,
        precision=said.get("precision"),
        counts=resets or device_class in COUNTS,
    )
