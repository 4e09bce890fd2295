"""The recording of Zigbee2MQTT, by the script that makes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.counterparts.zigbee2mqtt.cases import Cases
from tests.protocols import profiled

RECORDING = Path(str(profiled.__file__)).with_name("recordings") / "zigbee2mqtt.json"


def recorded_cases() -> list[str]:
    """Return the cases of the recording, in its order."""
    rows: list[dict[str, Any]] = json.loads(RECORDING.read_text(encoding="utf-8"))[
        "rows"
    ]
    return list(dict.fromkeys(row["case"] for row in rows))


def test_the_recording_has_all_cases_of_the_script_in_their_order() -> None:
    played = [name for name in vars(Cases) if not name.startswith("_")]

    assert recorded_cases() == played
