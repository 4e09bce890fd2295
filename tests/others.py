"""Nodes of the other protocols played by hand: one of each, and a station for it."""

from __future__ import annotations

from base64 import b64encode
import json
from typing import Any

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from .nodes import Player, settled

type Station = dict[str, Any]
"""What `set_up` makes a station of."""

MAC = "AABBCCDDEEFF"
GARDEN: Station = {
    "title": "Garden",
    "protocol": "esp32_cam",
    "prefix": "device",
    "nodes": {
        MAC: {
            "title": "Pond",
            "fields": {
                "cron": "0 7-19 * * *",
                "firmware_url": "https://example.com/camera.bin",
                "firmware_version": "2.2.0",
            },
        }
    },
}
ORCHARD: Station = {
    "title": "Orchard",
    "protocol": "valve_hub",
    "prefix": "valvehub",
    "nodes": {
        "1": {"title": "Apples", "fields": {"slots": 2}},
        "2": {"title": "Shade", "fields": {"slots": 0}},
    },
}
HARDWARE_ID = "esp32-a1b2c3d4e5f6"
ADDRESS = "gh-1/zn-2/nd-ph-1"
SECRET = "glasshouse-secret-0123456789abcdef"
CHANNELS: list[dict[str, Any]] = [
    {"name": "tank", "type": "SENSOR", "metric": "PH"},
    {"name": "air", "type": "SENSOR", "metric": "TEMPERATURE"},
    {"name": "acid", "type": "ACTUATOR", "actuator_type": "PERISTALTIC_PUMP"},
    {"name": "main", "type": "ACTUATOR", "actuator_type": "PUMP"},
    {"name": "lamp", "type": "ACTUATOR", "actuator_type": "LED"},
    {
        "name": "heater",
        "type": "ACTUATOR",
        "actuator_type": "HEATER",
        "relay_type": "NO",
    },
    {"name": "inlet", "type": "ACTUATOR", "actuator_type": "VALVE", "relay_type": "NC"},
    {"name": "fan", "type": "ACTUATOR", "actuator_type": "PWM"},
    {"name": "window", "type": "ACTUATOR", "actuator_type": "PWM"},
]
METRICS = (
    *("PH", "EC", "CO2", "TDS", "LIGHT", "PUMP_CURRENT", "SOIL_MOISTURE", "OTHER"),
)
GLASSHOUSE: Station = {
    "title": "Glasshouse",
    "protocol": "greenhouse",
    "prefix": "hydro",
    "nodes": {
        HARDWARE_ID: {
            "title": "Nutrients",
            "fields": {
                "greenhouse": "gh-1",
                "zone": "zn-2",
                "uid": "nd-ph-1",
                "secret": SECRET,
                "type": "unknown",
                "channels": CHANNELS,
                "ack_means_done": False,
            },
            "known": {
                "assigned": True,
                "lives_at": ADDRESS,
                "hardware_id": HARDWARE_ID,
                "generation": "head",
            },
        }
    },
}


def with_channels(*channels: dict[str, Any], node_type: str = "unknown") -> Station:
    """Return the glasshouse with these channels."""
    (node,) = GLASSHOUSE["nodes"].values()
    fields = {**node["fields"], "channels": [*channels], "type": node_type}
    return {**GLASSHOUSE, "nodes": {HARDWARE_ID: {**node, "fields": fields}}}


STORE_ID = "esp32-0f1e2d3c4b5a"
GREENHOUSES: Station = {
    **GLASSHOUSE,
    "nodes": {
        **GLASSHOUSE["nodes"],
        STORE_ID: {
            "title": "Store",
            "fields": {
                "greenhouse": "gh-1",
                "zone": "zn-2",
                "uid": "nd-irrig-1",
                "secret": SECRET,
                "type": "irrig",
                "channels": [
                    {"name": "main", "type": "ACTUATOR", "actuator_type": "PUMP"}
                ],
            },
            "known": {"assigned": True, "lives_at": "gh-1/zn-2/nd-irrig-1"},
        },
    },
}
"""With a node whose pump can be stopped: that of a node that doses cannot."""
FEEDER = "c3d89400068631f8138a57286982bea94370693d"
GATEWAY = "4f2baa88fc0a7c9b"
PETS: Station = {
    "title": "Pets",
    "protocol": "petnet",
    "prefix": "krs",
    "nodes": {
        FEEDER: {"title": "Cat", "fields": {"gateway": GATEWAY, "firmware": "2.7.1"}}
    },
}
METERED_ORCHARD: Station = {
    **ORCHARD,
    "nodes": {
        **ORCHARD["nodes"],
        "1": {**ORCHARD["nodes"]["1"], "flows": {"0": 12.5}},
    },
}
"""With a valve of which it is known what runs through it."""
BARN: Station = {
    "title": "Barn",
    "protocol": "zigbee2mqtt",
    "prefix": "zigbee2mqtt",
    "nodes": {"dog": {"title": "Dog", "fields": {"model": "aqara_feeder"}}},
}
"""Whose protocol a profile makes."""
ALL_STATIONS = (GARDEN, METERED_ORCHARD, GREENHOUSES, PETS, BARN)


