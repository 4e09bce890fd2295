"""What a person is asked about a node, beyond its name."""

from __future__ import annotations

from collections.abc import Mapping
import secrets
from time import time
from typing import Any

from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..protocols.base import Protocol
from ..protocols.fields import Choice, Cron, Decimal, Flag, Object, Objects, Whole
from ..protocols.params import Field, InvalidCommand
from ..station import next_time

REMOVAL = "remove_secret"
"""The question whether a secret that stays where its field is left empty is to go."""
_SECRET_BYTES = 24


def questions(protocol: Protocol) -> VolDictType:
    """Return what a form asks about a node of a protocol."""
    return {
        vol.Required(name) if field.required else vol.Optional(name): _selector(field)
        for name, field in protocol.node_fields.items()
    }


def question_of_removal(secrets_kept: Mapping[str, Any]) -> VolDictType:
    """Return what a form asks about the secrets that a node has: none, nothing."""
    return {vol.Optional(REMOVAL): BooleanSelector()} if secrets_kept else {}


def suggestions(protocol: Protocol, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form suggests for a new node of which `known` is told."""
    suggested: dict[str, Any] = {
        name: field.default
        for name, field in protocol.node_fields.items()
        if field.default is not None
    }
    # Nobody else knows a secret that was just made.
    suggested |= {
        name: secrets.token_urlsafe(_SECRET_BYTES)
        for name, field in protocol.node_fields.items()
        if field.secret and not field.known_to_node
    }
    return {**suggested, **known}


def missing(protocol: Protocol, known: Mapping[str, Any]) -> list[str]:
    """Return what must be known of a node, and is not among what is `known`."""
    return [
        name
        for name, field in protocol.node_fields.items()
        if field.required and name not in known and field.applies(known)
    ]


def applying(protocol: Protocol, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what is known of a node what a person may say, and makes sense."""
    return {
        name: known[name]
        for name, field in protocol.node_fields.items()
        if name in known and field.applies(known)
    }


def answers(
    protocol: Protocol, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a person said of a node, and for what makes no sense the errors.

    What is left empty was not said.
    """
    fields: dict[str, Any] = {}
    errors = {}
    for name, field in protocol.node_fields.items():
        value = given.get(name)
        if value in (None, ""):
            continue
        try:
            fields[name] = field.check(name, value)
        except InvalidCommand as invalid:
            errors[name] = invalid.code
        else:
            if isinstance(field, Cron) and next_time(fields[name], time()) is None:
                errors[name] = "no_next_time"
    return fields, errors


def _options(field: Choice) -> list[str] | list[SelectOptionDict]:
    if not field.titles:
        return list(field.choices)
    return [
        SelectOptionDict(value=choice, label=title)
        for choice, title in zip(field.choices, field.titles, strict=True)
    ]


def _selector(field: Field) -> Selector[Any]:
    match field:
        case Whole() | Decimal():
            return NumberSelector(
                NumberSelectorConfig(
                    min=field.minimum,
                    max=field.maximum,
                    step=1 if isinstance(field, Whole) else "any",
                    mode=NumberSelectorMode.BOX,
                )
            )
        case Choice():
            return SelectSelector(
                SelectSelectorConfig(
                    options=_options(field), mode=SelectSelectorMode.DROPDOWN
                )
            )
        case Flag():
            return BooleanSelector()
        case Object() | Objects():
            return ObjectSelector()
        case _:
            kind = TextSelectorType.PASSWORD if field.secret else TextSelectorType.TEXT
            return TextSelector(TextSelectorConfig(type=kind))
