"""What a station of the sixth protocol goes through; run in the copy that has it."""

from __future__ import annotations

import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchConfigEntry
from custom_components.mqtt_dispatch.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.station import nodes_of
from tests.calls import actions_of, attribute, descriptions, shown, use
from tests.forms import new_station, only_offer
from tests.nodes import Player, settled

from .made_up import KEY, NAMES


class Sprayer(Player):
    """A sprayer, played by hand."""

    async def says(self, node: str = "a", **content: Any) -> None:
        """Say something."""
        await self.publish(f"spray/{node}/said", content)

    def sent(self, node: str = "a") -> list[dict[str, Any]]:
        """Return what it was told, oldest first."""
        return [*map(json.loads, self.published(f"spray/{node}/order"))]


@pytest.fixture
def sprayer(hass: HomeAssistant, mqtt_mock: Any) -> Sprayer:
    """The one sprayer of the station."""
    return Sprayer(hass, mqtt_mock)


async def a_terrace(hass: HomeAssistant) -> DispatchConfigEntry:
    """Set up a station as a person does."""
    flow = await new_station(hass)
    await flow.answer(name="Terrace", protocol=KEY)
    assert flow.suggested == {"prefix": "spray"}
    await flow.answer(prefix="spray")
    assert flow.suggested == {"nodes": ["a"]}
    await flow.answer(nodes=["a"])
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    return entry


def state_of(entry: DispatchConfigEntry, command_id: int) -> CommandState:
    """Return where a command stands."""
    command = entry.runtime_data.engine.ledger.find(command_id)
    assert command is not None
    return command.state


def test_it_is_a_protocol_of_the_package_beside_the_others() -> None:
    assert KEY in PROTOCOLS.shipped
    assert {"paired_dispenser", "zigbee2mqtt"} <= PROTOCOLS.keys()


@pytest.mark.parametrize("language", sorted(NAMES))
async def test_its_entities_have_names(
    hass: HomeAssistant, sprayer: Sprayer, language: str
) -> None:
    hass.config.language = language
    names = NAMES[language]
    entry = await a_terrace(hass)
    await sprayer.says(level=80)

    found = {
        (entity.domain, str(entity.translation_key)): entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    for platform, key, name in (
        ("button", "spray", names["spray"]),
        ("number", "spray_seconds", names["seconds"]),
        ("sensor", "level", names["level"]),
        ("switch", "nozzle_light", names["light"]),
    ):
        called = attribute(hass, found[platform, key], "friendly_name")
        assert called.startswith("Terrace ")
        assert called.endswith(name)
    level = found["sensor", "level"]
    assert shown(hass, level) == "80"
    assert attribute(hass, level, "unit_of_measurement") == "%"
    kinds = await async_get_translations(hass, language, "selector", {DOMAIN})
    offered = (await descriptions(hass))["send_command"]["fields"]["kind"]
    assert offered["selector"]["select"]["options"] == ["set_light", "spray"]
    for kind in ("set_light", "spray"):
        assert kinds[f"component.{DOMAIN}.selector.kind.options.{kind}"] == names[kind]


async def test_an_order_is_sent_taken_and_done(
    hass: HomeAssistant, sprayer: Sprayer
) -> None:
    entry = await a_terrace(hass)
    await use(hass, "button.press", "button.terrace_node_a_spray")
    await settled(hass, entry.runtime_data)
    assert sprayer.sent() == []
    assert state_of(entry, 1) is CommandState.QUEUED

    await sprayer.says(level=80)
    await settled(hass, entry.runtime_data)
    assert sprayer.sent() == [{"id": 1, "do": "spray", "seconds": 5}]
    assert state_of(entry, 1) is CommandState.SENT

    await sprayer.says(id=1, state="taken")
    assert state_of(entry, 1) is CommandState.ACCEPTED
    await sprayer.says(id=1, state="done", level=75)
    await settled(hass, entry.runtime_data)
    assert state_of(entry, 1) is CommandState.SUCCEEDED
    assert attribute(hass, "event.terrace_command", "event_type") == "succeeded"


async def test_an_order_that_may_have_been_done_is_not_sent_again(
    hass: HomeAssistant, sprayer: Sprayer
) -> None:
    entry = await a_terrace(hass)
    await sprayer.says(level=80)
    await use(hass, "button.press", "button.terrace_node_a_spray")
    await settled(hass, entry.runtime_data)
    await hass.config_entries.async_reload(entry.entry_id)
    await sprayer.says(level=80)
    await settled(hass, entry.runtime_data)

    assert len(sprayer.sent()) == 1
    assert entry.runtime_data.engine.ledger.open[1].ever_sent


async def test_what_it_does_not_take_is_refused_in_words(
    hass: HomeAssistant, sprayer: Sprayer
) -> None:
    entry = await a_terrace(hass)
    act = actions_of(hass, entry, "a")
    with pytest.raises(ServiceValidationError, match="a whole number from 1 to 60"):
        await act("send_command", kind="spray", params={"seconds": 61})
    with pytest.raises(ServiceValidationError, match="know no such command: Feed"):
        await act("send_command", kind="feed", params={"portions": 1})

    assert not entry.runtime_data.engine.ledger.open
    assert sprayer.sent() == []


async def test_one_that_calls_in_is_adopted(
    hass: HomeAssistant, sprayer: Sprayer
) -> None:
    entry = await a_terrace(hass)
    await sprayer.says("b", hello=1)
    flow = await only_offer(hass).look()
    await flow.answer(name="Roses", tank=12)
    await hass.async_block_till_done()

    node = entry.subentries[nodes_of(entry)["b"]]
    assert (node.title, node.data["fields"]) == ("Roses", {"tank": 12})
    await use(hass, "switch.turn_on", "switch.terrace_roses_nozzle_light")
    await sprayer.says("b", level=10)
    await settled(hass, entry.runtime_data)
    assert sprayer.sent("b") == [{"id": 1, "do": "set_light", "on": True}]


async def test_its_diagnostics_say_how_it_stands(
    hass: HomeAssistant, sprayer: Sprayer
) -> None:
    entry = await a_terrace(hass)
    await sprayer.says(level=80)
    await use(hass, "button.press", "button.terrace_node_a_spray")
    await settled(hass, entry.runtime_data)

    told = json.loads(json.dumps(await async_get_config_entry_diagnostics(hass, entry)))
    assert told["entry"]["data"]["protocol"] == KEY
    assert told["nodes"]["a"]["readings"] == {"level": 80}
    assert [command["kind"] for command in told["commands"]] == ["spray"]
