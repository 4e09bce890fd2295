"""Topics and payloads with their placeholders filled in, and topics read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
import re
from typing import Any, Final

PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
ALWAYS_KNOWN: Final = frozenset({"prefix", "node", "id"})
"""What placeholders may name beside params."""
PARAM: Final = "$"
"""`{"$": "duration", "per": 60, "plus": 0}`: a param, divided and added to."""
PER: Final = "per"
PLUS: Final = "plus"
PART: Final = "part"
"""`{"$": "time", "part": "hour"}`: a part of a time of day, as a number."""
_TIME: Final = re.compile(r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})")
PARTS: Final = tuple(_TIME.groupindex)
EACH: Final = "$each"
AS: Final = "as"
"""`{"$each": "entries", "as": ...}`: a list, of each line of a param what is written
as its own params say."""


def filled(text: str, names: Mapping[str, object]) -> str:
    """Return a text with what its placeholders stand for."""
    return PLACE.sub(lambda place: str(names[place[1]]), text)


def written(value: Any, names: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a value of a profile as it is written to a node."""
    match value:
        case str():
            return filled(value, names)
        case {"$each": name, "as": each}:
            return [written(each, {**names, **line}) for line in names[name]]
        case {"$": name}:
            return _of_param(names[name], value)
        case dict():
            return {
                filled(key, names): written(each, names) for key, each in value.items()
            }
        case list():
            return [written(each, names) for each in value]
        case _:
            return value


def params_in(value: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what a value of a profile takes from elsewhere.

    What it writes of each line of a param takes the rest from that line.
    """
    match value:
        case str():
            yield from PLACE.findall(value)
        case {"$": str() as name} | {"$each": str() as name}:
            yield name
        case dict():
            for key, each in value.items():
                yield from PLACE.findall(key)
                yield from params_in(each)
        case list():
            for each in value:
                yield from params_in(each)


def is_writable(value: Any, names: Mapping[str, Any]) -> bool:  # noqa: ANN401
    """Whether all is known that a value of a profile takes from elsewhere."""
    return all(name in names for name in params_in(value))


def topic_filter(template: str, prefix: str) -> str:
    """Return what is subscribed to for a topic of a profile."""
    return filled(
        template, {**dict.fromkeys(PLACE.findall(template), "+"), "prefix": prefix}
    )


def places_of(
    template: str, prefix: str, topic: str, levels: int = 1
) -> Mapping[str, str] | None:
    """Return what stands in the places of a topic; None: it is another one.

    The name of a node may have some `levels`.
    """
    found = _pattern_of(template, prefix, levels).fullmatch(topic)
    return None if found is None else found.groupdict()


@lru_cache(maxsize=256)
def _pattern_of(template: str, prefix: str, levels: int) -> re.Pattern[str]:
    return re.compile(
        "/".join(_level_of(level, prefix, levels) for level in template.split("/"))
    )


def _level_of(level: str, prefix: str, levels: int) -> str:
    place = PLACE.fullmatch(level)
    if level == "+":
        return "[^/]+"
    if place is not None and place[1] != "prefix":
        more = levels - 1 if place[1] == "node" else 0
        return f"(?P<{place[1]}>[^/]+(?:/[^/]+){{0,{more}}})"
    return re.escape(filled(level, {"prefix": prefix}))


@lru_cache(maxsize=256)
def complaint_pattern(text: str) -> re.Pattern[str]:
    """Return what matches the beginning of a message in which a node or key stands."""
    parts = PLACE.split(text)
    return re.compile(
        "".join(
            f"(?P<{part}>.{{1,100}}?)" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )


def _of_param(value: Any, how: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return what is written of a param, whatever it was when it was stored."""
    if PART in how:
        time = _TIME.fullmatch(str(value))
        return value if time is None else int(time[how[PART]])
    if not isinstance(value, int | float):
        return value
    number = value / how.get(PER, 1) + how.get(PLUS, 0)
    return int(number) if number == int(number) else number
