"""Sentences that entities show, in the language of the server; dialogs in the reader's.

Entity translations cannot fill in a node's name or a time. Such sentences stand under
`common` in the translations; Home Assistant loads them with the integration, English
in the place of what a language lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import date, datetime
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.pause import Pause, PlanPause
from ..engine.model.reason import Reason, Why
from ..protocols.base import Protocol
from ..station import Portion

READER: Final[ContextVar[str | None]] = ContextVar("READER", default=None)
"""The language of whoever reads what is put together; None: that of the server."""
NOTHING = "nothing"
"""What is waited for where nothing is."""


def sentence(hass: HomeAssistant, key: str, **placeholders: object) -> str:
    """Return a sentence; its bare key if no language has it."""
    text = find_text(hass, "common", key)
    return key if text is None else text.format(**placeholders)


def find_text(hass: HomeAssistant, section: str, key: str) -> str | None:
    """Return a text of a section of the translations, None if no language has it."""
    # Just after the language was changed, its words may not be loaded yet.
    languages = (READER.get() or hass.config.language, "en")
    return next(_texts(hass, section, key, languages), None)


def wordings(hass: HomeAssistant, key: str) -> tuple[str, ...]:
    """Return a sentence, with its places, in each language that a person may write."""
    languages = (hass.config.language, READER.get() or "en", "en")
    return tuple(dict.fromkeys(_texts(hass, "common", key, languages)))


def _texts(
    hass: HomeAssistant, section: str, key: str, languages: Iterable[str]
) -> Iterator[str]:
    for language in languages:
        texts = async_get_cached_translations(hass, language, section, DOMAIN)
        if text := texts.get(f"component.{DOMAIN}.{section}.{key}"):
            yield text


def reasons_in_words(
    hass: HomeAssistant, coordinator: DispatchCoordinator, reasons: Iterable[Reason]
) -> str:
    """Return all that a command waits for, or that it is nothing."""
    return "; ".join(
        reason_in_words(hass, coordinator, reason) for reason in reasons
    ) or sentence(hass, f"waiting_{NOTHING}")


def reason_in_words(
    hass: HomeAssistant, coordinator: DispatchCoordinator, reason: Reason
) -> str:
    """Return what a command waits for."""
    if reason.why is Why.PAUSED and (pause := coordinator.data.pause) is not None:
        return pause_in_words(hass, pause)
    if reason.until is not None:
        until = dt_util.as_local(dt_util.utc_from_timestamp(reason.until))
        return sentence(hass, f"waiting_{reason.why}", time=clock_time(hass, until))
    why: str = reason.why
    if reason.why is Why.RELAY_SILENT and reason.since is None:
        why = "relay_never_heard"
    return sentence(
        hass,
        f"waiting_{why}",
        node=node_title(coordinator, reason.node),
        time="" if reason.since is None else local_time(hass, reason.since),
        command_id=reason.command_id,
    )


def pause_in_words(hass: HomeAssistant, pause: Pause | PlanPause) -> str:
    """Return that a station or its plan pauses, until when and why."""
    of_plan = isinstance(pause, PlanPause)
    words = sentence(hass, "plan_paused" if of_plan else "waiting_paused")
    if pause.until is not None:
        until = moment_in_words(hass, dt_util.utc_from_timestamp(pause.until))
        key = "plan_paused_until" if of_plan else "paused_until"
        words = sentence(hass, key, time=until)
    if pause.reason:
        return sentence(hass, "paused_because", paused=words, reason=pause.reason)
    return words


def portions_in_words(coordinator: DispatchCoordinator, portions: int) -> str:
    """Return how many portions, as a person says it, and what they weigh if known."""
    hass = coordinator.hass
    return weighed(
        hass, coordinator.portion, portions, counted_portions(hass, portions)
    )


def counted_portions(hass: HomeAssistant, portions: int) -> str:
    """Return how many portions, whatever they weigh."""
    return sentence(
        hass, "one_portion" if portions == 1 else "portions", portions=portions
    )


def weighed(hass: HomeAssistant, portion: Portion, portions: int, amount: str) -> str:
    """Return an `amount` of so many portions with what it weighs, if that is known."""
    grams = portion.weigh(portions)
    if grams is None:
        return amount
    return sentence(hass, "weighed", amount=amount, grams=number_in_words(hass, grams))


def number_in_words(hass: HomeAssistant, number: float) -> str:
    """Return a number as a person writes it."""
    shown = str(int(number) if number == int(number) else number)
    return shown.replace(".", sentence(hass, "decimal_mark"))


def protocol_in_words(hass: HomeAssistant, protocol: Protocol) -> str:
    """Return what a person calls the nodes of a protocol.

    Of one that its owner described, what he calls their maker.
    """
    return find_text(hass, "common", f"protocol_{protocol.key}") or protocol.maker


def node_title(coordinator: DispatchCoordinator, node: str | None) -> str:
    """Return what the owner calls a node."""
    if node is None:
        return ""
    subentry = coordinator.subentry(node)
    return node if subentry is None else subentry.title


def answer_in_words(hass: HomeAssistant, said: str) -> str | None:
    """Return what an answer of a node means, None if there are no words for it."""
    return find_text(hass, "common", f"answer_{said.lower().replace(' ', '_')}")


def local_time(hass: HomeAssistant, wall: float) -> str:
    """Return when something was: at what time, and if not today on which date.

    Both stay true as time passes.
    """
    local = dt_util.as_local(dt_util.utc_from_timestamp(wall))
    return clock_time(hass, local, "%H:%M:%S")


def clock_time(hass: HomeAssistant, local: datetime, clock: str = "%H:%M") -> str:
    """Return when something is on the clock of the house; see `local_time`."""
    today = local.date() == dt_util.now().date()
    return _moment(hass, "at_time" if today else "on_date", local, clock)


def moment_in_words(hass: HomeAssistant, moment: datetime) -> str:
    """Return what calendar and clock say, to the minute."""
    return _moment(hass, "moment", dt_util.as_local(moment), "%H:%M")


def date_in_words(hass: HomeAssistant, day: date) -> str:
    """Return what the calendar says."""
    return sentence(hass, "date", year=f"{day:%Y}", month=f"{day:%m}", day=f"{day:%d}")


def _moment(hass: HomeAssistant, key: str, local: datetime, clock: str) -> str:
    return sentence(
        hass,
        key,
        year=f"{local:%Y}",
        month=f"{local:%m}",
        day=f"{local:%d}",
        time=f"{local:{clock}}",
    )