class Camera(Player):
    """A camera, which spells its MAC with colons."""

    spelled = "AA:BB:CC:DD:EE:FF"

    async def hello(self, **more: Any) -> None:
        """Wake up."""
        content = {"device_id": self.spelled, "status": "alive", "pendingImg": 0}
        await self.publish(f"device/{self.spelled}/status", {**content, **more})

    async def answer(self, status: str = "success", message: str = "") -> None:
        """Answer the one command that is in flight."""
        await self.publish(
            f"device/{self.spelled}/ack",
            {"type": "command_ack", "status": status, "message": message},
        )

    async def describe(self, **content: Any) -> None:
        """Tell of an image, or of what was measured."""
        await self.publish(f"ESP32CAM/{self.spelled}/data", content)

    async def send_part(self, name: str, number: int, content: bytes) -> None:
        """Send a part of an image."""
        await self.describe(
            image_name=name, chunk_id=number, payload=b64encode(content).decode()
        )

    async def tell_all(self) -> None:
        """Tell all that there is to tell."""
        await self.hello(
            firmware_version="2.1.0", battery_voltage=3.9, wifi_rssi=-61, pendingImg=2
        )
        await self.describe(
            temperature=21.5, humidity=48, pressure=1013, gas_resistance=52.1
        )

    def sent(self, topic: str = "cmd") -> list[dict[str, Any]]:
        """Return what it was told, oldest first, but for its own name."""
        told = map(json.loads, self.published(f"device/{self.spelled}/{topic}"))
        return [
            {key: value for key, value in message.items() if key != "device_id"}
            for message in told
        ]


class Hub(Player):
    """A hub with a node of two valves and a curtain."""

    async def say(self, *lines: str) -> None:
        """Send lines up, each for itself."""
        for line in lines:
            await self.publish("valvehub/rx", f"{line}\n")

    async def list_nodes(self) -> None:
        """Tell which nodes there are."""
        await self.say(
            "NODE_LIST 2",
            "NODE 1 901 IRRIGATION 1 5 17039377 2",
            "NODE 2 902 GREENHOUSE 1 5 17039377 0",
        )

    async def tell_all(self) -> None:
        """Tell all that there is to tell."""
        await self.list_nodes()
        await self.say(
            "HEARTBEAT 1 901 80 0 -70 3600 1",
            "EVENT_LOG 1 901 0 118 0 0",
            "HEARTBEAT 2 902 255 65 -70 3600",
            "SENSOR_RECORD 2 902 0 2150 4830 0",
        )

    def sent(self) -> list[str]:
        """Return the lines that went down, oldest first, but for questions."""
        lines = [line.removesuffix("\n") for line in self.published("valvehub/tx")]
        questions = ("LIST_NODES", "GET_QUEUE")
        return [line for line in lines if not line.startswith(questions)]

    async def holds_nothing(self) -> None:
        """Answer the question what is held for the node."""
        await self.say("QUEUE 1 0")


