"""The actions that pause the plan of a station, while the rest goes on."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, attribute, shown
from ..conftest import Disk
from ..nodes import settled
from ..planning.test_meals import (
    TUESDAY,
    act,
    berlin_time,
    fed,
    station,
    until as time_is,
    utc,
)

__all__ = ["act", "station"]

SWITCH = "switch.kitchen_dispatching"


def plan_pause(hass: HomeAssistant) -> tuple[bool, str | None, str | None]:
    """Return what is shown of the pause of the plan."""
    until = attribute(hass, SWITCH, "plan_paused_until")
    return (
        attribute(hass, SWITCH, "plan_paused"),
        None if until is None else until.isoformat(),
        attribute(hass, SWITCH, "plan_pause_reason"),
    )


async def test_a_pause_of_the_plan_skips_meals_and_sends_the_rest(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: MockConfigEntry,
    act: Act,
) -> None:
    await act("schedule", time="13:00", portions=1)
    answer = await act("pause", what="plan", until="2026-06-03 12:00", reason="Away")
    end = utc("2026-06-03T12:00")
    assert answer == {"paused": True, "until": end, "reason": "Away"}
    await hass.async_block_till_done()
    assert plan_pause(hass) == (True, end, "Away")
    assert shown(hass, SWITCH) == "on"
    (meal,) = (await act("get_schedule"))["meals"]
    assert [each["state"] for each in meal["occurrences"]][:2] == ["skipped", "due"]
    assert meal["next"] == utc("2026-06-03T13:00")

    await time_is(hass, freezer, berlin_time(f"{TUESDAY}T13:05"))
    await act("feed", portions=2)
    await settled(hass, station.runtime_data)
    commands = (await act("get_commands"))["commands"]
    assert [command["state"] for command in commands] == ["queued", "cancelled"]
    assert commands[1]["timeline"][-1]["cause"] == "skipped"

    await time_is(hass, freezer, berlin_time("2026-06-03T12:00:01"))
    await hass.async_block_till_done()
    assert plan_pause(hass) == (False, None, None)
    await time_is(hass, freezer, berlin_time("2026-06-03T13:00:01"))
    assert fed(station)[-1] == "2026-06-03T13:00"


async def test_it_lasts_over_a_reload_and_ends_when_somebody_resumes(
    hass: HomeAssistant, station: MockConfigEntry, act: Act
) -> None:
    answer = await act("schedule", time="13:00", portions=1)
    await act("pause", what="plan")
    await hass.config_entries.async_reload(station.entry_id)
    await hass.async_block_till_done()
    assert plan_pause(hass) == (True, None, None)
    (meal,) = (await act("get_schedule"))["meals"]
    assert meal["next"] is None
    assert meal["text"] == "The plan is paused without an end."
    none = {"paused": False, "until": None, "reason": None}
    assert await act("resume") == none, "of the station, which never paused"
    assert plan_pause(hass)[0] is True
    assert await act("resume", what="plan") == none
    await hass.async_block_till_done()
    assert plan_pause(hass)[0] is False
    (meal,) = (await act("get_schedule"))["meals"]
    assert meal["next"] == answer["next"]


async def test_a_pause_of_the_station_leaves_that_of_the_plan(
    hass: HomeAssistant, station: MockConfigEntry, act: Act
) -> None:
    await act("pause", what="plan", **{"for": {"days": 7}})
    week = dt_util.utcnow().timestamp() + 7 * 24 * 3600
    assert (await act("pause", what="station", reason="Repair"))["until"] is None
    await act("resume")
    pause = station.runtime_data.engine.ledger.plan_pause
    assert pause is not None
    assert pause.until == pytest.approx(week, abs=1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"what": "nodes"}, "invalid_choice"),
        ({"what": "plan", "for": 60, "until": "12:00"}, "for_or_until"),
        ({"what": "plan", "until": "2020-01-01 12:00"}, "invalid_until"),
    ],
)
async def test_what_is_no_pause_of_the_plan_is_refused(
    station: MockConfigEntry, act: Act, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("pause", **fields)
    assert refused.value.translation_key == code
    assert station.runtime_data.engine.ledger.plan_pause is None


async def test_a_pause_of_the_plan_that_cannot_be_stored_is_none(
    station: MockConfigEntry, act: Act, disk_full: Disk
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("pause", what="plan")
    assert station.runtime_data.engine.ledger.plan_pause is None


async def test_the_diagnostics_tell_both_pauses_without_their_reasons(
    hass: HomeAssistant, station: MockConfigEntry, act: Act
) -> None:
    await act("pause", what="plan", reason="Burglars welcome")
    told = await async_get_config_entry_diagnostics(hass, station)
    assert told["pause"] is None
    assert told["plan_pause"]["until"] is None
    assert "Burglars" not in str(told)
