"""An owner describes a device himself: his file is all that it takes."""

from __future__ import annotations

from collections.abc import Iterator
import errno
import json
import os
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest

from custom_components import mqtt_dispatch
from custom_components.mqtt_dispatch.const import CONF_FIELDS, DOMAIN
from custom_components.mqtt_dispatch.flows.proposal_flow import PROPOSAL
from custom_components.mqtt_dispatch.owned_profiles import MOST_FILES
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Protocol
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read

from . import forms
from .calls import actions_of, use
from .conftest import SetUp, station_entry
from .nodes import Player, settled
from .package import OF_OWNERS

PAGE = (Path(__file__).parents[1] / "docs" / "profiles.md").read_text(encoding="utf-8")
EXAMPLES = {
    json.loads(text)["profile"]: text
    for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
}
PUMP: dict[str, Any] = {
    "title": "Shed",
    "protocol": "example_button",
    "prefix": "home",
    "nodes": {"well": {CONF_FIELDS: {"model": "pump"}}},
}


@pytest.fixture
def folder(hass: HomeAssistant) -> Iterator[Path]:
    """Where an owner puts his profiles; what he put there is forgotten afterwards."""
    folder = Path(hass.config.path(DOMAIN, "profiles"))
    folder.mkdir(parents=True)
    yield folder
    PROTOCOLS.set_own({})


@pytest.fixture
def button(folder: Path) -> Path:
    """The file of a pump behind a button."""
    file = folder / "example_button.json"
    file.write_text(EXAMPLES["example_button"], encoding="utf-8")
    return file


