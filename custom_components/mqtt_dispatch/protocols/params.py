"""What a param of a command must be, and the refusal of one that is not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .untrusted import shown

HIDDEN = "…"
"""Stands for what nobody may read."""


class InvalidCommand(Exception):  # noqa: N818 - it is an answer, not a fault
    """Params that make no sense, or a command that can never be sent.

    `code` is one of those below, and `placeholders` fill in its words; each of them
    is one bounded line, whatever was given.

    - `unknown_kind`: kind
    - `unknown_field`, `missing_field`: field
    - `invalid_number` (a whole one is needed), `invalid_decimal`,
      `invalid_decimal_above` (more than minimum): field, minimum, maximum, value
    - `invalid_choice`: field, choices, value
    - `invalid_text`: field, minimum, maximum (both in characters), value
    - `invalid_list`: field, maximum
    - `invalid_object`: field
    - `invalid_time_of_day`: field, value
    - `not_confirmed`: field (one that must be true)
    - `unknown_channel`: field, choices, value
    - `invalid_cron`: field, value
    - `invalid_url`, `invalid_values`: field (what was given may be a secret)
    - `no_next_time`: field, value (a cron expression that is never due)
    - `plan_daily_only`: meal (one that is not on every weekday)
    - `plan_overlaps`: meal, other (their names or times), time (local,
      "YYYY-MM-DDTHH:MM")
    - `plan_too_long`: node, lines, slots
    - `payload_too_large`: size, limit (both in bytes)
    - `not_understood`: kind, node (one that does not understand the kind)
    """

    def __init__(self, code: str, **placeholders: object) -> None:
        """Keep the reason as data."""
        super().__init__(code)
        self.code = code
        self.placeholders = {key: shown(value) for key, value in placeholders.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(ABC):
    """One param. If neither required nor given a default it may be left out."""

    default: Any = None
    required: bool = False
    only_with: tuple[str, object] | None = None
    """Another param and the value without which this one makes no sense."""
    secret: bool = False
    """Whether nobody may read what it is."""
    known_to_node: bool = False
    """Whether the node has it already: a secret that nobody may make up."""

    def applies(self, params: Mapping[str, Any]) -> bool:
        """Whether this param makes sense beside the others."""
        if self.only_with is None:
            return True
        name, value = self.only_with
        return name in params and params[name] == value

    @abstractmethod
    def check(self, field: str, value: object) -> Any:  # noqa: ANN401
        """Return what a value means for the param `field`. Raises InvalidCommand."""

    def public(self, value: object) -> object:
        """Return what anybody may read of a value that was checked."""
        return HIDDEN if self.secret else value


def public_of(
    fields: Mapping[str, Field], values: Mapping[str, object]
) -> dict[str, object]:
    """Return what anybody may read of values; of one that is not known, nothing."""
    return {
        name: fields[name].public(value) if name in fields else HIDDEN
        for name, value in values.items()
    }


def check_all(
    fields: Mapping[str, Field], given: Mapping[str, Any], within: str = ""
) -> dict[str, Any]:
    """Return what is given for fields, with their defaults. Raises InvalidCommand.

    `within` comes before the names of the fields where a refusal names one.
    """
    checked: dict[str, Any] = {}
    applicable = {}
    for name, field in fields.items():
        if field.applies(checked):
            applicable[name] = field
            if name in given:
                checked[name] = field.check(f"{within}{name}", given[name])
            elif field.required:
                raise InvalidCommand("missing_field", field=f"{within}{name}")
            elif field.default is not None:
                checked[name] = field.default
    for name in given:
        if name not in applicable:
            raise InvalidCommand("unknown_field", field=f"{within}{name}")
    return checked
