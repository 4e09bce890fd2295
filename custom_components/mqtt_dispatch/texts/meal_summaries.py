"""A meal as one line of a calendar, and what somebody wrote there as a meal.

The line is its name and what is given: "Breakfast: 2 portions". What else is given
stands in the description, a line each. Both are read as they are written, in any
language that a person may write, and a little more freely than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
import json
import re
from string import Formatter
from typing import Any, Final

from homeassistant.core import HomeAssistant

from ..coordinator import DispatchCoordinator
from ..engine.model.events import Refused
from ..engine.model.meal import Became
from ..engine.model.policy import FEED
from ..protocols.base import Protocol
from ..protocols.params import Field, InvalidCommand
from ..protocols.planning import A_FEED
from ..protocols.untrusted import shown
from .commands import field_in_words, kind_in_words
from .sentences import portions_in_words, sentence, wordings

_NUMBER: Final = r"[0-9]{1,9}(?:[.,][0-9]{1,9})?"
_DONE: Final = "became_done"
_DASHES: Final = "\u2013\u2014-"
_BETWEEN: Final = rf"(?:\s*:\s*|\s+[{_DASHES}]\s+)"


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote of a meal in a line."""

    name: str | None
    """None: he gave none."""
    said: Mapping[str, str]
    """What fills in the sentence of such a meal, as far as he said it."""


def meal_in_words(
    coordinator: DispatchCoordinator, name: str, kind: str, params: Mapping[str, Any]
) -> str:
    """Return the name of a meal and what is given."""
    hass, protocol = coordinator.hass, coordinator.protocol
    name = name or sentence(hass, "meal_unnamed")
    if kind != protocol.planned_kind:
        return sentence(hass, "given", field=name, value=kind_in_words(hass, kind))
    planning = protocol.planning
    if planning is not None and planning.in_words is not None:
        key, filled = planning.in_words(params)
        return sentence(hass, key, name=name, **filled)
    portions = portions_in_words(coordinator, params.get("portions", 1))
    return sentence(hass, "given", field=name, value=portions)


def became_in_words(
    hass: HomeAssistant, meal: str, became: Became, kind: str = FEED
) -> str:
    """Return a line with what became of that date, on which a kind was planned."""
    other = became is Became.FED and kind != FEED
    word = sentence(hass, _DONE if other else f"became_{became.value}")
    return sentence(hass, "meal_became", meal=meal, became=word)


def description_of(
    hass: HomeAssistant, protocol: Protocol, kind: str, params: Mapping[str, Any]
) -> str:
    """Return what is given besides and is not given anyway, a line each."""
    fields = _fields_beside(protocol, kind)
    told = beside_summary(protocol, kind, params)
    lines = [
        f"{field_in_words(hass, name)}: {_value_in_words(hass, params[name])}"
        for name, field in fields.items()
        if name in told and params[name] != field.default
    ]
    return "\n".join(lines)


def read_summary(coordinator: DispatchCoordinator, kind: str, text: str) -> Written:
    """Return what a line says of a meal. Raises Refused, which tells how to write."""
    hass, protocol = coordinator.hass, coordinator.protocol
    text = _without_outcome(hass, " ".join(text.split()))
    if kind != protocol.planned_kind:
        return _read_other_kind(hass, kind, text)
    for template in _templates(hass, protocol):
        if found := re.fullmatch(_exact(template), text):
            return _written(hass, found)
    for template in _templates(hass, protocol):
        if found := re.fullmatch(_freely(template), text, re.IGNORECASE):
            return _written(hass, found)
    if ":" in text or text.isdecimal() or _counts_something(hass, protocol, text):
        raise not_understood(coordinator, text)
    return Written(_name(hass, text), {})


def not_understood(coordinator: DispatchCoordinator, text: str) -> Refused:
    """Return the refusal of a line, which tells how to write one."""
    protocol = coordinator.protocol
    kind, example = protocol.planned_kind, _example(protocol)
    written = meal_in_words(coordinator, "", kind, example)
    return Refused("meal_not_understood", text=shown(text), example=written)


