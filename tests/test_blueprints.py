"""The blueprints: Home Assistant loads them, and they do what their names say."""

from __future__ import annotations

from pathlib import Path
import re
from typing import Any
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers.script import async_validate_action_config
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)
import yaml

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.protocols.greenhouse.channels import CHANNELS

from .automating import BLUEPRINTS, ROOT, automate, notified
from .automations.running import TAKES_CONDITIONS, TAKES_TRIGGERS
from .calls import Act, attribute, device_of, feed_in_doubt, shown
from .nodes import Nodes, pass_time, settled
from .nonempty import some
from .package import MANIFEST

OF_OUR_TRIGGERS = ("meal_not_fed", "node_not_ready")
needs_triggers = pytest.mark.skipif(
    not TAKES_TRIGGERS, reason="this core takes no triggers of integrations"
)
ANSWER = "mobile_app_notification_action"
COMMAND = "event.kitchen_command"


@pytest.fixture
def told(hass: HomeAssistant) -> list[ServiceCall]:
    """What a phone was notified of."""
    return notified(hass)


@pytest.fixture
async def asking(hass: HomeAssistant, kitchen: MockConfigEntry) -> None:
    """Somebody who wants to be asked, before anything has happened."""
    await automate(hass, "command_needs_you", command=COMMAND, notify="notify.notify")


@pytest.mark.parametrize("path", some(BLUEPRINTS), ids=lambda path: path.stem)
def test_home_assistant_takes_it_and_the_readme_links_to_it(path: Path) -> None:
    from homeassistant.components.automation.config import (
        AUTOMATION_BLUEPRINT_SCHEMA,
    )

    blueprint = Blueprint(
        load_yaml_dict(str(path)),
        expected_domain=AUTOMATION,
        path=path.name,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    head = blueprint.metadata
    needs = "2026.10.0" if path.stem in OF_OUR_TRIGGERS else "2025.4.0"
    assert head["homeassistant"]["min_version"] == needs
    takes_it = TAKES_TRIGGERS or path.stem not in OF_OUR_TRIGGERS
    assert (blueprint.validate() is None) is takes_it
    for name, asked in some(blueprint.inputs.items()):
        assert asked["name"], name
        assert asked["selector"], name
    source = head["source_url"]
    assert source.startswith(MANIFEST["documentation"].rstrip("/"))
    assert source.endswith(path.relative_to(ROOT).as_posix())
    link = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
    assert link + quote(source, safe="") in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("succeeded", CommandState.SUCCEEDED),
        ("failed", CommandState.FAILED),
        ("resend", None),
    ],
)
async def test_a_command_that_needs_somebody_is_settled_on_a_phone(
    hass: HomeAssistant,
    told: list[ServiceCall],
    asking: None,
    in_doubt: int,
    *,
    answer: str,
    state: CommandState | None,
) -> None:
    (asked,) = told
    assert asked.data["title"] == f"Kitchen: feed (#{in_doubt})"
    (chosen,) = (
        one["action"]
        for one in asked.data["data"]["actions"]
        if one["action"].endswith(f"/{answer}")
    )
    assert len(asked.data["data"]["actions"]) == 3

    (kitchen,) = hass.config_entries.async_entries(DOMAIN)
    hass.bus.async_fire(ANSWER, {"action": "somebody else's"})
    hass.bus.async_fire(
        ANSWER, {"action": chosen.replace(device_of(hass, kitchen), "x")}
    )
    await hass.async_block_till_done()
    station = kitchen.runtime_data
    assert station.engine.ledger.find(in_doubt).state is CommandState.UNCONFIRMED

    hass.bus.async_fire(ANSWER, {"action": chosen})
    await hass.async_block_till_done()
    await settled(hass, station)
    found = station.engine.ledger.find(in_doubt).state
    assert found is not CommandState.UNCONFIRMED
    assert state in (None, found)
    cleared = told[-1].data
    assert cleared["message"] == "clear_notification"
    assert cleared["data"]["tag"] == asked.data["data"]["tag"]


