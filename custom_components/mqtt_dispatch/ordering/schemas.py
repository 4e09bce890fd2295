"""What actions take, for their schemas: each field is what it says, or is refused.

A schema of Home Assistant refuses in English and in the terms of a program. These
refuse as everything else does, in words and in the user's language.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from functools import partial
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType, VolSchemaType
import voluptuous as vol

from ..engine.model.events import Refused
from ..protocols import fields_of
from ..protocols.params import Field, InvalidCommand
from .commands import refusals_in_words

type Takes = Callable[[object], Any]
"""Returns what a value means. Raises ServiceValidationError."""
type Fields = Mapping[str, Takes]
"""What an action takes under each name."""
type Handler = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
type Action = tuple[str, Handler, VolSchemaType, SupportsResponse]
"""Its name, who does it, what it takes, and whether it answers."""

NOTHING: Final[Fields] = {}


def for_a_device(
    optional: Fields = NOTHING, required: Fields = NOTHING
) -> VolSchemaType:
    """Return the schema of an action that is about one device."""
    return _schema({vol.Required(ATTR_DEVICE_ID): cv.string}, optional, required)


def for_targets(
    optional: Fields = NOTHING, required: Fields = NOTHING
) -> VolSchemaType:
    """Return the schema of an action that is about any number of things at once."""
    return _schema({**cv.ENTITY_SERVICE_FIELDS}, optional, required)


def takes(name: str, field: Field) -> Takes:
    """Take what a field may be."""
    return in_words(partial(field.check, name))


def takes_params(kinds: Mapping[str, str]) -> Fields:
    """Take what any protocol takes, with its kind of `kinds`, as it is given.

    Whether the nodes that are meant take it too, their own protocol says.
    """
    return {
        name: in_words(partial(_as_given, name, fields))
        for name, fields in fields_of(kinds).items()
    }


def a_text(value: object) -> str | None:
    """Take any text, and what can be written as one. None: it is left out."""
    return None if value is None else str(value)


def texts(value: object) -> list[str] | None:
    """Take a list of texts, or one by itself. None: it is left out."""
    if value is None:
        return None
    if isinstance(value, Collection) and not isinstance(value, str):
        return [str(each) for each in value]
    return [str(value)]


def as_given(value: object) -> object:
    """Take what is checked where it is known what it is for."""
    return value


def an_object(value: object) -> dict[Any, Any]:
    """Take names and values."""
    with refusals_in_words():
        if not isinstance(value, dict):
            raise Refused("invalid_params")
    return value


def _schema(fields: VolDictType, optional: Fields, required: Fields) -> VolSchemaType:
    fields.update(
        {vol.Required(name): _needed(name, taken) for name, taken in required.items()}
    )
    fields.update({vol.Optional(name): taken for name, taken in optional.items()})
    schema: VolSchemaType = vol.Schema(fields)
    return schema


def in_words(check: Takes) -> Takes:
    """Have a field be what a check returns, or refused as the check refuses."""

    def taken(value: object) -> Any:  # noqa: ANN401 - whatever the field is
        # A template that says None leaves it out.
        with refusals_in_words():
            return None if value is None else check(value)

    return taken


def _needed(name: str, take: Takes) -> Takes:
    def taken(value: object) -> Any:  # noqa: ANN401 - whatever the field is
        with refusals_in_words():
            if value is None:
                raise Refused("missing_field", field=name)
        return take(value)

    return taken


def _as_given(name: str, fields: Iterable[Field], value: object) -> object:
    refusals = []
    for field in fields:
        try:
            field.check(name, value)
        except InvalidCommand as refusal:
            refusals.append(refusal)
        else:
            return value
    raise refusals[0]
