"""Which command of a profile a message is, and with which params."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
import json
import re
from typing import TYPE_CHECKING, Any

from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.profiled.wording import PART, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custom_components.mqtt_dispatch.protocols.profiled.orders import (
        Message,
        ModelKind,
    )
    from custom_components.mqtt_dispatch.protocols.profiled.profile import Model

ID = "id"
"""The placeholder for the id of a command."""
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ANY = "+"


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that a node understands: step `step` of a kind."""

    kind: str
    step: int
    params: Mapping[str, Any]
    """Those that stand in the message, as the profile counts them."""
    id: int | None
    keys: tuple[str, ...]
    """What it names, if it is an object."""
    in_range: bool
    is_last: bool


def filled(template: str, names: Mapping[str, object]) -> str:
    """Return a text with what is known of its placeholders; others stay."""
    return _PLACE.sub(lambda place: str(names.get(place[1], place[0])), template)


def command_filter(template: str, prefix: str, node: str) -> str:
    """Return what is subscribed to for the messages of a step."""
    text = filled(template, {"prefix": prefix, "node": node})
    levels = (_ANY if _PLACE.search(level) else level for level in text.split("/"))
    return "/".join(levels)


def keys_of(payload: bytes) -> tuple[str, ...]:
    """Return the keys of an object; none where it is something else."""
    content = _content(payload)
    return tuple(content) if isinstance(content, dict) else ()


def known_keys(model: Model) -> frozenset[str]:
    """Return what messages to a model may name, and what it tells."""
    named = {key for told in model.kinds.values() for s in told.steps for key in s.keys}
    read = {each.path[0] for each in model.readings.values() if each.path}
    return frozenset(named | read)


def asked(
    model: Model, prefix: str, node: str, topic: str, payload: bytes
) -> Asked | None:
    """Return what a message asks of a node; None: nothing that it understands."""
    for kind, told, which in _numbered(model):
        for place, step in enumerate(told.steps):
            found: dict[str, Any] = {"prefix": prefix, "node": node, **which}
            if _is_on(step, prefix, node, topic, found) and _says(
                step.payload, payload, found
            ):
                known = {*model.fields, "prefix", "node"}
                params = {
                    name: at
                    for name, at in _with_times(found).items()
                    if name not in known
                }
                return _asked(kind, told, place, params, keys_of(payload))
    return None


def _numbered(model: Model) -> Iterator[tuple[str, ModelKind, dict[str, Any]]]:
    """Yield what a model is told; of what it has several, for each, as it is told."""
    for kind, told in model.kinds.items():
        if told.several is None:
            yield kind, told, {}
        for number, each in told.numbered.items():
            param = each.several.param if each.several else ""
            yield kind, each, {param: str(told.on_the_wire({param: number})[param])}


def is_question(
    model: Model, prefix: str, node: str, topic: str, payload: bytes
) -> bool:
    """Whether a message asks a node how it is, and nothing else."""
    return any(
        _is_on(question, prefix, node, topic, {})
        and _says(question.payload, payload, {"prefix": prefix, "node": node})
        for question in model.questions
    )


def is_command_topic(model: Model, prefix: str, node: str, topic: str) -> bool:
    """Whether a node takes messages there."""
    return any(
        _is_on(step, prefix, node, topic, {})
        for told in model.kinds.values()
        for step in told.steps
    )


def _asked(
    kind: str,
    told: ModelKind,
    place: int,
    found: dict[str, Any],
    keys: tuple[str, ...],
) -> Asked:
    number = _as_number(found.pop(ID, None))
    params: dict[str, Any] = {}
    in_range = True
    for name, value in found.items():
        if name not in told.fields:
            continue
        params[name] = _as_number(value)
        if told.several is not None and name == told.several.param:
            params[name] = told.several.number_of(params[name])
        try:
            told.fields[name].check(name, params[name])
        except InvalidCommand:
            in_range = False
    return Asked(
        kind=kind,
        step=place,
        params=params,
        id=number if isinstance(number, int) else None,
        keys=keys,
        in_range=in_range,
        is_last=place == len(told.steps) - 1,
    )


def _is_on(
    step: Message, prefix: str, node: str, topic: str, found: dict[str, Any]
) -> bool:
    template = filled(step.topic, {"prefix": prefix, "node": node})
    return _text_says(template, topic, found)


def _says(template: object, payload: bytes, found: dict[str, Any]) -> bool:
    """Whether a payload is what a template writes; note the params in it."""
    if isinstance(template, str):
        try:
            return _text_says(template, payload.decode(), found)
        except UnicodeDecodeError:
            return False
    return _value_says(template, _content(payload), found)


def _value_says(
    template: Any,  # noqa: ANN401
    value: object,
    found: dict[str, Any],
) -> bool:
    match template:
        case str():
            return isinstance(value, str) and _text_says(template, value, found)
        case {"$each": name, "as": each}:
            return isinstance(value, list) and _lines_say(name, each, value, found)
        case {"$": name}:
            part = f".{template[PART]}" if PART in template else ""
            return _note(f"{name}{part}", _counted(template, value), found)
        case dict():
            return (
                isinstance(value, dict)
                and value.keys() == template.keys()
                and all(
                    _value_says(each, value[key], found)
                    for key, each in template.items()
                )
            )
        case list():
            return (
                isinstance(value, list)
                and len(value) == len(template)
                and all(
                    _value_says(each, value[place], found)
                    for place, each in enumerate(template)
                )
            )
        case _:
            return bool(type(template) is type(value) and template == value)


def _lines_say(
    name: str,
    template: Any,  # noqa: ANN401
    value: list[object],
    found: dict[str, Any],
) -> bool:
    """Whether each item is what a template writes of a line; note the lines."""
    outside = ("prefix", "node")
    known: dict[str, Any] = {each: found[each] for each in outside if each in found}
    lines: list[dict[str, Any]] = []
    for item in value:
        line: dict[str, Any] = {**known}
        if not _value_says(template, item, line):
            return False
        own = {each: said for each, said in line.items() if each not in known}
        lines.append(_with_times(own))
    return _note(name, lines, found)


def _with_times(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return params of which times of day are put together again."""
    whole: dict[str, Any] = {}
    for name, value in found.items():
        time, dot, _ = name.partition(".")
        if dot:
            parts = (found.get(f"{time}.{part}", 0) for part in PARTS)
            whole[time] = ":".join(str(each).zfill(2) for each in parts)
        else:
            whole[name] = value
    return whole


def _counted(how: Mapping[str, Any], value: object) -> object:
    """Return a param as the profile counts it, from what was written of it."""
    if isinstance(value, bool | dict | list):
        return None
    if isinstance(value, int | float):
        counted = (value - how.get("plus", 0)) * how.get("per", 1)
        return int(counted) if counted == int(counted) else counted
    return value


def _text_says(template: str, text: str, found: dict[str, Any]) -> bool:
    read = _pattern(template).fullmatch(text)
    return read is not None and all(
        _note(name, value, found) for name, value in read.groupdict().items()
    )


def _note(name: str, value: object, found: dict[str, Any]) -> bool:
    return value is not None and str(found.setdefault(name, value)) == str(value)


@lru_cache(maxsize=512)
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("".join(_parts(template)), re.DOTALL)


def _parts(template: str) -> Iterator[str]:
    known: set[str] = set()
    for number, part in enumerate(_PLACE.split(template)):
        if number % 2 == 0:
            yield re.escape(part)
        elif part in known:
            yield f"(?P={part})"
        else:
            known.add(part)
            yield f"(?P<{part}>.+)"


def _as_number(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value):
        return int(value)
    return value


def _content(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None