async def test_an_old_command_is_not_told_of_again_and_a_disabled_station_is_silent(
    hass: HomeAssistant,
    told: list[ServiceCall],
    asking: None,
    in_doubt: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert len(told) == 1
    told.clear()
    (kitchen,) = hass.config_entries.async_entries(DOMAIN)

    assert await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert attribute(hass, COMMAND, "event_type") == "unconfirmed"
    await hass.config_entries.async_set_disabled_by(
        kitchen.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert told == []
    assert "Error" not in caplog.text


async def test_a_command_that_failed_is_told_of_where_that_is_wanted(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    told: list[ServiceCall],
    asking: None,
) -> None:
    await hass.services.async_call(
        "mqtt_dispatch",
        "feed",
        {"device_id": device_of(hass, kitchen), "portions": 1, "expires_in": 10},
        blocking=True,
    )
    await pass_time(hass, freezer, 11)
    await settled(hass, kitchen.runtime_data)
    await hass.async_block_till_done()

    (said,) = told
    assert said.data["message"] == "expired"


@pytest.mark.parametrize(
    ("last_fed", "said"),
    [
        ("2026-05-28T13:00:00+00:00", "not fed since 05:00"),  # at 06:00 there
        ("2026-05-28T11:00:00+00:00", "not fed since 05:00"),  # at 04:00 there
        ("unavailable", "nobody knows when it was fed"),
        (None, None),
    ],
)
async def test_somebody_is_told_of_a_meal_that_was_not_fed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    told: list[ServiceCall],
    *,
    last_fed: str | None,
    said: str | None,
) -> None:
    await automate(hass, "not_fed", last_fed="sensor.kitchen_last_fed", by="15:00:00")
    if last_fed is None:
        hass.states.async_remove("sensor.kitchen_last_fed")
    else:
        hass.states.async_set("sensor.kitchen_last_fed", last_fed)
    await pass_time(hass, freezer, 3600)

    fed = last_fed is not None and last_fed.startswith("2026-05-28T13")
    expected = [] if said is None or fed else [f"Kitchen: {said}"]
    assert [call.data["message"] for call in told] == expected


async def test_what_is_low_is_told_of_at_once_and_each_day_but_not_on_a_reload(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    told: list[ServiceCall],
) -> None:
    await automate(
        hass,
        "low_food_or_battery",
        levels=["sensor.food", "sensor.battery"],
        problems=["binary_sensor.jam"],
        daily="18:00:00",
    )

    async def become(entity_id: str, state: str) -> list[str]:
        told.clear()
        named = {"friendly_name": entity_id.partition(".")[2].title()}
        hass.states.async_set(entity_id, state, named)
        await hass.async_block_till_done()
        return [call.data["message"] for call in told]

    assert await become("sensor.food", "60") == []
    assert await become("sensor.food", "19") == ["Food: 19"]
    assert await become("sensor.food", "18") == []
    assert await become("sensor.food", "unavailable") == []
    assert await become("sensor.food", "18") == []
    assert await become("binary_sensor.jam", "off") == []
    assert await become("binary_sensor.jam", "on") == ["Jam: problem"]
    assert await become("sensor.battery", "80") == []

    told.clear()
    await pass_time(hass, freezer, 4 * 3600)
    assert [call.data["message"] for call in told] == ["Food: 18, Jam: problem"]


@needs_triggers
async def test_a_meal_that_was_not_fed_is_told_of(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    told: list[ServiceCall],
    act: Act,
) -> None:
    station = {"device_id": device_of(hass, kitchen)}
    await automate(hass, "meal_not_fed", stations=station)
    await act("schedule", name="Tea", time="14:01", portions=2)
    for seconds in (61, 3601):
        await pass_time(hass, freezer, seconds)
        await settled(hass, kitchen.runtime_data)
    await hass.async_block_till_done()
    (said,) = told
    assert said.data["message"] == (
        "Kitchen: expired. Tea: 2 portions (#2), planned at 14:01"
    )


@needs_triggers
async def test_a_feed_in_doubt_is_told_of(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    told: list[ServiceCall],
) -> None:
    station = {"entity_id": COMMAND}
    await automate(hass, "meal_not_fed", stations=station)
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    await hass.async_block_till_done()
    (said,) = told
    assert said.data["message"].startswith(
        f"Kitchen: unconfirmed. Feed: 2 portions (#{command_id})"
    )


@needs_triggers
async def test_a_node_that_is_not_ready_is_told_of_with_the_reason(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    told: list[ServiceCall],
) -> None:
    node = {"device_id": device_of(hass, kitchen, "2")}
    longest = {"minutes": 5}
    await automate(hass, "node_not_ready", stations=node, longest=longest)
    await pass_time(hass, freezer, 301)
    (said,) = told
    assert said.data["message"].startswith("Kitchen: Node 2: ")


async def test_nothing_need_be_watched(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, told: list[ServiceCall]
) -> None:
    await automate(hass, "low_food_or_battery", problems=["binary_sensor.jam"])
    await pass_time(hass, freezer, 4 * 3600)
    assert told == []


def examples() -> list[Any]:
    """Return what the pages say in YAML, each with where it stands."""
    return [
        pytest.param(block, id=f"{page.name}-{number}")
        for page in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
        for number, block in enumerate(
            re.findall(
                r"^```yaml\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE
            )
        )
    ]


@pytest.mark.parametrize("text", some(examples()))
async def test_what_the_pages_show_is_what_home_assistant_takes(
    hass: HomeAssistant, kitchen: MockConfigEntry, text: str
) -> None:
    shown_there = yaml.safe_load(text)
    if isinstance(shown_there, list):
        # What a greenhouse node is given, in a form.
        assert CHANNELS.check("channels", shown_there)
    elif "triggers" in shown_there:
        # Nobody is told anything by hand: blueprints know what was told before.
        assert "notify" not in text
        if "trigger: mqtt_dispatch." in text and not TAKES_TRIGGERS:
            pytest.skip("this core takes no triggers of integrations")
        if "condition: mqtt_dispatch." in text and not TAKES_CONDITIONS:
            pytest.skip("this core takes no conditions of integrations")
        made = {"alias": "shown", **shown_there}
        assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: [made]})
        assert shown(hass, "automation.shown") == "on"
    elif "lovelace" in shown_there or "type" in shown_there:
        # Of a dashboard, which Home Assistant itself takes whatever it is.
        assert "mqtt-dispatch-card" in text
    else:
        assert await async_validate_action_config(hass, shown_there)
    for action in our_actions(shown_there):
        described = (await async_get_all_descriptions(hass))[DOMAIN]
        takes = described[action["action"].partition(".")[2]]
        assert set(action["data"]) <= set(takes["fields"])
        assert ("target" in action) is ("target" in takes)


def our_actions(shown_there: Any) -> list[dict[str, Any]]:
    """Return the actions of ours in an example, wherever they stand in it."""
    if isinstance(shown_there, list):
        return [action for one in shown_there for action in our_actions(one)]
    if not isinstance(shown_there, dict):
        return []
    found = our_actions(list(shown_there.values()))
    if str(shown_there.get("action")).startswith(f"{DOMAIN}."):
        found.append(shown_there)
    return found
