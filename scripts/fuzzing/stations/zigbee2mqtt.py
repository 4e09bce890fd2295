"""A feeder and two valves behind a bridge: what they say, and what was ordered."""

from __future__ import annotations

from scripts.fuzzing.fuzzed import Fuzzed, Order

_FEEDER, _VALVE, _SPRAY = "feeder", "valve", "garden spray"
_BRIDGE = "zigbee2mqtt/bridge"


def _fed(portions: int, by: str, **more: object) -> dict[str, object]:
    return {
        "serving_size": 2,
        "portions_per_day": portions,
        "feeding_source": by,
        "error": False,
        **more,
    }


YARD = Fuzzed(
    key="zigbee2mqtt",
    nodes={
        _FEEDER: {"model": "aqara_feeder"},
        _VALVE: {"model": "neo_valve"},
        _SPRAY: {"model": "giex_seconds_valve"},
    },
    orders=(
        Order(kind="feed", params={"portions": 2}, node=_FEEDER),
        Order(kind="open_valve", params={"duration": 600}, node=_VALVE),
        Order(kind="open_valve", params={"duration": 60}, node=_SPRAY),
        Order(kind="close_valve", params={}, node=_SPRAY),
    ),
    said=(
        (f"{_BRIDGE}/state", {"state": "online"}),
        (
            f"{_BRIDGE}/devices",
            [
                {
                    "friendly_name": _FEEDER,
                    "ieee_address": "0x54ef4410005a6b7c",
                    "definition": {"model": "ZNCWWSQ01LM", "vendor": "Aqara"},
                },
                {
                    "friendly_name": _VALVE,
                    "ieee_address": "0xa4c138f0e1d2c3b4",
                    "definition": {
                        "model": "NAS-WV03B2",
                        "vendor": "NEO",
                        "exposes": [{"property": "on_with_countdown"}],
                    },
                },
            ],
        ),
        (f"zigbee2mqtt/{_FEEDER}/availability", {"state": "online"}),
        (f"zigbee2mqtt/{_VALVE}/availability", {"state": "online"}),
        (f"zigbee2mqtt/{_FEEDER}", _fed(4, "manual", serving_size=1)),
        (f"zigbee2mqtt/{_FEEDER}", _fed(4, "manual")),
        (f"zigbee2mqtt/{_FEEDER}", _fed(4, "remote", feed="START")),
        (f"zigbee2mqtt/{_FEEDER}", _fed(6, "remote")),
        (f"zigbee2mqtt/{_FEEDER}", _fed(0, "schedule", error=True)),
        (f"zigbee2mqtt/{_VALVE}", {"status": "off", "battery": 75}),
        (f"zigbee2mqtt/{_VALVE}", {"on_with_countdown": 10, "status": "off"}),
        (f"zigbee2mqtt/{_VALVE}", {"status": "on_manual_app", "battery": 75}),
        (f"zigbee2mqtt/{_VALVE}", {"status": "on_auto"}),
        *(
            (
                f"zigbee2mqtt/{_SPRAY}",
                {"mode": mode, "irrigation_target": target, "state": state},
            )
            for mode, target, state in (
                ("capacity", 0, "OFF"),
                ("duration", 0, "OFF"),
                ("duration", 60, "OFF"),
                ("duration", 60, "ON"),
                ("duration", 60, "OFF"),
            )
        ),
        *(
            (
                f"{_BRIDGE}/logging",
                {"level": "error", "message": f"z2m: {message}"},
            )
            for message in (
                f"No converter available for 'feed' on '{_FEEDER}'",
                f"Entity '{_VALVE}' is unknown",
                f"Publish 'set' 'state' to '{_SPRAY}' failed: (Status 'FAILURE')",
            )
        ),
        (f"{_BRIDGE}/state", {"state": "offline"}),
    ),
)
