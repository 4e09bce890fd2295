"""How a person sees what nodes of any model tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..measures import Measure, YesNo
from .profile import Model


def shown_readings(models: Iterable[Model]) -> dict[str, Measure | YesNo]:
    """Return what is shown of what nodes tell, by name.

    What several models tell is shown alike of each, as their reader sees to; a word may
    be any that one of them knows.
    """
    found: dict[str, Measure | YesNo] = {}
    for model in models:
        for name, reading in model.readings.items():
            if reading.shown is not None:
                found[name] = _with_words_of(found.get(name), reading.shown)
    return found


def _with_words_of(
    known: Measure | YesNo | None, shown: Measure | YesNo
) -> Measure | YesNo:
    if not isinstance(known, Measure) or not isinstance(shown, Measure):
        return shown
    return replace(known, words=tuple(dict.fromkeys([*known.words, *shown.words])))
