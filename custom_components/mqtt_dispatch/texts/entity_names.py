"""What entities are called that stand for a channel of a node, or for a numbered part.

The name of a channel is its owner's, in the spelling of the wire: `grow_light`. It is
shown as a person writes it, and not beside a word that it already says: a light that is
called `grow_light` is "Grow light", one that is called `light` is "Light". Which of
these names it is goes by the words of the wire; the translations have each of them, so
that it follows the language.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ..protocols.measures import Called

ITSELF: Final = "itself"
"""Ends the key of a name that has no label: of a light, "Light"."""
NAMED: Final = "named"
"""The key of a name that is nothing but the label; ends one that adds no kind to it."""
_SPELLED: Final = {"co2": "CO2", "ec": "EC", "ph": "pH", "pwm": "PWM"}


class Name(NamedTuple):
    """A name as Home Assistant puts it together."""

    translation_key: str
    placeholders: dict[str, str]


def readable(label: str) -> str:
    """Return a channel's name, or a metric's, as a person writes it."""
    words = label.replace("_", " ").replace("-", " ").split()
    return " ".join(_SPELLED.get(word.lower(), word) for word in words) or label


def name_of_part(key: str, label: str, kind: str) -> Name:
    """Return the name of what a label tells apart.

    `key` is the one of its name with the label, `kind` the word of the wire for what
    that name says beside the label.
    """
    own, said = _words(label), _words(kind)
    shown = {"label": as_beginning(readable(label))}
    if own == said:
        return Name(f"{key}_{ITSELF}", shown)
    return Name(NAMED if set(said) <= set(own) else key, shown)


def name_beside_part(key: str, label: str, kind: str) -> Name:
    """Return the name of what stands beside such a part, and says more of it."""
    name = name_of_part(key, label, kind)
    if name.translation_key == NAMED:
        return Name(f"{key}_{NAMED}", name.placeholders)
    return name


def name_of_channel(key: str | None, channel: str, metric: str) -> Name:
    """Return the name of what a channel measures; `key` None: an unknown metric."""
    if key is not None:
        return name_of_part(key, channel, metric)
    shown = {"label": as_beginning(readable(channel)), "metric": readable(metric)}
    says_it = set(_words(metric)) <= set(_words(channel))
    return Name(NAMED if says_it else "channel", shown)


def name_of_reading(called: Called, known: str | None) -> tuple[Name, str]:
    """Return the name of what shows a reading of a profile.

    `known` is what the translations call its key. A name there with a place in it is
    one of something else. The second is the name itself where no translation makes it:
    one of several that are called alike.
    """
    if known is not None and "{" in known:
        known = None
    own = called.own or (as_beginning(readable(called.key)) if known is None else "")
    numbered = "" if called.number is None else f" {called.number}"
    if own:
        return Name(NAMED, {"label": f"{own}{numbered}"}), ""
    return Name(called.key, {}), f"{known}{numbered}" if numbered else ""


def name_of_planned(key: str, *, feeds: bool) -> str:
    """Return the key of the name of what tells of meals, or of what else is planned."""
    return key if feeds else key.replace("meal", "plan")


def as_beginning(name: str) -> str:
    """Return a name as a sentence begins with it; pH is spelled so everywhere."""
    first = name.partition(" ")[0]
    return f"{name[:1].upper()}{name[1:]}" if first.islower() else name


def _words(text: str) -> list[str]:
    return readable(text).casefold().split()
