"""What is asked of several stations at once: all of it, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from homeassistant.core import async_get_hass
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.ledger.together import came_to_nothing
from ..engine.model.events import Release
from ..storage.disk import NotStoredError
from ..texts.refusals import as_sentence

STORED_WITHIN: Final = 60.0
"""Seconds after which what one station cannot store is no longer waited for: what is
ordered elsewhere stands behind it."""


class Ordered(NamedTuple):
    """One of some orders."""

    coordinator: DispatchCoordinator
    command_id: int
    is_new: bool
    """Whether it is none that somebody gave before, by the same key."""


class NotStoredByOneError(NotStoredError):
    """One of several stations could not store what was asked for."""

    def __init__(self, where: str, error: NotStoredError) -> None:
        """Say which, and what it says."""
        sentence = as_sentence(async_get_hass(), error.translation_key or "", {})
        HomeAssistantError.__init__(
            self,
            translation_domain=DOMAIN,
            translation_key="refused_by_one",
            translation_placeholders={"where": where, "refusal": sentence},
        )


def names_of(stations: Sequence[DispatchCoordinator]) -> list[str | None]:
    """Return by what each is named where it refuses; None: there is but one."""
    several = len({*stations}) > 1
    return [station.name if several else None for station in stations]


@contextmanager
def stored_at(where: str | None) -> Iterator[None]:
    """Name the station that could not store what was asked for, if that is one of some.

    Raises NotStoredError.
    """
    try:
        yield
    except NotStoredError as error:
        if where is None:
            raise
        raise NotStoredByOneError(where, error) from error


def storing(
    stations: Sequence[DispatchCoordinator],
) -> Iterator[Coroutine[None, None, None]]:
    """Have each station store what it knows; name the one that cannot."""

    async def store(station: DispatchCoordinator, name: str | None) -> None:
        with stored_at(name):
            await station.async_stored()

    return map(store, stations, names_of(stations))


async def async_all_stored(
    stations: Sequence[DispatchCoordinator], undo: Sequence[Callable[[], object]]
) -> None:
    """Wait until each station has stored what it was told, or have it undone at each.

    What one cannot store it takes back by itself; `undo` is for the others. Raises
    NotStoredError.
    """
    stored = await asyncio.gather(*storing(stations), return_exceptions=True)
    failed = [error for error in stored if error is not None]
    if not failed:
        return
    for take_back, error in zip(undo, stored, strict=True):
        if error is None:
            take_back()
    raise failed[0]


async def async_on_disk(coordinator: DispatchCoordinator, command_id: int) -> None:
    """Wait until an order is stored. Raises NotStoredError."""
    # What was ordered before may long be on disk: that something else cannot be written
    # now is no reason to deny it.
    if command_id in coordinator.engine.ledger.unstored:
        await coordinator.async_stored()
    _check_it_stands(coordinator, command_id)


async def async_all_on_disk(ordered: Sequence[Ordered]) -> None:
    """Wait until some orders are stored, but not for ever where there are several.

    Raises NotStoredError.
    """
    names = names_of([order.coordinator for order in ordered])
    within = STORED_WITHIN if len(ordered) > 1 else None

    async def on_disk(order: Ordered, name: str | None) -> None:
        with stored_at(name):
            try:
                async with asyncio.timeout(within):
                    await async_on_disk(order.coordinator, order.command_id)
            except TimeoutError as error:
                raise NotStoredError from error

    await asyncio.gather(*map(on_disk, ordered, names))
    for order, name in zip(ordered, names, strict=True):
        # It may have been unloaded while the others were waited for.
        with stored_at(name):
            _check_it_stands(order.coordinator, order.command_id)


@contextmanager
def all_or_nothing() -> Iterator[list[Ordered]]:
    """Have what is ordered within be sent, or withdrawn if anything is raised.

    Until then none of it is sent.
    """
    ordered: list[Ordered] = []
    try:
        yield ordered
    except BaseException:
        _release(ordered, all_stored=False)
        raise
    _release(ordered, all_stored=True)


def _release(ordered: Sequence[Ordered], *, all_stored: bool) -> None:
    for order in ordered:
        if all_stored or order.is_new:
            order.coordinator.handle(Release(order.command_id, all_stored))


def _check_it_stands(coordinator: DispatchCoordinator, command_id: int) -> None:
    """Raise NotStoredError if there is no such order any more.

    Who ordered it first, by the same key, was told that it failed.
    """
    command = coordinator.engine.ledger.find(command_id)
    if command is None or came_to_nothing(command):
        raise NotStoredError
