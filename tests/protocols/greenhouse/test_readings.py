"""What details of answers and events say of channels."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.protocols.greenhouse.reports.readings import told

CHANNELS: dict[str, dict[str, Any]] = {
    "tank": {"name": "tank", "type": "SENSOR", "metric": "PH"},
    "level": {"name": "level", "type": "SENSOR", "metric": "WATER_LEVEL_SWITCH"},
}


def test_a_probe_counts_where_the_details_themselves_have_no_value() -> None:
    probe = {"metric_type": "PH", "value": 5.9}
    details = {"metric_type": "PH", "value": "none", "probe": probe}
    assert told(CHANNELS, "tank", details) == {"tank/ph": 5.9}


def test_what_cannot_be_read_says_nothing() -> None:
    details = {"metric_type": "PH", "value": None, "probe": {"metric_type": "PH"}}
    assert told(CHANNELS, "tank", details) == {}
    assert told(CHANNELS, "tank", ["PH"]) == {}


def test_a_snapshot_speaks_of_known_channels_alone() -> None:
    snapshot = {"level": True, "other": True, "tank": "5.9"}
    readings = told(CHANNELS, "tank", {"snapshot": snapshot})
    assert readings == {"level/water_level_switch": 1.0}
