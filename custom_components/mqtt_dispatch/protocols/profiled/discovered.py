"""What devices say of themselves for Home Assistant's own MQTT integration.

Its format is what `homeassistant/<component>/.../config` has: an object, with short
names for most of its keys. Only those are read of which a profile can be proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
import re
from typing import Any, Final

from ..untrusted import Unreadable, json_object, line

DISCOVERED_AT: Final = ("homeassistant/+/+/config", "homeassistant/+/+/+/config")
"""Where it is told, where its owner has left that as it is."""
COMPONENTS: Final = ("button", "cover", "number", "switch", "valve")
LONGEST_MESSAGE: Final = 65_536
LONGEST_TOPIC: Final = 150
MOST_PARTS: Final = 20
LONGEST_NAME: Final = 60
_LONGEST_TEXT: Final = 200
_LONG: Final = {
    "avty": "availability",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "cmd_t": "command_topic",
    "cmd_tpl": "command_template",
    "cmps": "components",
    "dev": "device",
    "ids": "identifiers",
    "mdl": "model",
    "mf": "manufacturer",
    "p": "platform",
    "pl_avail": "payload_available",
    "pl_cls": "payload_close",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "pl_open": "payload_open",
    "pl_prs": "payload_press",
    "pos": "reports_position",
    "pos_t": "position_topic",
    "pos_tpl": "position_template",
    "stat_closing": "state_closing",
    "stat_clsd": "state_closed",
    "stat_off": "state_off",
    "stat_on": "state_on",
    "stat_open": "state_open",
    "stat_opening": "state_opening",
    "stat_t": "state_topic",
    "t": "topic",
    "uniq_id": "unique_id",
    "val_tpl": "value_template",
}
_TOPIC: Final = re.compile(r"homeassistant/([^/]+)/(.+)/config")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of a device: a switch, a button."""

    component: str
    name: str
    said: Mapping[str, Any]
    """What is said of it, by its long keys, with whole topics."""


@dataclass(slots=True)
class Device:
    """A device, as it was described so far."""

    name: str
    maker: str
    called: set[str] = field(default_factory=set)
    """What it is called, and may be in topics too."""
    hints: set[str] = field(default_factory=set)
    """What its parts are called: part of it may be what it is called in topics."""
    parts: dict[str, Part] = field(default_factory=dict)
    """By what each is told apart by."""

    def take(self, other: Device) -> None:
        """Add what another message says of the same device."""
        self.called |= other.called
        self.hints |= other.hints
        self.parts |= other.parts
        for key in [*self.parts][MOST_PARTS:]:
            del self.parts[key]


def read_device(topic: str, payload: bytes) -> tuple[str, Device] | None:
    """Return what a message says of a device, and by what that is told apart.

    None: it describes nothing of which a profile can be proposed.
    """
    found = _TOPIC.fullmatch(topic)
    if found is None:
        return None
    try:
        content = _lengthened(json_object(payload, LONGEST_MESSAGE))
    except Unreadable:
        return None
    component, way = found.groups()
    about = _lengthened(content.get("device"))
    known_by = _first(about.get("identifiers")) or _text(content, "unique_id") or way
    name = _text(about, "name") or _text(content, "name") or known_by
    device = Device(name, _text(about, "manufacturer") or name)
    levels = way.split("/")
    device.called |= {_text(about, "name"), known_by, *levels[:-1]} - {""}
    device.hints |= {name, *levels} - {""}
    for key, part in _parts(component, way, content):
        device.hints |= {_text(part, "unique_id")} - {""}
        called = _text(part, "name") or key.rsplit("/", 1)[-1]
        kind = component if component in COMPONENTS else part["platform"]
        device.parts[key] = Part(kind, called, part)
    device.take(device)
    return (known_by, device) if device.parts else None


def _parts(
    component: str, way: str, content: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if component in COMPONENTS:
        yield f"{component}/{way}", _whole_topics(content, content)
        return
    parts = content.get("components") if component == "device" else None
    shared = {key: said for key, said in content.items() if key != "components"}
    for key, said in parts.items() if isinstance(parts, dict) else ():
        part = _lengthened(said)
        if part.get("platform") in COMPONENTS:
            yield f"{way}/{key}", _whole_topics({**shared, **part}, content)


def _lengthened(said: Any) -> dict[str, Any]:  # noqa: ANN401 - anybody may have sent it
    if not isinstance(said, dict):
        return {}
    return {_LONG.get(str(key), str(key)): value for key, value in said.items()}


def _whole_topics(said: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return it with the part that its topics have in common filled in: `~`."""
    base = said.get("~", shared.get("~", ""))
    whole = dict(said)
    for key, topic in said.items():
        if key.endswith("topic"):
            whole[key] = _whole_topic(topic, base)
    listed = said.get("availability")
    signs = listed if isinstance(listed, list) else [] if listed is None else [listed]
    whole["availability"] = [
        {**sign, "topic": _whole_topic(sign.get("topic"), base)}
        for sign in map(_lengthened, signs)
    ]
    return whole


def _whole_topic(topic: object, base: object) -> str:
    text = topic if isinstance(topic, str) else ""
    if isinstance(base, str) and text.startswith("~"):
        text = base + text[1:]
    if isinstance(base, str) and text.endswith("~"):
        text = text[:-1] + base
    return line(text, LONGEST_TOPIC) or ""


def _text(said: Mapping[str, Any], key: str) -> str:
    found = said.get(key)
    return (line(found, _LONGEST_TEXT) or "") if isinstance(found, str) else ""


def _first(said: object) -> str:
    found = said[0] if isinstance(said, list) and said else said
    return (line(found, _LONGEST_TEXT) or "") if isinstance(found, str) else ""
