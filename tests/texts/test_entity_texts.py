"""Each entity and state has its name, and its icon where it needs one."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.view import StationStatus
from custom_components.mqtt_dispatch.entities.node_sensors import Binding
from custom_components.mqtt_dispatch.entities.readings import described
from custom_components.mqtt_dispatch.event import REFUSED
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.actuator import Actuator
from custom_components.mqtt_dispatch.protocols.measures import Measure
from custom_components.mqtt_dispatch.texts.entity_names import ITSELF, NAMED
from tests.nonempty import some

from ..package import EN, ICONS, OF_OWNERS, placeholders

MEASURES = {
    key: reading
    for protocol in PROTOCOLS.values()
    for key, reading in protocol.readings.items()
    if isinstance(reading, Measure)
}
METRICS = {
    metric: "sensor" if isinstance(measure, Measure) else "binary_sensor"
    for protocol in PROTOCOLS.values()
    for metric, measure in protocol.metrics.items()
}
"""The platform that shows what channels measure, by metric."""


def of_kind(key: str) -> str:
    """Return the key of the name that says the kind beside the label."""
    return key.removesuffix(f"_{ITSELF}").removesuffix(f"_{NAMED}")


async def test_every_entity_has_its_name_and_every_name_is_of_an_entity(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    registered = [
        entity
        for entry in everywhere
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    ]
    entities = {(entry.domain, str(entry.translation_key)) for entry in registered}
    named = {(platform, key) for platform, keys in EN["entity"].items() for key in keys}
    drawn = {
        (platform, key) for platform, keys in ICONS["entity"].items() for key in keys
    }
    # What is called like its kind has a name of its own; so has what says its kind.
    others = {(at, key) for at, key in named if key.endswith((ITSELF, NAMED))}
    assert {(at, of_kind(key)) for at, key in others if key != NAMED} <= entities
    assert entities - others == named - others - {*OF_OWNERS}
    assert drawn <= named
    without_class = {
        (entry.domain, str(entry.translation_key))
        for entry in registered
        if entry.original_device_class is None
    }
    without_class |= {
        (at, key) for at, key in others if (at, of_kind(key)) in without_class
    }
    assert without_class <= drawn, "it would have no icon of its own"


def test_every_state_has_its_text() -> None:
    entity = EN["entity"]
    assert list(entity["sensor"]["status"]["state"]) == list(StationStatus)
    assert set(ICONS["entity"]["sensor"]["status"]["state"]) == set(StationStatus)
    event = entity["event"]["command"]["state_attributes"]["event_type"]
    assert list(event["state"]) == [*CommandState, REFUSED]
    assert list(entity["sensor"]["binding"]["state"]) == list(Binding)
    for key, measure in some(MEASURES.items()):
        if measure.words:
            options = described(key, measure).options
            assert list(entity["sensor"][key]["state"]) == options


def placeholders_of(actuator: Actuator) -> dict[str, str]:
    return {"label": actuator.label} if actuator.label else {}


async def test_names_tell_actuators_and_channels_apart_and_fill_in_what_they_ask_for(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    names = {
        key: placeholders(texts["name"])
        for at in EN["entity"].values()
        for key, texts in at.items()
    }
    for entry in everywhere:
        coordinator = entry.runtime_data
        for node, view in coordinator.data.nodes.items():
            for actuator in coordinator.protocol.actuators(
                coordinator.driver.site.nodes[node], view.readings
            ):
                assert names[actuator.name] == set(placeholders_of(actuator))
    assert names["channel"] == {"label", "metric"}
    assert names[NAMED] == {"label"}
    for beside in ("valve_duration_s", "closes_at"):
        assert names[beside] == names[f"{beside}_{NAMED}"] == {"label"}
        assert names[f"{beside}_{ITSELF}"] == set()
    for metric in some(METRICS):
        assert names[f"channel_{metric}"] == {"label"}
        assert names[f"channel_{metric}_{ITSELF}"] == set()


def test_nothing_that_could_be_read_lacks_a_name() -> None:
    for key in some(MEASURES):
        assert key in EN["entity"]["sensor"]
    for metric, platform in some(METRICS.items()):
        assert f"channel_{metric}" in EN["entity"][platform]
        assert f"channel_{metric}_{ITSELF}" in EN["entity"][platform]