def said_anew(
    protocol: Protocol, written: Written, before: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """Return the params that somebody wrote otherwise than they were shown `before`."""
    shown_before = {} if before is None else _filled(protocol, before)
    anew = {
        name: value
        for name, value in written.said.items()
        if name not in shown_before or str(shown_before[name]) != value
    }
    planning = protocol.planning
    return anew if planning is None else planning.from_words(anew)


def read_description(
    hass: HomeAssistant, protocol: Protocol, kind: str, text: str
) -> dict[str, Any]:
    """Return the params that lines say; they are still to be checked. Raises Refused.

    Those that the summary says are not among them.
    """
    fields = _fields_beside(protocol, kind)
    called = {name.casefold(): name for name in fields}
    for name in fields:
        for words in wordings(hass, f"field_{name}"):
            called[words.casefold()] = name
    params = {}
    for line in filter(str.strip, text.splitlines()):
        label, between, value = line.partition(":")
        param = called.get(label.strip().casefold())
        if param is None or not between:
            raise _line_not_understood(hass, fields, line)
        params[param] = _read_value(hass, param, fields[param], value.strip())
    return params


def _line_not_understood(
    hass: HomeAssistant, fields: Iterable[str], line: str
) -> Refused:
    names = ", ".join(field_in_words(hass, name) for name in fields)
    if not names:
        return Refused("description_not_empty")
    return Refused("line_not_understood", line=shown(line.strip()), fields=names)


def beside_summary(
    protocol: Protocol, kind: str, params: Mapping[str, Any]
) -> frozenset[str]:
    """Return those of the params that a description says: all that anybody may read.

    It leaves out those that are what is given anyway.
    """
    return frozenset(
        name
        for name, field in _fields_beside(protocol, kind).items()
        if name in params and field.public(params[name]) == params[name]
    )


def usual_params(protocol: Protocol) -> dict[str, Any]:
    """Return what is given where nobody says how much."""
    planning = protocol.planning
    return {"portions": 1} if planning is None or planning.in_words is None else {}


def _filled(protocol: Protocol, params: Mapping[str, Any]) -> Mapping[str, object]:
    """Return what fills in the sentence of a meal."""
    planning = protocol.planning
    if planning is not None and planning.in_words is not None:
        return planning.in_words(params)[1]
    return {"portions": params.get("portions", 1)}


def _fields_beside(protocol: Protocol, kind: str) -> dict[str, Field]:
    # What became of a kind that is gone since is shown as well.
    known = protocol.kinds.get(kind)
    fields = {} if known is None else dict(known.fields)
    if kind == protocol.planned_kind:
        for name in _in_summary(protocol):
            fields.pop(name, None)
    # An event is as long as that.
    fields.pop(protocol.lasting(kind) or "", None)
    return fields


def _in_summary(protocol: Protocol) -> Iterable[str]:
    """Return the params that the line says."""
    filled = _filled(protocol, _example(protocol))
    said = {name: str(value) for name, value in filled.items()}
    planning = protocol.planning
    return said if planning is None else planning.from_words(said)


def _example(protocol: Protocol) -> Mapping[str, Any]:
    return A_FEED if protocol.planning is None else protocol.planning.example


def _value_in_words(hass: HomeAssistant, value: object) -> str:
    match value:
        case bool():
            return sentence(hass, "value_yes" if value else "value_no")
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


def _read_value(hass: HomeAssistant, name: str, field: Field, text: str) -> object:
    """Return the first of what a text may mean that a field takes."""
    for meant in _meanings(hass, text):
        with suppress(InvalidCommand):
            field.check(name, meant)
            return meant
    return _from_json(text)


def _meanings(hass: HomeAssistant, text: str) -> Iterator[object]:
    yield text
    for key, meant in (("value_yes", True), ("value_no", False)):
        if text.casefold() in map(str.casefold, wordings(hass, key)):
            yield meant
    if re.fullmatch(_NUMBER, text):
        yield text.replace(",", ".")


def _from_json(text: str) -> object:
    """Return the list or the object that a text is, or else the text."""
    if text.startswith(("[", "{")):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text


def _without_outcome(hass: HomeAssistant, text: str) -> str:
    """Return a line without what became of its date, which was only shown."""
    for template in wordings(hass, "meal_became"):
        for key in (_DONE, *(f"became_{became.value}" for became in Became)):
            for word in wordings(hass, key):
                before, after = template.format(meal="\0", became=word).split("\0")
                if text.startswith(before) and text.endswith(after):
                    return text[len(before) : len(text) - len(after)].strip()
    return text


def _read_other_kind(hass: HomeAssistant, kind: str, text: str) -> Written:
    what = kind_in_words(hass, kind)
    for template in wordings(hass, "given"):
        before, after = template.format(field="\0", value=what).split("\0")
        if text.startswith(before) and text.endswith(after):
            name = text[len(before) : len(text) - len(after)]
            return Written(_name(hass, name), {})
    return Written(_name(hass, text), {})


def _templates(hass: HomeAssistant, protocol: Protocol) -> tuple[str, ...]:
    """Return the sentences of a meal; its name comes first."""
    planning = protocol.planning
    if planning is not None and planning.in_words is not None:
        return wordings(hass, planning.in_words(planning.example)[0])
    return tuple(
        given.format(field="{name}", value=amount)
        for given in wordings(hass, "given")
        for key in ("portions", "one_portion")
        for portions in wordings(hass, key)
        for amount in (portions, *_weighed(hass, portions))
    )


def _weighed(hass: HomeAssistant, portions: str) -> Iterator[str]:
    for weighed in wordings(hass, "weighed"):
        yield weighed.format(amount=portions, grams="{grams}")


def _pieces(template: str) -> list[tuple[str, str | None]]:
    """Return the texts of a sentence, each with the place that follows it."""
    return [(text, place) for text, place, _, _ in Formatter().parse(template)]


def _exact(template: str) -> str:
    """Return what matches a sentence as it is written."""
    parts = []
    for text, place in _pieces(" ".join(template.split())):
        parts.append(re.escape(text))
        if place is not None:
            parts.append(f"(?P<{place}>{'.+' if place == 'name' else _NUMBER})")
    return "".join(parts)


def _freely(template: str) -> str:
    """Return what matches a sentence, or as much of its beginning as makes sense.

    The name comes first, and may be left out as well as the words behind a number.
    """
    (_, _), (lead, first), *rest = _pieces(template)
    named = rf"(?:(?P<name>.+?){_BETWEEN})?"
    words = _tolerant(_words(lead))
    if words:
        # Without it, a number alone does not say what it counts.
        words = rf"(?:{words}\s*:?\s*)" + (
            "" if any(place for _, place in rest) else "?"
        )
    return f"{named}{words}{_place(first)}{_rest(rest)}"


def _rest(pieces: list[tuple[str, str | None]]) -> str:
    pattern = ""
    for text, place in reversed(pieces):
        words = rf"\s*{_tolerant(text.strip())}\s*" if text.strip() else r"\s*"
        what = "" if place is None else _place(place)
        pattern = f"(?:{words}{what}{pattern})?"
    return pattern


def _place(name: str | None) -> str:
    return f"(?P<{name}>{_NUMBER})"


def _tolerant(words: str) -> str:
    return r"\s+".join(map(re.escape, words.split()))


def _words(text: str) -> str:
    """Return a text without what only divides it."""
    return text.strip(f"{_DASHES}: \u00a0\u202f")


def _written(hass: HomeAssistant, found: re.Match[str]) -> Written:
    said = {
        place: text.replace(",", ".")
        for place, text in found.groupdict().items()
        # What it weighs follows from how much it is.
        if place not in ("name", "grams") and text is not None
    }
    name = found["name"]
    return Written(None if name is None else _name(hass, name), said)


def _name(hass: HomeAssistant, text: str) -> str:
    """Return a name; that of a meal without one is empty."""
    unnamed = map(str.casefold, wordings(hass, "meal_unnamed"))
    return "" if text.strip().casefold() in unnamed else text.strip()


def _counts_something(hass: HomeAssistant, protocol: Protocol, text: str) -> bool:
    """Whether it ends with the word for what a number there would count."""
    endings = (_words(_pieces(each)[-1][0]) for each in _templates(hass, protocol))
    return any(
        re.search(rf"(?:^|\W){re.escape(word)}$", text, re.IGNORECASE)
        for word in endings
        if word
    )
