"""Who presses a button once more, when asked, confirms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..engine.model.clock import Now
from ..engine.model.events import TooMany

READ_IN: Final = 1.0
"""Seconds that it takes to read a question: who presses sooner has pressed twice."""
ANSWERED_WITHIN: Final = 60.0


class Consent(StrEnum):
    """Whether a person wants one more feed, though there are many."""

    UNKNOWN = auto()
    """Nobody says so: it is refused."""
    ASKED = auto()
    """He is asked, which is no refusal."""
    GIVEN = auto()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that was put to a person."""

    context_id: str
    """What the press bore that it was about."""
    steady: float


class Question:
    """Asks a person whether one more feed is wanted, though there are many.

    An automation or a script is refused, however often it presses: it has no user, or
    presses time after time within one call of his.
    """

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._asked: dict[str, _Asked] = {}
        """By user."""
        self._pressed_in: dict[str, str] = {}
        """What the latest press of each bore."""

    @contextmanager
    def put_to(self, context: Context | None, now: Now) -> Iterator[Consent]:
        """Tell whether this press confirms; if it is refused, ask for another one.

        Raises what is raised within, in the words of a question where it is one.
        """
        user_id = None if context is None else context.user_id
        if context is None or user_id is None:
            yield Consent.UNKNOWN
            return
        asked = self._open(user_id, now)
        try:
            yield self._consent(asked, user_id, context.id, now)
        except ServiceValidationError as error:
            if not isinstance(error.__cause__, TooMany):
                raise
            if asked is None:
                self._asked[user_id] = _Asked(context.id, now.steady)
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="press_again",
                translation_placeholders={"seconds": f"{ANSWERED_WITHIN:.0f}"},
            ) from error
        else:
            self._asked.pop(user_id, None)

    def _consent(
        self, asked: _Asked | None, user_id: str, context_id: str, now: Now
    ) -> Consent:
        again = self._pressed_in.get(user_id) == context_id
        self._pressed_in[user_id] = context_id
        if again or (asked is not None and asked.context_id == context_id):
            return Consent.UNKNOWN
        read = asked is not None and now.steady >= asked.steady + READ_IN
        return Consent.GIVEN if read else Consent.ASKED

    def _open(self, user_id: str, now: Now) -> _Asked | None:
        """Return what a person was asked and may still answer."""
        asked = self._asked.get(user_id)
        if asked is None or now.steady >= asked.steady + ANSWERED_WITHIN:
            return None
        return asked
