"""Checks what a profile writes: what it names must be there, and be written so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...fields import Multiple, Objects, TimeOfDay
from ...params import Field
from ..wording import (
    ALWAYS_KNOWN,
    AS,
    EACH,
    PARAM,
    PART,
    PARTS,
    PER,
    PLACE,
    PLUS,
    params_in,
)
from .located import Located, Path

type _Data = Mapping[str, Any]
type _Fields = Mapping[str, Field]


def check_value(
    source: Located,
    path: Path,
    value: object,
    fields: _Fields,
    others: Collection[str] = (),
) -> None:
    """Check a value that is written with these params.

    `others` are names that it may take besides, as texts. Raises ProfileError.
    """
    for name in params_in(value):
        if name not in {*fields, *others, *ALWAYS_KNOWN}:
            raise source.error(path, f"'{name}' is no param of this kind")
    for text in _texts_in(value):
        for name in PLACE.findall(text):
            if isinstance(fields.get(name), Objects):
                raise source.error(
                    path, f"'{name}' is a list, and no part of a text: '{EACH}'"
                )
    for scaled in _objects_in(value, PARAM):
        _check_param(source, path, scaled, fields)
    for each in _objects_in(value, EACH):
        _check_each(source, path, each, fields)


def _check_param(source: Located, path: Path, said: _Data, fields: _Fields) -> None:
    name, per = said[PARAM], said.get(PER, 1)
    if wrong := set(said) - {PARAM, PER, PLUS, PART}:
        raise source.error(path, f"'{min(wrong)}' is not known beside '{PARAM}'")
    if not isinstance(name, str):
        raise source.error(path, f"'{PARAM}' must name a param")
    field = fields.get(name)
    if PART in said:
        _check_part(source, path, said, field)
        return
    if type(per) is not int or per < 1:
        raise source.error(
            path,
            f"'{PER}' must be a whole number from 1 on; a thousand times as "
            f'much is written as a text: "{{{name}}}000"',
        )
    if type(said.get(PLUS, 0)) not in (int, float):
        raise source.error(path, f"'{PLUS}' must be a number")
    if per != 1 and not (isinstance(field, Multiple) and field.of % per == 0):
        raise source.error(
            path,
            f"'{name}' may be what {per} does not divide: "
            f"say of the param that it is a multiple ('every')",
        )


def _check_part(source: Located, path: Path, said: _Data, field: Field | None) -> None:
    if not isinstance(field, TimeOfDay):
        raise source.error(path, f"'{said[PARAM]}' is no time of day that has parts")
    if said[PART] not in PARTS or set(said) != {PARAM, PART}:
        raise source.error(
            path, f"'{PART}' is one of: {', '.join(PARTS)}; nothing else beside it"
        )


def _check_each(source: Located, path: Path, said: _Data, fields: _Fields) -> None:
    if set(said) != {EACH, AS}:
        raise source.error(path, f"'{EACH}' needs '{AS}', and nothing else beside it")
    name = said[EACH]
    lines = fields.get(name) if isinstance(name, str) else None
    if not isinstance(lines, Objects):
        raise source.error(path, f"'{EACH}' must name a param that has lines")
    check_value(source, path, said[AS], lines.fields)


def _objects_in(value: Any, key: str) -> Iterator[_Data]:  # noqa: ANN401
    """Yield the objects that have this key, but for those of lines."""
    match value:
        case dict() if key in value:
            yield value
        case dict() if EACH not in value:
            for item in value.values():
                yield from _objects_in(item, key)
        case list():
            for item in value:
                yield from _objects_in(item, key)


def _texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts, but for those of lines."""
    match value:
        case str():
            yield value
        case dict() if EACH not in value and PARAM not in value:
            for key, item in value.items():
                yield from (key, *_texts_in(item))
        case list():
            for item in value:
                yield from _texts_in(item)
