"""What a node does not understand is never put on the wire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .commands import command_for

PACKAGE = Path(str(protocols.__file__)).parent.parent
SITE = Site(prefix="disp", nodes={"1": {}, "2": {"old": True}})


def _understands(site: Site, node: str, kind: str, readings: Readings) -> bool:
    return kind == "feed" or ("fw" in readings and not site.nodes[node].get("old"))


WIRE = replace(PROTOCOLS["paired_dispenser"], understands=_understands)


def sending(kind: str, node: str, readings: Readings) -> Sending:
    params = {"portions": 1} if kind == "feed" else {}
    return Sending(
        command=command_for((node,), kind, params),
        node=node,
        wall=1_700_000_000.0,
        readings=readings,
    )


def test_a_node_is_told_what_it_understands() -> None:
    assert WIRE.messages(SITE, sending("reboot", "1", {"fw": "2"}))
    assert WIRE.messages(SITE, sending("feed", "2", {}))


def test_whoever_sends_asks_what_is_understood() -> None:
    bypassing = [
        str(module.relative_to(PACKAGE))
        for module in PACKAGE.rglob("*.py")
        if PACKAGE / "protocols" not in module.parents
        and ".publications(" in module.read_text(encoding="utf-8")
    ]
    assert bypassing == []


@pytest.mark.parametrize(("node", "readings"), [("1", {}), ("2", {"fw": "2"})])
def test_a_node_is_not_told_what_it_does_not_understand(
    node: str, readings: Readings
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.messages(SITE, sending("reboot", node, readings))
    assert refused.value.code == "not_understood"
    assert refused.value.placeholders == {"kind": "reboot", "node": node}
