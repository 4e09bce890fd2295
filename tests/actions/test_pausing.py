"""The actions that pause a station, let it go on, and empty its queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, actions_of, all_ready, attribute, call, device_of, shown
from ..conftest import Disk
from ..nodes import Nodes, pass_time, settled
from ..people import a_user, as_user

SWITCH = "switch.kitchen_dispatching"


def paused_until(hass: HomeAssistant) -> datetime | None:
    until: datetime | None = attribute(hass, SWITCH, "paused_until")
    return until


@pytest.mark.parametrize(
    "lasts", [600, "600", "00:10:00", {"minutes": 10}, {"seconds": 600}]
)
async def test_a_pause_is_shown_with_its_end_and_its_reason_and_ends(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    lasts: Any,
) -> None:
    await all_ready(hass, freezer, nodes)
    until = dt_util.utcnow() + timedelta(seconds=600)
    answer = await act("pause", reason="Guests", **{"for": lasts})
    await hass.async_block_till_done()
    told = dt_util.parse_datetime(answer["until"])
    assert told is not None
    assert abs(told - until) < timedelta(seconds=1)
    assert (answer["paused"], answer["reason"]) == (True, "Guests")
    assert shown(hass, SWITCH) == "off"
    assert paused_until(hass) == told
    assert attribute(hass, SWITCH, "pause_reason") == "Guests"

    await act("feed", portions=1)
    await settled(hass, coordinator)
    moment = dt_util.as_local(told)
    assert waiting(hass) == f"Paused until {moment:%Y-%m-%d %H:%M}: Guests"
    await pass_time(hass, freezer, 590)
    assert nodes.sent("1") == []
    await nodes.ready()
    await pass_time(hass, freezer, 11)
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    await settled(hass, coordinator)
    assert shown(hass, SWITCH) == "on"
    assert paused_until(hass) is attribute(hass, SWITCH, "pause_reason") is None
    assert len(nodes.sent("1")) == 1


def waiting(hass: HomeAssistant) -> str:
    """Return the sentence that says what is waited for."""
    state = hass.states.get("sensor.kitchen_waiting_for")
    assert state is not None
    text: str = state.attributes.get("text", state.state)
    return text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("18:00", "2026-06-02T18:00"),
        ("18:00:30", "2026-06-02T18:00:30"),
        ("09:00", "2026-06-03T09:00"),
        ("2026-06-05 07:30", "2026-06-05T07:30"),
        ("2026-06-05T07:30:00+00:00", "2026-06-05T07:30"),
        (datetime(2026, 6, 5, 7, 30, tzinfo=UTC), "2026-06-05T07:30"),
    ],
)
async def test_the_end_is_a_moment_or_the_next_time_of_day(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    given: Any,
    expected: str,
) -> None:
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-06-02T12:00:00+00:00")
    answer = await actions_of(hass, kitchen)("pause", until=given)

    assert answer == {
        "paused": True,
        "until": datetime.fromisoformat(expected + "+00:00").isoformat(),
        "reason": None,
    }


async def test_the_end_in_the_hour_that_a_clock_skips_is_its_end(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, kitchen: MockConfigEntry
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-03-28T20:00:00+00:00")
    answer = await actions_of(hass, kitchen)("pause", until="02:30")

    assert answer["until"] == "2026-03-29T01:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"for": "soon"}, "invalid_duration"),
        ({"for": 0}, "invalid_duration"),
        ({"for": -5}, "invalid_duration"),
        ({"for": {"days": 400}}, "invalid_duration"),
        ({"for": {"days": 10**12}}, "invalid_duration"),
        ({"for": 1e300}, "invalid_duration"),
        ({"for": "inf"}, "invalid_duration"),
        ({"until": "soon"}, "invalid_until"),
        ({"until": "2020-01-01 12:00"}, "invalid_until"),
        ({"until": "2026-02-30 12:00"}, "invalid_until"),
        ({"until": "25:00"}, "invalid_until"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "invalid_until"),
        ({"until": "2100-01-01 12:00"}, "invalid_until"),
        ({"for": 60, "until": "12:00"}, "for_or_until"),
        ({"reason": "x" * 256}, "invalid_reason"),
        ({"reason": "one\ntwo"}, "invalid_reason"),
        ({"reason": 7}, "invalid_reason"),
    ],
)
async def test_what_is_no_pause_is_refused(
    act: Act, coordinator: DispatchCoordinator, fields: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("pause", **fields)

    assert refused.value.translation_key == key
    assert coordinator.engine.ledger.dispatching


async def test_the_switch_and_the_actions_are_one_fact(
    hass: HomeAssistant, act: Act, coordinator: DispatchCoordinator
) -> None:
    await act("pause", **{"for": 600}, reason="Guests")
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": SWITCH}, blocking=True
    )
    assert coordinator.engine.ledger.pause is None
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": SWITCH}, blocking=True
    )
    assert shown(hass, SWITCH) == "off"
    assert paused_until(hass) is None

    answer = await act("resume")
    await hass.async_block_till_done()
    assert answer == {"paused": False, "until": None, "reason": None}
    assert shown(hass, SWITCH) == "on"


async def test_end_and_reason_survive_a_reload(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    await act("pause", **{"for": 600}, reason="Guests")
    await hass.async_block_till_done()
    until = paused_until(hass)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()

    assert shown(hass, SWITCH) == "off"
    assert paused_until(hass) == until
    assert attribute(hass, SWITCH, "pause_reason") == "Guests"


async def test_a_pause_that_cannot_be_stored_is_none(
    act: Act, coordinator: DispatchCoordinator, disk_full: Disk
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("pause")

    assert coordinator.engine.ledger.dispatching


async def test_a_queue_is_emptied_in_the_name_of_who_does_it(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    sent = (await act("feed", portions=1))["command_id"]
    await settled(hass, coordinator)
    waiting = [(await act("feed", portions=1))["command_id"] for _ in range(3)]
    user = await a_user(hass, GROUP_ID_USER, name="Anna")
    answer = await call(hass, "cancel_all", device_of(hass, kitchen), as_user(user))

    assert answer == {
        "withdrawn": 3,
        "command_ids": waiting,
        "kept": [{"command_id": sent, "kind": "feed", "reason": "already_sent"}],
    }
    told = await act("get_commands", state="cancelled")
    assert [one["command_id"] for one in told["commands"]] == waiting[::-1]
    assert {one["timeline"][-1]["detail"] for one in told["commands"]} == {"Anna"}
    assert (await act("cancel_all"))["withdrawn"] == 0


async def test_an_emptied_queue_that_cannot_be_stored_is_told(
    act: Act, disk_full: Disk
) -> None:
    await act("feed", portions=1)
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("cancel_all")
