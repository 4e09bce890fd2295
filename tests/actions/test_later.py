"""Feeds that are ordered for later: at which moment, what is told, what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.texts.commands import describe_command

from ..calls import Act, actions_of, all_ready, attribute, shown
from ..nodes import Nodes, pass_time, settled

WAITING_FOR = "sensor.kitchen_waiting_for"
STATUS = "sensor.kitchen_status"


NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "now", "given", "expected"),
    [
        ("UTC", "2026-06-02T12:00", "18:00", "2026-06-02T18:00"),
        ("UTC", "2026-06-02T12:00", "12:00:00", "2026-06-03T12:00"),
        ("UTC", "2026-06-02T12:00", "09:00:30", "2026-06-03T09:00:30"),
        (NEW_YORK, "2026-06-02T12:00", "2026-06-05 07:30", "2026-06-05T11:30"),
        (NEW_YORK, "2026-06-02T12:00", "2026-06-05T07:30+02:00", "2026-06-05T05:30"),
        # The hour that a clock skips: what it shows then first is 03:00.
        (BERLIN, "2026-03-28T20:00", "02:30", "2026-03-29T01:00"),
        (BERLIN, "2026-03-28T20:00", "2026-03-29 02:30:00", "2026-03-29T01:00"),
        # The hour that it shows twice: first, and once that is past the second time.
        (BERLIN, "2026-10-24T20:00", "02:30", "2026-10-25T00:30"),
        (BERLIN, "2026-10-25T00:45", "02:30", "2026-10-25T01:30"),
        (BERLIN, "2026-10-25T00:45", "2026-10-25 02:30:00", "2026-10-25T01:30"),
        # A week has seven days, however long they are.
        (BERLIN, "2026-10-20T10:00", "2026-10-27 11:00:00", "2026-10-27T10:00"),
    ],
)
async def test_it_is_for_a_moment_or_the_next_time_of_day(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    zone: str,
    now: str,
    given: Any,
    expected: str,
) -> None:
    await hass.config.async_set_time_zone(zone)
    freezer.move_to(f"{now}+00:00")
    answer = await actions_of(hass, kitchen)("feed", portions=1, at=given)

    moment = datetime.fromisoformat(f"{expected}+00:00")
    assert answer == {"command_id": 1, "state": "queued", "at": moment.isoformat()}
    assert coordinator.engine.ledger.open[1].not_before == moment.timestamp()


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"at": "soon"}, "invalid_at"),
        ({"at": ""}, "invalid_at"),
        ({"at": 7}, "invalid_at"),
        ({"at": "25:00"}, "invalid_at"),
        ({"at": "2026-02-30 12:00"}, "invalid_at"),
        ({"at": "2020-01-01 12:00"}, "invalid_at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "invalid_at"),
        ({"at": "9999-12-31T23:59:59-14:00"}, "invalid_at"),
        ({"at": ["18:00"]}, "invalid_at"),
        ({"at": "18:00", "wait": True}, "wait_or_at"),
    ],
)
async def test_what_is_no_moment_is_refused(
    act: Act, coordinator: DispatchCoordinator, fields: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=1, **fields)

    assert refused.value.translation_key == key
    assert not coordinator.engine.ledger.open


async def test_it_is_for_the_next_seven_days(
    freezer: FrozenDateTimeFactory, act: Act
) -> None:
    last = dt_util.utcnow() + timedelta(days=7)
    await act("feed", portions=1, at=last)

    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=1, at=last + timedelta(seconds=1))

    assert refused.value.translation_key == "invalid_at"


async def test_left_empty_it_is_for_now(act: Act) -> None:
    assert "at" not in await act("feed", portions=1, at=None)


async def test_it_says_what_it_waits_for_until_its_time_has_come(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    at = dt_util.now() + timedelta(seconds=50)
    answer = await act("feed", portions=2, at=at.isoformat())
    tomorrow = await act("feed", portions=1, at=at + timedelta(days=1))
    await settled(hass, coordinator)
    assert shown(hass, STATUS) == "idle"
    assert shown(hass, WAITING_FOR) == "not_yet"
    assert attribute(hass, WAITING_FOR, "text") == f"Due at {at:%H:%M}"
    assert attribute(hass, WAITING_FOR, "command_id") == answer["command_id"]
    assert attribute(hass, WAITING_FOR, "others") == 1
    told = await act("get_commands")
    later, sooner = told["commands"]
    until = dt_util.as_utc(at).isoformat()
    assert sooner["at"] == answer["at"] == until
    assert sooner["waiting_for"][0]["why"] == "not_yet"
    assert sooner["waiting_for"][0]["until"] == until
    assert later["command_id"] == tomorrow["command_id"]
    command = coordinator.engine.ledger.open[answer["command_id"]]
    assert describe_command(coordinator, command).endswith(f", for {at:%Y-%m-%d %H:%M}")
    assert nodes.sent("1") == []

    await pass_time(hass, freezer, 45)
    await nodes.ready()
    await pass_time(hass, freezer, 6)
    await settled(hass, coordinator)
    assert [one["queue_id"] for one in nodes.sent("1")] == [answer["command_id"]]
    day = at + timedelta(days=1)
    assert (
        attribute(hass, WAITING_FOR, "text") == f"Due on {day:%Y-%m-%d} at {day:%H:%M}"
    )


async def test_it_is_withdrawn_before_its_time(act: Act) -> None:
    answer = await act("feed", portions=1, at="18:00")
    cancelled = await act("cancel_command", command_id=answer["command_id"])

    assert cancelled == {**answer, "state": "cancelled"}


async def test_the_minimum_gap_is_told_in_whole_minutes(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(kitchen, options={"minimum_gap": 90})
    await hass.config_entries.async_reload(kitchen.entry_id)
    act, at = actions_of(hass, kitchen), dt_util.now() + timedelta(days=1)
    await act("feed", portions=1, at=at)
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=1, at=at + timedelta(seconds=80))

    assert refused.value.translation_key == "minimum_gap_planned"
    assert refused.value.translation_placeholders == {"minutes": "2"}