class Greenhouse(Player):
    """A node that has its place."""

    home = f"hydro/{ADDRESS}"
    temporary = f"hydro/gh-temp/zn-temp/{HARDWARE_ID}"

    async def hello(self, hardware_id: str = HARDWARE_ID, **more: Any) -> None:
        """Introduce itself."""
        content = {
            "message_type": "node_hello",
            "hardware_id": hardware_id,
            "node_type": "ph",
            "fw_version": "3.0.1",
            "capabilities": ["ph", "pump_acid"],
        }
        await self.publish("hydro/node_hello", {**content, **more})

    async def say(self, suffix: str, content: Any, *, retain: bool = False) -> None:
        """Say something at its address."""
        await self.publish(f"{self.home}/{suffix}", content, retain=retain)

    async def measure(self, channel: str, metric: str, value: float) -> None:
        """Tell what a channel measured."""
        content = {"metric_type": metric, "value": value, "ts": 1737979200}
        await self.say(f"{channel}/telemetry", content)

    async def answer(
        self, channel: str, command_id: int, status: str, **details: Any
    ) -> None:
        """Answer a command."""
        content = {"cmd_id": f"md-{command_id}", "status": status}
        await self.say(f"{channel}/command_response", {**content, "details": details})

    async def tell_all(self) -> None:
        """Tell all that there is to tell."""
        await self.hello()
        await self.say("heartbeat", {"uptime": 120, "free_heap": 180_000, "rssi": -61})
        for metric in METRICS:
            await self.measure("tank", metric, 5.9)
        await self.measure("full", "WATER_LEVEL_SWITCH", 1)
        for metric in ("TEMPERATURE", "HUMIDITY", "LIGHT_INTENSITY", "CURRENT_MA"):
            await self.measure("air", metric, 21.5)

    def sent(self, suffix: str) -> list[dict[str, Any]]:
        """Return what it was told, oldest first."""
        return [*map(json.loads, self.published(f"{self.home}/{suffix}"))]


class Feeder(Player):
    """A feeder, and the gateway through which it speaks."""

    _obeyed = 0

    async def say(self, kind: str, device: str = FEEDER, **content: Any) -> None:
        """Send telemetry; the keys of `content` as on the wire, `__` for `|`."""
        spelled = {key.replace("__", "|"): value for key, value in content.items()}
        await self.publish(
            f"krs.tel.gts.{GATEWAY}",
            {"_|deviceHid": device, "s|msg_type": kind, **spelled},
        )

    async def request(self, uri: str, body: str = "{}") -> None:
        """Ask the server for something."""
        await self.publish(
            f"krs.api.gts.{GATEWAY}",
            {
                "requestId": "r-1",
                "eventName": "GatewayToServer_ApiRequest",
                "encrypted": False,
                "parameters": {"uri": uri, "method": "PUT", "body": body},
            },
        )

    async def follow(self, what: str = "received", *, body: str = "{}") -> None:
        """Say what became of the message that was sent last."""
        hid = self._messages()[-1]["hid"]
        await self.request(f"/api/v1/core/events/{hid}/{what}", body)

    async def obey(self, coordinator: DispatchCoordinator) -> None:
        """Take and do all that was sent, one message after the other."""
        await settled(self._hass, coordinator)
        while self._obeyed < len(self._messages()):
            hid = self._messages()[self._obeyed]["hid"]
            self._obeyed += 1
            for what in ("received", "succeeded"):
                await self.request(f"/api/v1/core/events/{hid}/{what}")
            await settled(self._hass, coordinator)

    async def fed(self, started_at: float, *, source: int = 6, **more: Any) -> None:
        """Tell of a meal: by plan, if nothing else is said."""
        await self.say(
            "feed_result",
            i__stime=int(started_at),
            i__src=source,
            **{"f__a_g": 12.5, "f__h_e": 700, "b__fail": False, **more},
        )

    async def tell_all(self) -> None:
        """Tell all that there is to tell."""
        await self.say("sensor", f__voltage=5010, i__chg=1, i__rssi=-50)
        await self.fed(1_780_000_000, source=4)

    def sent(self) -> list[tuple[str, Any]]:
        """Return the names and payloads of what it was told, oldest first."""
        return [
            (told["command"], json.loads(told["payload"]))
            for told in (message["parameters"] for message in self._messages())
        ]

    def _messages(self) -> list[dict[str, Any]]:
        return [*map(json.loads, self.published(f"krs/cmd/stg/{GATEWAY}"))]


class Bridge(Player):
    """A bridge that relays to a feeder, which tells what it counted."""

    async def say(self, **state: Any) -> None:
        """Say how the feeder is."""
        await self.publish("zigbee2mqtt/dog", state)

    async def tell_all(self) -> None:
        """Say all that it can tell."""
        await self.say(
            portions_per_day=3,
            weight_per_day=24,
            feeding_source="schedule",
            error=False,
        )

    def sent(self) -> list[Any]:
        """Return what went down to it."""
        return [json.loads(text) for text in self.published("zigbee2mqtt/dog/set")]
