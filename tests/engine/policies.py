"""Rules of kinds, for stations of no protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from custom_components.mqtt_dispatch.engine.model.policy import (
    FEEDING,
    LATEST,
    MINUTE,
    ONCE,
    REPEAT,
    RESTARTING,
    UNTIL_DONE,
    Policy,
)

POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "feed": FEEDING,
        "dose": ONCE,
        "run_pump": ONCE,
        "calibrate": ONCE,
        "open_valve": ONCE,
        "operate": ONCE,
        "toggle": ONCE,
        "reboot": RESTARTING,
        "factory_reset": RESTARTING,
        "delete_node": replace(REPEAT, expires_in=15 * MINUTE),
        "set_schedule": LATEST,
        "remove_schedule": LATEST,
        "set_plan": LATEST,
        "set_wake_schedule": LATEST,
        "set_wake_interval": LATEST,
        "set_datetime": LATEST,
        "update_config": LATEST,
        "update_firmware": replace(LATEST, done_timeout=15 * MINUTE),
        "set_button": LATEST,
        "set_utc_offset": LATEST,
        "set_budget": LATEST,
        "curtain": LATEST,
        "light_on": LATEST,
        "light_off": LATEST,
        "set_relay": LATEST,
        "set_pwm": LATEST,
        "set_sensor_mode": LATEST,
        "exit_safe_mode": LATEST,
        "close_valve": UNTIL_DONE,
        "stop_pump": UNTIL_DONE,
        "capture_image": REPEAT,
        "send_image": REPEAT,
        "ping": REPEAT,
        "test_sensor": REPEAT,
        "query": REPEAT,
        "refresh": REPEAT,
    }
)
