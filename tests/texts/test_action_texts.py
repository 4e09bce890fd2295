"""Each action is described as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import selector
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.mqtt_dispatch.actions import WHAT_PLAN, WHAT_STATION
from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, IfMissed, Sun
from custom_components.mqtt_dispatch.flows.proposal_flow import PROPOSAL
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.fields import Whole
from tests.nonempty import some

from ..calls import descriptions
from ..package import EN, ICONS, SERVICES

TARGET = {str(field) for field in cv.ENTITY_SERVICE_FIELDS}


async def test_every_action_is_described_and_every_description_is_an_action(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    registered = hass.services.async_services_for_domain(DOMAIN)
    assert set(registered) == {
        "feed",
        "schedule",
        "unschedule",
        "skip_meal",
        "unskip_meal",
        "get_schedule",
        "reboot",
        "open_valve",
        "send_command",
        "cancel_command",
        "resolve_command",
        "finish_command",
        "cancel_all",
        "pause",
        "resume",
        "get_commands",
        "get_metrics",
        "export_history",
    }
    assert set(registered) == set(SERVICES) == set(EN["services"])
    assert set(registered) == set(ICONS["services"])
    described = await descriptions(hass)
    for name, service in registered.items():
        assert isinstance(service.schema, vol.Schema)
        fields = {str(field) for field in service.schema.schema}
        if "target" in SERVICES[name]:
            assert fields >= TARGET, name
            fields -= TARGET
        required = {
            str(field)
            for field in service.schema.schema
            if type(field).__name__ == "Required"
        }
        assert fields == set(SERVICES[name].get("fields", ())), name
        assert fields == set(EN["services"][name].get("fields", ())), name
        assert fields == set(described[name]["fields"]), name
        assert required == {
            field
            for field, about in SERVICES[name].get("fields", {}).items()
            if about.get("required")
        }, name


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for action, about in SERVICES.items():
        for field, description in about.get("fields", {}).items():
            yield action, field, description


def test_every_selector_is_one_that_home_assistant_knows() -> None:
    for action, field, about in some(fields()):
        assert selector(about["selector"]), (action, field)


def test_what_is_chosen_from_a_list_has_its_texts() -> None:
    lists: dict[str, list[str]] = {
        "weekdays": list(WEEKDAYS),
        "sun": [sun.value for sun in Sun],
        "if_missed": [each.value for each in IfMissed],
        "what": [WHAT_STATION, WHAT_PLAN],
        "outcome": [outcome.value for outcome in Outcome],
        "state": [state.value for state in CommandState],
        "protocol": [*PROTOCOLS, PROPOSAL],
        "kind": sorted({kind for each in PROTOCOLS.values() for kind in each.kinds}),
    }
    assert set(EN["selector"]) == set(lists)
    for key, options in lists.items():
        assert list(EN["selector"][key]["options"]) == options
    for _, field, about in fields():
        if "select" in about["selector"]:
            select = about["selector"]["select"]
            key = select["translation_key"]
            # What the nodes understand is filled in while Home Assistant runs.
            assert select["options"] == ([] if key == "kind" else lists[key]), field


def test_numbers_of_a_feed_have_the_ranges_that_the_nodes_know() -> None:
    known = PROTOCOLS["paired_dispenser"].kinds["feed"].fields
    asked = {
        (action, field): about["selector"]["number"]
        for action, field, about in fields()
        if action in ("feed", "schedule") and field in known
    }
    for (_, field), number in some(asked.items()):
        allowed = known[field]
        assert isinstance(allowed, Whole)
        assert (number["min"], number["max"]) == (allowed.minimum, allowed.maximum)


@pytest.mark.parametrize("action", ["open_valve", "schedule"])
def test_a_valve_can_be_asked_for_as_long_as_any_takes(action: str) -> None:
    (number,) = (
        about["selector"]["number"]
        for each, field, about in fields()
        if (each, field) == (action, "duration")
    )
    durations = [
        kind.fields["duration"]
        for protocol in PROTOCOLS.values()
        if (kind := protocol.kinds.get("open_valve")) and "duration" in kind.fields
    ]
    for duration in some(durations):
        assert isinstance(duration, Whole)
        assert number["min"] <= duration.minimum
        assert number["max"] >= duration.maximum
