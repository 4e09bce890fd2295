"""What entities are called that stand for a channel of a node, or for a numbered part.

The name of a channel is its owner's, in the spelling of the wire: `grow_light`. It is
shown as a person writes it, and not beside a word that it already says: a light that is
called `grow_light` is "Grow light", one that is called `light` is "Light".
"""

from __future__ import annotations

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import DOMAIN

_SPELLED: Final = {"co2": "CO2", "ec": "EC", "ph": "pH", "pwm": "PWM"}


def readable(label: str) -> str:
    """Return a channel's name, or a metric's, as a person writes it."""
    words = label.replace("_", " ").replace("-", " ").split()
    return " ".join(_SPELLED.get(word.lower(), word) for word in words) or label


def labelled(pattern: str, label: str, kind: str = "") -> str:
    """Return the name of an entity, with nothing in it twice.

    `pattern` has the place `{}` for the label. `kind` is the word of the wire for what
    the rest of the pattern says; empty if a label never says it too.
    """
    shown = readable(label)
    rest = " ".join(pattern.replace("{}", " ").split())
    own = _words(shown)
    said = [_words(rest), _words(readable(kind))]
    if own in said:
        return _as_beginning(rest)
    if kind and any(words and set(words) <= set(own) for words in said):
        return _as_beginning(shown)
    return _as_beginning(pattern.replace("{}", shown))


def name_of_part(
    hass: HomeAssistant, platform: str, key: str, label: str, kind: str = ""
) -> str:
    """Return what an entity of a labelled part is called; `kind` as in `labelled`."""
    pattern = _pattern(hass, platform, key).replace("{label}", "{}")
    return labelled(pattern, label, kind)


def name_of_channel(hass: HomeAssistant, key: str, channel: str, metric: str) -> str:
    """Return what the sensor of a channel is called."""
    pattern = _pattern(hass, "sensor", key).replace("{channel}", "{}")
    return labelled(pattern.replace("{metric}", readable(metric)), channel, metric)


def _pattern(hass: HomeAssistant, platform: str, key: str) -> str:
    """Return the name of an entity in the language of the server, with its places.

    Home Assistant loads these texts before it makes entities.
    """
    for language in (hass.config.language, "en"):
        texts = async_get_cached_translations(hass, language, "entity", DOMAIN)
        name = texts.get(f"component.{DOMAIN}.entity.{platform}.{key}.name")
        if name is not None:
            return name
    return "{}"


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _as_beginning(name: str) -> str:
    # What has a capital already is spelled as it must be: pH.
    first = name.partition(" ")[0]
    return f"{name[:1].upper()}{name[1:]}" if first.islower() else name
