"""Which text tells that something was refused, with words in its places.

What the engine and the protocols name by a code is filled in as a person says it. Where
it is one of a few words, or decides about the plural, there is a text for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import ceil
from typing import Final

from homeassistant.core import HomeAssistant

from ..station import UNWEIGHED, Portion
from .commands import field_in_words, kind_in_words
from .sentences import date_in_words, find_text, moment_in_words, weighed

_PORTIONS: Final = ("limit", "given", "planned")
"""What is filled in that is a number of portions, where portions are limited."""


def refusal_in_words(
    hass: HomeAssistant,
    code: str,
    placeholders: Mapping[str, str],
    portion: Portion = UNWEIGHED,
) -> tuple[str, dict[str, str]]:
    """Return the key of the text for a refusal, and what fills it in.

    `portion` is that of the station whose guard refuses.
    """
    filled = dict(placeholders)
    if "kind" in filled:
        filled["kind"] = kind_in_words(hass, filled["kind"])
    if "field" in filled:
        fields = filled["field"].split(", ")
        filled["field"] = ", ".join(field_in_words(hass, field) for field in fields)
    for name in ("date", "until"):
        if name in filled:
            filled[name] = date_in_words(hass, date.fromisoformat(filled[name]))
    match code:
        case "already_closed":
            return f"already_{filled.pop('state')}", filled
        case "minimum_gap":
            filled["minutes"] = minutes = _whole(filled["minutes"])
            return "minimum_gap_one_minute" if minutes == "1" else code, filled
        case "feeds_per_hour" | "minimum_gap_planned":
            return code, filled | {"minutes": _whole(filled["minutes"])}
        case "plan_overlaps":
            moment = moment_in_words(hass, datetime.fromisoformat(filled["time"]))
            return code, filled | {"time": moment}
        case "portions_per_day" | "portions_planned":
            is_enough = filled.pop("off_next_meal", None) is None
            return code if is_enough else f"{code}_not_enough", filled | {
                name: weighed(hass, portion, int(filled[name]), filled[name])
                for name in _PORTIONS
                if name in filled
            }
        case _:
            return code, filled


def as_sentence(hass: HomeAssistant, key: str, placeholders: Mapping[str, str]) -> str:
    """Return what the text for a refusal says."""
    text = find_text(hass, "exceptions", f"{key}.message")
    return key if text is None else text.format(**placeholders)


def _whole(minutes: str) -> str:
    """Return in how many minutes something is true, and no sooner."""
    return str(max(1, ceil(float(minutes))))
