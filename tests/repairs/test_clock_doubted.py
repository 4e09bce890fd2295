"""A clock that is behind what is stored: asked about, and believed by a person."""

from __future__ import annotations

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch import clock
from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.clock import Now

from ..calls import actions_of
from ..nodes import Nodes, pass_time, settled
from ..repairing import Person, issues, keys

DAY = 86_400.0


async def behind(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, kitchen: MockConfigEntry
) -> None:
    """Start the station anew, with a clock that is ten days behind."""
    await hass.config.async_set_time_zone("UTC")
    freezer.tick(10 * DAY)
    await actions_of(hass, kitchen)("feed", portions=1)
    await hass.config_entries.async_unload(kitchen.entry_id)
    freezer.tick(-10 * DAY)
    await hass.config_entries.async_setup(kitchen.entry_id)
    await settled(hass, kitchen.runtime_data)


async def test_it_is_asked_about_when_it_has_stood_for_a_while(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
) -> None:
    began = dt_util.utcnow()
    await behind(hass, freezer, kitchen)
    assert keys(hass) == []

    await pass_time(hass, freezer, 301.0)
    (issue,) = issues(hass)
    assert issue.translation_key == "clock_doubted"
    assert issue.severity is ir.IssueSeverity.ERROR
    form = await person.opens(issue)
    assert form["description_placeholders"] == {
        "station": "Kitchen",
        "now": f"{dt_util.utcnow():%Y-%m-%d %H:%M}",
        "before": f"{began + timedelta(days=10):%Y-%m-%d %H:%M}",
    }

    assert (await person.submits(form))["type"] == "create_entry"
    await settled(hass, kitchen.runtime_data)
    assert keys(hass) == []
    assert kitchen.runtime_data.engine.clock.plausible
    snapshot, _ = await kitchen.runtime_data.store.async_load()
    assert snapshot.believed_at <= dt_util.utcnow().timestamp()


async def test_it_is_asked_about_no_more_when_it_is_set_right(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await behind(hass, freezer, kitchen)
    await pass_time(hass, freezer, 301.0)
    form = await person.opens(issues(hass)[0])
    set_right = Now(clock.now().wall + 10 * DAY, clock.now().steady)
    monkeypatch.setattr(clock.LoopClock, "now", lambda _: set_right)
    await nodes.ready()
    await settled(hass, kitchen.runtime_data)

    assert keys(hass) == []
    answer = await person.submits(form)
    assert (answer["type"], answer["reason"]) == ("abort", "already_settled")


@pytest.mark.usefixtures("nodes")
async def test_a_station_that_is_not_loaded_cannot_be_told_that_it_is_right(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    person: Person,
) -> None:
    await behind(hass, freezer, kitchen)
    await pass_time(hass, freezer, 301.0)
    (issue,) = issues(hass)
    form = await person.opens(issue)
    await hass.config_entries.async_unload(kitchen.entry_id)
    ir.async_get(hass).issues[DOMAIN, issue.issue_id] = issue

    answers = await person.submits(form), await person.opens(issue)

    assert [answer["reason"] for answer in answers] == ["station_not_loaded"] * 2