def issues(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return what is said of each file that is refused, by its name."""
    return {
        issue_id.removeprefix("profile_refused_"): dict(
            issue.translation_placeholders or {}
        )
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue_id.startswith("profile_refused_")
    }


def protocols_offered(form: forms.Filled) -> set[str]:
    (selector,) = (
        selector
        for field, selector in form.result["data_schema"].schema.items()
        if field == "protocol"
    )
    return {option["value"] for option in selector.config["options"]} - {PROPOSAL}


async def test_a_device_of_the_owner_is_ordered_through_its_profile(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path
) -> None:
    entry: Any = await set_up(**PUMP)
    node = Player(hass, mqtt_mock)
    await node.publish("well/status", "online")

    act = actions_of(hass, entry, "well")
    await act("send_command", kind="run_pump")
    await settled(hass, entry.runtime_data)

    assert node.published("well/button/pump/command") == ["PRESS"]


async def test_a_button_of_the_owner_has_a_name_and_orders(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path
) -> None:
    entry: Any = await set_up(**PUMP)
    node = Player(hass, mqtt_mock)
    await node.publish("well/status", "online")
    (pressed,) = (
        each.entity_id
        for each in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if each.domain == "button" and each.unique_id.endswith("_run")
    )
    state = hass.states.get(pressed)
    assert state is not None
    assert state.name == "Shed Node well Run"

    await use(hass, "button.press", pressed)
    await settled(hass, entry.runtime_data)

    assert node.published("well/button/pump/command") == ["PRESS"]


async def test_what_an_owner_calls_his_own_way_has_its_name(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path
) -> None:
    """The words of the wire stand where no language has words for them."""
    described = json.loads(EXAMPLES["example_button"])
    pump = described["models"]["pump"]
    described["kinds"]["sing"] = {"class": "once", "told": "done"}
    pump["kinds"]["run_pump"] |= {
        "params": {"seconds": {"whole": [1, 60]}},
        "lasts": "seconds",
    }
    pump["kinds"]["sing"] = {
        "params": {"volume": {"whole": [1, 9]}},
        "steps": [{"topic": "{node}/sing", "payload": {"$": "volume"}}],
    }
    pump["handled"]["run"]["amount"] = "seconds"
    pump["handled"]["bird"] = {"as": "button", "press": "sing", "amount": "volume"}
    button.write_text(json.dumps(described))

    entry: Any = await set_up(**PUMP)

    named = {
        (each.domain, each.translation_key)
        for each in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    assert named >= {*OF_OWNERS}
    names = {state.name for state in hass.states.async_all(["button", "number"])}
    assert {
        "Shed Node well Bird",
        "Shed Node well Bird amount",
        "Shed Node well Run",
        "Shed Node well Run run time",
    } <= names


async def test_a_station_is_added_with_a_profile_that_was_just_put_there(
    hass: HomeAssistant, mqtt_mock: Any, folder: Path
) -> None:
    form = await forms.new_station(hass)
    assert "example_button" not in protocols_offered(form)
    (folder / "mine.json").write_text(EXAMPLES["example_button"], encoding="utf-8")

    form = await forms.new_station(hass)

    assert "example_button" in protocols_offered(form)
    assert form.result["description_placeholders"] == {"refused": ""}
    await form.answer(name="Shed", protocol="example_button")
    assert form.result["step_id"] == "station"


async def test_a_wrong_profile_is_refused_with_its_line_and_harms_no_other(
    hass: HomeAssistant, mqtt_mock: Any, button: Path
) -> None:
    wrong = EXAMPLES["example_feeder"].replace('"maker": "Example",', '"maker": 7,')
    (button.parent / "feeder.json").write_text(wrong, encoding="utf-8")

    form = await forms.new_station(hass)

    assert {"example_button"} == protocols_offered(form) - PROTOCOLS.shipped.keys()
    assert (
        "`feeder.json`, line 4: " in form.result["description_placeholders"]["refused"]
    )
    (told,) = issues(hass).values()
    assert told["file"] == "mqtt_dispatch/profiles/feeder.json"
    assert told["line"] == "4"

    (button.parent / "feeder.json").write_text(EXAMPLES["example_feeder"])
    form = await forms.new_station(hass)
    assert issues(hass) == {}
    assert "example_feeder" in protocols_offered(form)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (b"zigbee2mqtt", "another profile 'zigbee2mqtt'"),
        (b"example_button", "another profile 'example_button'"),
        ("ü".encode("latin-1"), "UTF-8"),
    ],
    ids=["taken", "twice", "latin"],
)
async def test_what_cannot_be_taken_is_said(
    hass: HomeAssistant, mqtt_mock: Any, button: Path, name: bytes, why: str
) -> None:
    text = EXAMPLES["example_button"].encode()
    text = text.replace(b'"example_button"', b'"' + name + b'"')
    (button.parent / "second.json").write_bytes(text)

    await forms.new_station(hass)

    assert why in issues(hass)["second.json"]["reason"]
    assert PROTOCOLS["zigbee2mqtt"] is PROTOCOLS.shipped["zigbee2mqtt"]


async def test_a_file_that_cannot_be_read_is_said_and_then_forgotten(
    hass: HomeAssistant, mqtt_mock: Any, folder: Path
) -> None:
    (folder / "folder.json").mkdir()
    await forms.new_station(hass)
    assert issues(hass)["folder.json"]["reason"] == "`no plain file`"

    (folder / "folder.json").rmdir()
    await forms.new_station(hass)
    assert issues(hass) == {}


async def test_a_pipe_that_never_ends_holds_nothing_up(
    hass: HomeAssistant, mqtt_mock: Any, folder: Path
) -> None:
    os.mkfifo(folder / "pipe.json")

    await forms.new_station(hass)

    assert issues(hass)["pipe.json"]["reason"] == "`no plain file`"


async def test_a_file_that_may_not_be_read_says_so(
    hass: HomeAssistant, mqtt_mock: Any, button: Path
) -> None:
    denied = OSError(errno.EACCES, os.strerror(errno.EACCES))
    with patch.object(Path, "open", side_effect=denied):
        await forms.new_station(hass)

    assert issues(hass)["example_button.json"]["reason"] == "`Permission denied`"


async def test_a_mark_at_the_beginning_of_a_file_is_no_part_of_it(
    hass: HomeAssistant, mqtt_mock: Any, button: Path
) -> None:
    button.write_text(EXAMPLES["example_button"], encoding="utf-8-sig")

    form = await forms.new_station(hass)

    assert "example_button" in protocols_offered(form)


@pytest.mark.parametrize("name", ["a_new.json", "z_new.json"])
async def test_a_right_file_outweighs_a_wrong_one_that_was_called_the_same(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path, name: str
) -> None:
    entry: Any = await set_up(**PUMP)
    button.write_text("{")
    mended = EXAMPLES["example_button"].replace("run_pump", "stop_pump")
    (button.parent / name).write_text(mended)

    assert await hass.config_entries.async_reload(entry.entry_id)

    assert set(spoken(entry).kinds) == {"stop_pump"}
    assert list(issues(hass)) == ["example_button.json"]


async def test_a_twin_is_taken_once_it_is_the_only_one(
    hass: HomeAssistant, mqtt_mock: Any, button: Path
) -> None:
    (button.parent / "twin.json").write_text(EXAMPLES["example_button"])
    await forms.new_station(hass)
    assert list(issues(hass)) == ["twin.json"]

    button.unlink()
    form = await forms.new_station(hass)

    assert issues(hass) == {}
    assert "example_button" in protocols_offered(form)


async def test_a_profile_that_goes_while_it_is_chosen_is_said(
    hass: HomeAssistant, mqtt_mock: Any, button: Path
) -> None:
    form = await forms.new_station(hass)
    button.unlink()

    await form.answer(name="Shed", protocol="example_button")

    assert form.errors == {"protocol": "profile_gone"}


async def test_no_node_is_offered_at_a_station_without_its_profile(
    hass: HomeAssistant, orphan: Any
) -> None:
    called_in = await forms.node_called_in(hass, orphan.entry_id, "pond")

    assert called_in.aborted == "profile_missing"


async def test_an_offer_ends_with_the_profile_of_its_station(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path
) -> None:
    entry: Any = await set_up(**PUMP)
    offered = await forms.node_called_in(hass, entry.entry_id, "pond")
    button.unlink()
    await hass.config_entries.async_reload(entry.entry_id)

    await offered.look()

    assert offered.aborted == "profile_missing"


async def test_a_profile_that_changes_while_its_station_is_set_up_is_taken_up(
    hass: HomeAssistant, mqtt_mock: Any, button: Path
) -> None:
    entry: Any = station_entry(**PUMP)
    entry.add_to_hass(hass)
    show = f"{mqtt_dispatch.__name__}.async_welcome_nodes"

    async def change(_coordinator: object) -> None:
        """Have it changed, and read for somebody else."""

    def read_meanwhile(coordinator: Any) -> Any:
        text = EXAMPLES["example_button"].replace("run_pump", "stop_pump")
        PROTOCOLS.set_own({"example_button": protocol_of(read(text))})
        button.write_text(text)
        return change(coordinator)

    with patch(show, read_meanwhile):
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    assert entry.state is ConfigEntryState.LOADED
    assert set(spoken(entry).kinds) == {"stop_pump"}


async def test_no_more_files_are_read_than_anybody_needs(
    hass: HomeAssistant, mqtt_mock: Any, folder: Path
) -> None:
    for number in range(MOST_FILES + 1):
        (folder / f"{number:03}.json").write_text("{}")

    await forms.new_station(hass)

    assert len(issues(hass)) == MOST_FILES


def spoken(entry: Any) -> Protocol:
    protocol: Protocol = entry.runtime_data.protocol
    return protocol


async def test_a_changed_profile_is_there_after_a_reload_at_all_its_stations(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path
) -> None:
    first: Any = await set_up(**PUMP)
    second: Any = await set_up(**{**PUMP, "title": "Barn", "prefix": "barn"})
    kitchen: Any = await set_up()
    speaks = spoken(kitchen)
    old = spoken(first)
    assert spoken(second) is old
    button.write_text(EXAMPLES["example_button"].replace("run_pump", "stop_pump"))

    assert await hass.config_entries.async_reload(first.entry_id)
    await hass.async_block_till_done()

    assert set(spoken(first).kinds) == {"stop_pump"}
    assert spoken(second) is spoken(first)
    assert spoken(kitchen) is speaks


async def test_what_is_spoken_goes_on_while_its_profile_is_wrong(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, button: Path
) -> None:
    entry: Any = await set_up(**PUMP)
    old = spoken(entry)
    button.write_text("{")

    assert await hass.config_entries.async_reload(entry.entry_id)

    assert spoken(entry) is old
    assert list(issues(hass)) == ["example_button.json"]


@pytest.fixture
async def orphan(hass: HomeAssistant, mqtt_mock: Any) -> Any:
    """A station whose profile is not there."""
    entry = station_entry(**PUMP)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_a_station_without_its_profile_says_what_is_missing(
    hass: HomeAssistant, orphan: Any, hass_ws_client: Any
) -> None:
    assert orphan.state is ConfigEntryState.SETUP_ERROR
    assert orphan.error_reason_translation_key == "profile_missing"
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "mqtt_dispatch/stations"})
    answer = await client.receive_json()
    assert answer["success"], "no other station suffers from it"


async def test_no_form_changes_a_station_without_its_profile(
    hass: HomeAssistant, orphan: Any
) -> None:
    subentries = hass.config_entries.subentries
    (node,) = orphan.subentries
    results = [
        await hass.config_entries.options.async_init(orphan.entry_id),
        await orphan.start_reconfigure_flow(hass),
        await subentries.async_init(
            (orphan.entry_id, "node"),
            context={"source": "reconfigure", "subentry_id": node},
        ),
        await subentries.async_init(
            (orphan.entry_id, "node"), context={"source": "user"}
        ),
    ]

    assert [result.get("reason") for result in results] == ["profile_missing"] * 4


async def test_it_is_set_up_once_its_profile_is_back(
    hass: HomeAssistant, orphan: Any, folder: Path
) -> None:
    (folder / "any.json").write_text(EXAMPLES["example_button"], encoding="utf-8")

    assert await hass.config_entries.async_reload(orphan.entry_id)

    assert orphan.state is ConfigEntryState.LOADED


def test_no_protocol_of_an_owner_takes_the_place_of_one_of_the_package() -> None:
    petnet = PROTOCOLS["petnet"]
    with pytest.raises(ValueError, match="petnet"):
        PROTOCOLS.set_own({"petnet": petnet})
