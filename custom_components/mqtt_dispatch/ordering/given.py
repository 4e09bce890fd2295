"""The fields that an action is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from homeassistant.core import ServiceCall
from homeassistant.util import dt as dt_util

from ..engine.model.events import Refused
from ..protocols.fields import Flag, Whole
from .commands import refusals_in_words
from .confirming import Consent
from .moments import moment_ahead
from .schemas import Fields, in_words, takes

ATTR_AT: Final = "at"
ATTR_CONFIRM: Final = "confirm"
ATTR_EXPIRES_IN: Final = "expires_in"
ATTR_OFF_NEXT_MEAL: Final = "off_next_meal"
ATTR_IDEMPOTENCY_KEY: Final = "idempotency_key"
ATTR_WAIT: Final = "wait"
_KEY_LENGTH: Final = 255
_LATEST: Final = timedelta(days=7)


def _idempotency_key(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _KEY_LENGTH:
        raise Refused("invalid_idempotency_key", limit=_KEY_LENGTH)
    return value


def _consent(value: object) -> Consent:
    # Who asks somebody by himself hands on what came of that.
    if isinstance(value, Consent):
        return value
    return Consent.GIVEN if Flag().check(ATTR_CONFIRM, value) else Consent.UNKNOWN


def _at(value: object) -> float:
    at = moment_ahead(value, dt_util.now(), _LATEST)
    if at is None:
        raise Refused("invalid_at", value=value)
    return at


WAIT: Final[Fields] = {ATTR_WAIT: takes(ATTR_WAIT, Flag())}
OFF_NEXT_MEAL: Final[Fields] = {ATTR_OFF_NEXT_MEAL: takes(ATTR_OFF_NEXT_MEAL, Flag())}
AT: Final[Fields] = {ATTR_AT: in_words(_at)}
CONFIRM: Final[Fields] = {ATTR_CONFIRM: in_words(_consent)}
ORDER_FIELDS: Final[Fields] = {
    ATTR_EXPIRES_IN: takes(ATTR_EXPIRES_IN, Whole(minimum=1, maximum=7 * 24 * 60 * 60)),
    ATTR_IDEMPOTENCY_KEY: in_words(_idempotency_key),
    **WAIT,
}


@dataclass(frozen=True, slots=True)
class OrderFields:
    """How something is ordered, whatever it is."""

    expires_in: float | None
    """Seconds; None: what the policy of the kind says."""
    idempotency_key: str | None
    at: float | None
    """Unix seconds: not before; None: at once."""
    wait: bool
    """Whether the answer is to tell what the nodes made of it."""
    consent: Consent
    off_next_meal: bool
    """Whether the next meal is to get so much less."""


def order_fields(call: ServiceCall) -> OrderFields:
    """Return how an action orders. Raises ServiceValidationError."""
    at, wait = call.data.get(ATTR_AT), bool(call.data.get(ATTR_WAIT))
    with refusals_in_words():
        if at is not None and wait:
            # Nobody waits for days; that it was ordered is told at once.
            raise Refused("wait_or_at")
    return OrderFields(
        at=at,
        expires_in=call.data.get(ATTR_EXPIRES_IN),
        idempotency_key=call.data.get(ATTR_IDEMPOTENCY_KEY),
        wait=wait,
        consent=call.data.get(ATTR_CONFIRM) or Consent.UNKNOWN,
        off_next_meal=bool(call.data.get(ATTR_OFF_NEXT_MEAL)),
    )


def given(call: ServiceCall, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields that are not left out; a template that says None does that."""
    return {name: call.data[name] for name in names if call.data.get(name) is not None}
