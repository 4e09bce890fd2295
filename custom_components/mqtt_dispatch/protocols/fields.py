"""What a param of a command may be. Whatever it is instead is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any, Final, override
from urllib.parse import urlsplit

from .params import HIDDEN, Field, InvalidCommand, check_all, public_of

_CRON_PARTS: Final = 5
_CRON_PART: Final = re.compile(r"[0-9A-Za-z*/,#-]{1,64}")
_URL: Final = re.compile(r"https?://[!-~]{1,500}")
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?")


@dataclass(frozen=True, slots=True)
class Whole(Field):
    """A whole number from `minimum` to `maximum`; 3.0 is 3, and so is "3"."""

    minimum: int
    maximum: int

    @override
    def check(self, field: str, value: object) -> int:
        """Return the number. Raises InvalidCommand (invalid_number)."""
        number = _number(value)
        if (
            number is not None
            and self.minimum <= number <= self.maximum
            and number == int(number)
        ):
            return int(number)
        raise InvalidCommand(
            "invalid_number",
            field=field,
            minimum=self.minimum,
            maximum=self.maximum,
            value=value,
        )


@dataclass(frozen=True, slots=True)
class Multiple(Whole):
    """A whole number that is a multiple of `of`."""

    of: int = 1

    @override
    def check(self, field: str, value: object) -> int:
        """Return the number.

        Raises InvalidCommand (invalid_number, invalid_choice).
        """
        number = super(Multiple, self).check(field, value)
        if number % self.of:
            first = -(-self.minimum // self.of) * self.of
            choices = f"{first}, {first + self.of}, … {self.maximum}"
            raise InvalidCommand(
                "invalid_choice", field=field, choices=choices, value=value
            )
        return number


@dataclass(frozen=True, slots=True)
class Decimal(Field):
    """A number from `minimum` to `maximum`, with any fraction; also as a text."""

    minimum: float
    maximum: float
    above: bool = False
    """Whether it must be more than `minimum`."""

    @override
    def check(self, field: str, value: object) -> float:
        """Return the number.

        Raises InvalidCommand (invalid_decimal, invalid_decimal_above).
        """
        number = _number(value)
        if (
            number is not None
            and self.minimum <= number <= self.maximum
            and not (self.above and number == self.minimum)
        ):
            return number
        raise InvalidCommand(
            "invalid_decimal_above" if self.above else "invalid_decimal",
            field=field,
            minimum=self.minimum,
            maximum=self.maximum,
            value=value,
        )


@dataclass(frozen=True, slots=True)
class Text(Field):
    """A text of `shortest` to `longest` characters that the pattern matches whole."""

    shortest: int
    longest: int
    pattern: str

    @override
    def check(self, field: str, value: object) -> str:
        """Return the text. Raises InvalidCommand (invalid_text)."""
        if (
            isinstance(value, str)
            and self.shortest <= len(value) <= self.longest
            and re.fullmatch(self.pattern, value)
        ):
            return value
        raise InvalidCommand(
            "invalid_text",
            field=field,
            minimum=self.shortest,
            maximum=self.longest,
            value=HIDDEN if self.secret else value,
        )


@dataclass(frozen=True, slots=True)
class TimeOfDay(Field):
    """A time of day, as `08:00`; `8:00` and `08:00:00` are that, too."""

    @override
    def check(self, field: str, value: object) -> str:
        """Return hours and minutes. Raises InvalidCommand (invalid_time_of_day)."""
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise InvalidCommand("invalid_time_of_day", field=field, value=value)
        return f"{int(found[1]):02}:{found[2]}"


@dataclass(frozen=True, slots=True)
class Object(Field):
    """An object with these fields and no others."""

    fields: Mapping[str, Field]

    @override
    def check(self, field: str, value: object) -> dict[str, Any]:
        """Return the object with its defaults. Raises InvalidCommand."""
        if not isinstance(value, Mapping):
            raise InvalidCommand("invalid_object", field=field)
        return check_all(self.fields, value, within=f"{field}.")

    @override
    def public(self, value: object) -> object:
        """Return of each of its fields what anybody may read."""
        return public_of(self.fields, value) if isinstance(value, Mapping) else HIDDEN


@dataclass(frozen=True, slots=True)
class Objects(Field):
    """At most `most` objects with these fields and no others."""

    fields: Mapping[str, Field]
    most: int

    @override
    def check(self, field: str, value: object) -> list[dict[str, Any]]:
        """Return the objects with their defaults. Raises InvalidCommand."""
        if not isinstance(value, list | tuple) or len(value) > self.most:
            raise InvalidCommand("invalid_list", field=field, maximum=self.most)
        item = Object(self.fields)
        return [
            item.check(f"{field}.{number}", each)
            for number, each in enumerate(value, start=1)
        ]

    @override
    def public(self, value: object) -> object:
        """Return of each field of each object what anybody may read."""
        each = value if isinstance(value, list | tuple) else ()
        return [Object(self.fields).public(one) for one in each]


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a few words."""

    choices: tuple[str, ...]
    titles: tuple[str, ...] = ()
    """What each is called, in their order. None: they are called as they are."""

    @override
    def check(self, field: str, value: object) -> str:
        """Return the word. Raises InvalidCommand (invalid_choice)."""
        if value in self.choices:
            return str(value)
        raise _no_choice(field, self.choices, value)


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """Yes or no; 1 and 0 are taken too."""

    @override
    def check(self, field: str, value: object) -> bool:
        """Return whether it is yes. Raises InvalidCommand (invalid_choice)."""
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        raise _no_choice(field, ("true", "false"), value)


@dataclass(frozen=True, slots=True)
class Confirmed(Field):
    """A yes, without which nothing is done: what cannot be undone."""

    required: bool = True

    @override
    def check(self, field: str, value: object) -> bool:
        """Return True. Raises InvalidCommand (not_confirmed)."""
        if value is True:
            return True
        raise InvalidCommand("not_confirmed", field=field)


@dataclass(frozen=True, slots=True)
class Url(Field):
    """An address that begins with http:// or https://, in ASCII without blanks."""

    @override
    def check(self, field: str, value: object) -> str:
        """Return the address. Raises InvalidCommand (invalid_url)."""
        if isinstance(value, str) and _URL.fullmatch(value) and _host_of(value):
            return value
        raise InvalidCommand("invalid_url", field=field)

    @override
    def public(self, value: object) -> object:
        """Return it without what may let somebody in: a user, and a query."""
        parts = urlsplit(str(value))
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=host, query="", fragment="").geturl()


@dataclass(frozen=True, slots=True)
class Cron(Field):
    """A cron expression of five parts: minute, hour, day, month, day of the week.

    Only its shape is checked. Whether it is ever due, `Site.next_time` tells.
    """

    @override
    def check(self, field: str, value: object) -> str:
        """Return it with one blank between its parts.

        Raises InvalidCommand (invalid_cron).
        """
        parts = value.split() if isinstance(value, str) else []
        if len(parts) == _CRON_PARTS and all(map(_CRON_PART.fullmatch, parts)):
            return " ".join(parts)
        raise InvalidCommand("invalid_cron", field=field, value=value)


def _number(value: object) -> float | None:
    """Return a number, also of a text: what a template says is one."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def _host_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        # A password with a slash in it would be taken for a port, and for a path.
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts.hostname


def _no_choice(field: str, choices: tuple[str, ...], value: object) -> InvalidCommand:
    return InvalidCommand(
        "invalid_choice", field=field, choices=", ".join(choices), value=value
    )
