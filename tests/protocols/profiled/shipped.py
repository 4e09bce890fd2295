"""The profiles of the package, and what real programs said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
import json
from pathlib import Path
from typing import Any

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.protocols.base import Protocol, Site
from custom_components.mqtt_dispatch.protocols.messages import Message
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.orders import ModelKind
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from custom_components.mqtt_dispatch.protocols.profiled.wording import params_in

FOLDER = Path(str(protocols.__file__)).parent / "profiles"
FILES = sorted(FOLDER.glob("*.json"))
_RECORDINGS = Path(__file__).with_name("recordings")


def text_of(profile: str) -> str:
    """Return a profile of the package as it is written."""
    return (FOLDER / f"{profile}.json").read_text(encoding="utf-8")


@cache
def spoken(profile: str) -> Protocol:
    """Return the protocol that a profile of the package makes."""
    return protocol_of(read(text_of(profile)))


def heard_of(told: ModelKind) -> frozenset[str]:
    """Return the params of which a node hears anything."""
    messages = [[step.topic, step.payload] for step in told.steps]
    which = set() if told.several is None else {told.several.param}
    return frozenset({*params_in(messages), *which} & told.fields.keys())


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message of a real program, or what it was sent."""

    sent: bool
    topic: str
    payload: str
    after: float = 0.0
    """Seconds since its case began, where that was recorded."""
    retained: bool = False
    """Whether the broker had kept it."""

    @property
    def content(self) -> Any:
        """What the payload means as JSON."""
        return json.loads(self.payload)


@cache
def _rows(profile: str) -> list[dict[str, Any]]:
    text = (_RECORDINGS / f"{profile}.json").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)["rows"]
    return rows


def cases(profile: str) -> tuple[str, ...]:
    """Return the cases that were recorded, in their order."""
    return tuple(dict.fromkeys(row["case"] for row in _rows(profile)))


def recorded(profile: str, case: str) -> Iterator[Recorded]:
    """Yield what went over MQTT in a case that was recorded, in its order."""
    found = [row for row in _rows(profile) if row["case"] == case]
    assert found, case
    for row in found:
        yield Recorded(
            row["sent"],
            row["topic"],
            row["payload"],
            row.get("after", 0.0),
            row.get("retained", False),
        )


def said(
    protocol: Protocol,
    topic: str,
    content: object,
    nodes: Mapping[str, Mapping[str, Any]],
    *,
    retain: bool = False,
) -> tuple[Any, ...]:
    """Return what a message says: a text as it is, anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    site = Site(prefix=protocol.default_prefix, nodes=nodes)
    return protocol.report(site, Message(topic, text.encode(), retain, 0.0))
