"""The language of the person who reads a dialog, which may not be the server's.

A dialog is drawn by the frontend in the language that its user chose, or else in that
of the browser. What the server puts together for it goes by the same rule.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from .sentences import READER

_USER_DATA: Final = "frontend.user_data_{user_id}"
"""The file in which the frontend keeps what a user chose."""
_USER_DATA_VERSION: Final = 1
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z0-9-]{1,20})?")


@asynccontextmanager
async def in_language_of_reader(
    hass: HomeAssistant, user_id: str | None, accepted: str
) -> AsyncIterator[None]:
    """Have sentences be in the language of a user while this lasts.

    `accepted` is what the browser accepts, as in the header `Accept-Language`.
    """
    with in_language(await async_language_of(hass, user_id, accepted)):
        yield


async def async_language_of(
    hass: HomeAssistant, user_id: str | None, accepted: str
) -> str | None:
    """Return the language of that reader, with its words at hand; None: unknown."""
    chosen = await _async_chosen(hass, user_id) or _first_of(accepted)
    if chosen is not None:
        await async_get_translations(hass, chosen, "common", {DOMAIN})
    return chosen


async def async_words_at_hand(hass: HomeAssistant) -> None:
    """Load the words of the server's language: before the first station, none are."""
    await async_get_translations(hass, hass.config.language, "common", {DOMAIN})


@contextmanager
def in_language(language: str | None) -> Iterator[None]:
    """Have sentences be in a language while this lasts; None: in that of the server."""
    token = READER.set(language)
    try:
        yield
    finally:
        READER.reset(token)


async def _async_chosen(hass: HomeAssistant, user_id: str | None) -> str | None:
    if user_id is None:
        return None
    store: Store[dict[str, Any]] = Store(
        hass,
        _USER_DATA_VERSION,
        _USER_DATA.format(user_id=user_id),
        read_only=True,
    )
    try:
        kept = await store.async_load()
    except (HomeAssistantError, NotImplementedError, OSError):
        return None
    language = kept.get("language") if isinstance(kept, dict) else None
    if isinstance(language, dict):
        language = language.get("language")
    if isinstance(language, str) and _LANGUAGE.fullmatch(language):
        return language
    return None


def _first_of(accepted: str) -> str | None:
    found = _LANGUAGE.match(accepted.strip())
    return None if found is None else found[1].lower()
