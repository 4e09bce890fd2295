"""What a param may be at any of the models that know it."""

from __future__ import annotations

from dataclasses import replace

from ..fields import Choice, Objects, Whole
from ..params import Field


def wider(known: Field | None, field: Field) -> Field:
    """Return what takes all that either of them takes; `known` None: what one takes."""
    match known, field:
        case Whole(), Whole():
            return Whole(
                min(known.minimum, field.minimum),
                max(known.maximum, field.maximum),
                default=known.default,
                required=known.required,
            )
        case Objects(), Objects():
            names = dict.fromkeys([*known.fields, *field.fields])
            return replace(
                known,
                most=max(known.most, field.most),
                fields={
                    name: wider(known.fields.get(name), field.fields[name])
                    if name in field.fields
                    else known.fields[name]
                    for name in names
                },
            )
        case Choice(), Choice():
            choices = dict.fromkeys([*known.choices, *field.choices])
            return replace(known, choices=tuple(choices))
        case None, Whole():
            return Whole(
                field.minimum,
                field.maximum,
                default=field.default,
                required=field.required,
            )
        case _:
            return field
