"""Who presses a button once more, when asked, confirms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..engine.model.clock import Now
from ..engine.model.events import TooMany

READ_IN: Final = 1.0
"""Seconds that it takes to read a question: who presses sooner has pressed twice."""
ANSWERED_WITHIN: Final = 60.0


class Question:
    """Asks a person whether one more feed is wanted, though there are many.

    An automation or a script is refused, however often it presses: it has no user, or
    presses time after time within one call of his.
    """

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._asked: tuple[str, str, float] | None = None
        """The user, what his press bore, and when it was: steady seconds."""

    @contextmanager
    def put_to(self, context: Context | None, now: Now) -> Iterator[bool]:
        """Tell whether this press confirms; if it is refused, ask for another one.

        Raises what is raised within, in the words of a question where it is one.
        """
        try:
            yield self._confirms(context, now)
        except ServiceValidationError as error:
            if not isinstance(error.__cause__, TooMany) or not _is_person(context):
                raise
            if self._asked is None or not self._is_open(now):
                self._ask(context, now)
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="press_again",
                translation_placeholders={"seconds": f"{ANSWERED_WITHIN:.0f}"},
            ) from error
        else:
            self._asked = None

    def _ask(self, context: Context | None, now: Now) -> None:
        if context is not None and context.user_id is not None:
            self._asked = (context.user_id, context.id, now.steady)

    def _is_open(self, now: Now) -> bool:
        return self._asked is not None and now.steady < self._asked[2] + ANSWERED_WITHIN

    def _confirms(self, context: Context | None, now: Now) -> bool:
        if self._asked is None or context is None or not self._is_open(now):
            return False
        user_id, context_id, at = self._asked
        return (
            context.user_id == user_id
            and context.id != context_id
            and now.steady >= at + READ_IN
        )


def _is_person(context: Context | None) -> bool:
    return context is not None and context.user_id is not None
