"""Reads what the params of a kind may be."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

from ...fields import Choice, Multiple, Objects, TimeOfDay, Whole
from ...params import Field, InvalidCommand
from .located import Located, Path

type _Data = Mapping[str, Any]

_FORMS: Final = ("whole", "words", "time", "lines")


def field_of(source: Located, path: Path, said: _Data) -> Field:
    """Return what a param may be. Raises ProfileError."""
    forms = [form for form in _FORMS if form in said]
    if len(forms) != 1:
        raise source.error(path, f"'{path[-1]}' needs one of: {', '.join(_FORMS)}")
    default = said.get("default")
    required = default is None
    field: Field
    match forms[0]:
        case "words":
            field = Choice(tuple(said["words"]), default=default, required=required)
        case "time":
            field = TimeOfDay(default=default, required=required)
        case "lines":
            if not required:
                raise source.error((*path, "default"), "a list has no default")
            field = _lines(source, (*path, "lines"), said["lines"])
        case _:
            field = _whole(source, path, said)
    if default is not None:
        try:
            field = replace(field, default=field.check(str(path[-1]), default))
        except InvalidCommand:
            raise source.error(
                (*path, "default"), "the default would not be taken"
            ) from None
    return field


def _whole(source: Located, path: Path, said: _Data) -> Multiple:
    minimum, maximum = said["whole"]
    every, default = said.get("every", 1), said.get("default")
    if minimum > maximum or minimum % every or maximum % every:
        raise source.error(
            (*path, "whole"), f"not from a multiple of {every} to a greater one"
        )
    return Multiple(
        minimum, maximum, of=every, default=default, required=default is None
    )


def _lines(source: Located, path: Path, said: _Data) -> Objects:
    fields = {
        name: field_of(source, (*path, "of", name), each)
        for name, each in said["of"].items()
    }
    return Objects(fields, said["most"], required=True)


def form_of(fields: Mapping[str, Field]) -> Hashable:
    """Return what must be the same of params with each model that has a kind."""
    return frozenset((name, _form(field)) for name, field in fields.items())


def _form(field: Field) -> Hashable:
    match field:
        case Objects():
            # What is filled in of a line goes out as it is.
            defaults = frozenset(
                (name, repr(each.default)) for name, each in field.fields.items()
            )
            return form_of(field.fields), defaults
        case Whole():
            return Whole
        case _:
            return type(field)
