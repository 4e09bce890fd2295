"""What automations are offered: described, named, and only where the core takes it."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
import re
from typing import Any

from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition as core_condition, trigger as core_trigger
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.mqtt_dispatch.condition import CONDITIONS
from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.trigger import TRIGGERS

from ..calls import device_of, shown
from ..nonempty import some
from ..package import EN, ICONS, PACKAGE
from .running import TAKES_CONDITIONS, TAKES_TRIGGERS

PLATFORMS = "custom_components.mqtt_dispatch"
DESCRIBED: dict[str, dict[str, Any]] = {
    section: load_yaml_dict(str(PACKAGE / f"{section}.yaml"))
    for section in ("triggers", "conditions")
}


@pytest.mark.parametrize("section", sorted(DESCRIBED))
def test_each_has_its_texts_and_its_icon(section: str) -> None:
    assert set(EN[section]) == set(DESCRIBED[section]) == set(ICONS[section])
    for name, described in some(DESCRIBED[section].items()):
        text = EN[section][name]
        assert text["name"]
        assert text["description"]
        assert set(text.get("fields", {})) == set(described.get("fields", {})), name
        assert described["target"]
    for name, icon in some(ICONS[section].items()):
        assert re.fullmatch(r"mdi:[a-z-]+", icon[section[:-1]]), name


@pytest.mark.skipif(not TAKES_TRIGGERS, reason="this core takes no triggers")
async def test_home_assistant_offers_the_triggers(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    core: Any = core_trigger
    described = await core.async_get_all_descriptions(hass)
    ours = {key: value for key, value in described.items() if key.startswith(DOMAIN)}
    assert set(ours) == {f"{DOMAIN}.{name}" for name in TRIGGERS}
    assert set(TRIGGERS) == set(DESCRIBED["triggers"])
    for name, found in ours.items():
        assert found is not None, name
        wanted = DESCRIBED["triggers"][name.partition(".")[2]]
        assert set(found["fields"]) == set(wanted.get("fields", {}))
        assert found["target"]


@pytest.mark.skipif(not TAKES_CONDITIONS, reason="this core takes no conditions")
async def test_home_assistant_offers_the_conditions(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    core: Any = core_condition
    described = await core.async_get_all_descriptions(hass)
    ours = {key: value for key, value in described.items() if key.startswith(DOMAIN)}
    assert set(ours) == {f"{DOMAIN}.{name}" for name in CONDITIONS}
    assert set(CONDITIONS) == set(DESCRIBED["conditions"])
    assert all(ours.values())


async def test_home_assistant_loads_their_names(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    for section, described in some(DESCRIBED.items()):
        loaded = await async_get_translations(hass, "de", section, {DOMAIN})
        for name in some(described):
            assert loaded[f"component.{DOMAIN}.{section}.{name}.name"]


@pytest.mark.skipif(TAKES_TRIGGERS, reason="this core takes triggers")
async def test_a_core_without_them_runs_the_rest_and_says_what_is_missing(
    hass: HomeAssistant, kitchen: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    assert kitchen.state is ConfigEntryState.LOADED
    target = {"device_id": device_of(hass, kitchen)}
    go = {"trigger": "event", "event_type": "go"}
    made: list[dict[str, Any]] = [
        {
            "alias": "begins",
            "triggers": [{"trigger": f"{DOMAIN}.meal_fed"}],
            "actions": [],
        },
        {
            "alias": "goes by",
            "triggers": [go],
            "conditions": [
                {"condition": f"{DOMAIN}.station_ready", "target": target},
            ],
            "actions": [],
        },
        {"alias": "other", "triggers": [go], "actions": []},
    ]
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: made})
    await hass.async_block_till_done()
    assert shown(hass, "automation.begins") == "unavailable"
    assert shown(hass, "automation.goes_by") == "unavailable"
    assert shown(hass, "automation.other") == "on"
    assert "Triggers of MQTT Dispatch need Home Assistant 2026.10" in caplog.text
    assert f"Unexpected value for condition: '{DOMAIN}.station_ready'" in caplog.text


def as_if_older(
    monkeypatch: pytest.MonkeyPatch, name: str, core: Any, lacks: str
) -> Any:
    """Load a platform as a core would that lacks what it needs."""
    monkeypatch.delattr(core, lacks, raising=False)
    spec = spec_from_file_location(f"{PLATFORMS}.{name}", PACKAGE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_a_core_in_between_is_offered_none(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = as_if_older(
        monkeypatch, "trigger", core_trigger, "TriggerNotTriggeredReporter"
    )
    assert await begins.async_get_triggers(hass) == {}
    with pytest.raises(vol.Invalid, match="need Home Assistant"):
        await begins.async_validate_trigger_config(hass, {})
    goes_by = as_if_older(monkeypatch, "condition", core_condition, "Condition")
    assert await goes_by.async_get_conditions(hass) == {}
