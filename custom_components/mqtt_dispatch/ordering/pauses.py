"""How stations are paused, go on, and have their queues emptied."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.effects import Withdrawn
from ..engine.model.events import CancelAll, Dispatching, ForgetRefusals, Refused
from ..engine.model.pause import REASON_LIMIT, Pause
from .moments import moment_ahead
from .together import async_all_stored, storing

PAUSE_FIELDS: Final = ("for", "until", "reason")
_LONGEST: Final = timedelta(days=366)


def pause_of(given: Mapping[str, Any], local: datetime) -> Dispatching:
    """Return the pause that an action asks for. `local`: what the owner's clock says.

    Raises Refused.
    """
    reason = _reason(given.get("reason", ""))
    if "for" in given and "until" in given:
        raise Refused("for_or_until")
    if "for" in given:
        lasts = _duration(given["for"])
        return Dispatching(enabled=False, lasts=lasts.total_seconds(), reason=reason)
    if "until" in given:
        until = moment_ahead(given["until"], local, _LONGEST)
        if until is None:
            raise Refused("invalid_until", value=given["until"])
        return Dispatching(enabled=False, until=until, reason=reason)
    return Dispatching(enabled=False, reason=reason)


def _reason(value: object) -> str:
    if (
        not isinstance(value, str)
        or len(value) > REASON_LIMIT
        or not value.isprintable()
    ):
        raise Refused("invalid_reason", limit=REASON_LIMIT)
    return value


def _duration(value: object) -> timedelta:
    try:
        lasts: timedelta = cv.time_period(value)
    except (vol.Invalid, OverflowError):
        raise Refused("invalid_duration", value=value) from None
    if not timedelta(0) < lasts <= _LONGEST:
        raise Refused("invalid_duration", value=value)
    return lasts


async def async_dispatch(
    coordinators: Sequence[DispatchCoordinator], wish: Dispatching
) -> None:
    """Pause stations, or let them go on: all of them, or none.

    Raises NotStoredError; each is as it was before then.
    """
    before = [
        (each, each.engine.ledger.pause, each.engine.wishes.pausing.ends)
        for each in coordinators
    ]
    for coordinator in coordinators:
        coordinator.handle(wish)
    await async_all_stored(coordinators, [partial(_put_back, *then) for then in before])


def _put_back(
    coordinator: DispatchCoordinator, pause: Pause | None, ends: float | None
) -> None:
    coordinator.handle(_as_it_was(pause, ends))


def _as_it_was(pause: Pause | None, ends: float | None) -> Dispatching:
    if pause is None:
        return Dispatching(enabled=True)
    if ends is None:
        return Dispatching(enabled=False, until=pause.until, reason=pause.reason)
    lasts = max(0.0, ends - now().steady)
    return Dispatching(enabled=False, lasts=lasts, reason=pause.reason)


async def async_cancel_all(
    coordinators: Sequence[DispatchCoordinator], by: str
) -> list[Withdrawn]:
    """Empty the queues of stations; return what became of each.

    `by` is what people call who wants it. Raises NotStoredError: what was withdrawn is
    so in memory then, and stored as soon as that is possible.
    """
    answers = [
        effect
        for coordinator in coordinators
        for effect in coordinator.handle(CancelAll(by))
        if isinstance(effect, Withdrawn)
    ]
    await asyncio.gather(*storing(coordinators))
    return answers


async def async_settle_refusals(
    coordinator: DispatchCoordinator, by: str, *, pause: bool, empty: bool
) -> None:
    """Do what a person wants who was told that feeds are refused all the time.

    Raises NotStoredError; he is told again then.
    """
    if pause:
        await async_dispatch([coordinator], Dispatching(enabled=False))
    if empty:
        await async_cancel_all([coordinator], by)
    coordinator.handle(ForgetRefusals())
