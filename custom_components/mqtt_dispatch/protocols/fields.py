"""What a param of a command may be. Whatever it is instead is refused."""

from __future__ import annotations

from dataclasses import dataclass

from .base import Field, InvalidCommand


@dataclass(frozen=True, slots=True)
class Whole(Field):
    """A whole number from `minimum` to `maximum`; 3.0 is 3."""

    minimum: int
    maximum: int

    def check(self, field: str, value: object) -> int:
        """Return the number. Raises InvalidCommand (invalid_number)."""
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and self.minimum <= value <= self.maximum
            and value == int(value)
        ):
            return int(value)
        raise InvalidCommand(
            "invalid_number",
            field=field,
            minimum=self.minimum,
            maximum=self.maximum,
            value=value,
        )


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a few words."""

    choices: tuple[str, ...]

    def check(self, field: str, value: object) -> str:
        """Return the word. Raises InvalidCommand (invalid_choice)."""
        if value in self.choices:
            return str(value)
        raise _no_choice(field, self.choices, value)


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """Yes or no; 1 and 0 are taken too."""

    def check(self, field: str, value: object) -> bool:
        """Return whether it is yes. Raises InvalidCommand (invalid_choice)."""
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        raise _no_choice(field, ("true", "false"), value)


def _no_choice(field: str, choices: tuple[str, ...], value: object) -> InvalidCommand:
    return InvalidCommand(
        "invalid_choice", field=field, choices=", ".join(choices), value=value
    )
