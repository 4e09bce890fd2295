"""The fields that an action is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import ServiceCall

from ..engine.model.events import Refused
from ..protocols.fields import Flag, Whole
from ..protocols.params import Field

ATTR_CONFIRM: Final = "confirm"
ATTR_EXPIRES_IN: Final = "expires_in"
ATTR_IDEMPOTENCY_KEY: Final = "idempotency_key"
ATTR_WAIT: Final = "wait"
ORDER_FIELDS: Final = (ATTR_EXPIRES_IN, ATTR_IDEMPOTENCY_KEY, ATTR_WAIT)

WAIT: Final = Flag()
_CONFIRM: Final = Flag()
_EXPIRES_IN: Final = Whole(minimum=1, maximum=7 * 24 * 60 * 60)
_KEY_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class OrderFields:
    """How something is ordered, whatever it is."""

    expires_in: float | None
    """Seconds; None: what the policy of the kind says."""
    idempotency_key: str | None
    wait: bool
    """Whether the answer is to tell what the nodes made of it."""
    confirmed: bool
    """Whether a person wants it however many feeds there are already."""


def order_fields(call: ServiceCall) -> OrderFields:
    """Return how an action orders. Raises InvalidCommand, and Refused."""
    return OrderFields(
        expires_in=checked(call, ATTR_EXPIRES_IN, _EXPIRES_IN),
        idempotency_key=_idempotency_key(call),
        wait=bool(checked(call, ATTR_WAIT, WAIT)),
        confirmed=bool(checked(call, ATTR_CONFIRM, _CONFIRM)),
    )


def given(call: ServiceCall, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields that are not left out; a template that says None does that."""
    return {name: call.data[name] for name in names if call.data.get(name) is not None}


def checked(call: ServiceCall, name: str, field: Field) -> Any:  # noqa: ANN401
    """Return a field that may be left out. Raises InvalidCommand."""
    value = call.data.get(name)
    return None if value is None else field.check(name, value)


def text(call: ServiceCall, name: str) -> str | None:
    """Return a field as a text, None if it is left out."""
    value = call.data.get(name)
    return None if value is None else str(value)


def _idempotency_key(call: ServiceCall) -> str | None:
    value = call.data.get(ATTR_IDEMPOTENCY_KEY)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _KEY_LENGTH:
        raise Refused("invalid_idempotency_key", limit=_KEY_LENGTH)
    return value
