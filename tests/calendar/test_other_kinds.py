"""The calendar of nodes of which nothing is planned more than anything else."""

from __future__ import annotations

from datetime import timedelta

from homeassistant.components.calendar import CalendarEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from ..calls import actions_of, attribute, calendar_events
from ..conftest import SetUp
from ..others import GARDEN, GLASSHOUSE, Station


@pytest.mark.parametrize(
    ("made", "calendar", "kind", "summary"),
    [
        (
            GLASSHOUSE,
            "calendar.glasshouse_plan",
            "refresh",
            "Noon: Ask for the configuration",
        ),
        (GARDEN, "calendar.garden_plan", "capture_image", "Noon: Capture an image"),
    ],
)
async def test_what_is_planned_by_the_action_is_shown_and_nothing_made_there(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    made: Station,
    calendar: str,
    kind: str,
    summary: str,
) -> None:
    act = actions_of(hass, await set_up(**made))
    features = attribute(hass, calendar, "supported_features")
    assert not features & CalendarEntityFeature.CREATE_EVENT
    assert features & CalendarEntityFeature.DELETE_EVENT
    await act("schedule", name="Noon", time="12:00", kind=kind)
    now = dt_util.now()
    events = await calendar_events(hass, calendar, now, now + timedelta(days=2))
    assert [event["summary"] for event in events] == 2 * [summary]
