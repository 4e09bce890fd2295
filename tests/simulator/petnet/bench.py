"""Pet feeders on a bench, and the server that they ask."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any, override

from simulator.node import Message
from simulator.petnet.faults import FAULTS
from simulator.petnet.gateway import Gateway, station
from simulator.petnet.wire import Settings

from ..bench import Bench

START = 1_800_057_600.0
"""A midnight in UTC."""
DEVICE = "c3d89400068631f8138a57286982bea94370693d"
OTHER = "77aa7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2"
GATEWAY = "488533283e3f06ca4ae929fd01f50a9259dd393f"
TELEMETRY = f"krs.tel.gts.{GATEWAY}"
REQUESTS = f"krs.api.gts.{GATEWAY}"
FEEDING = f"{DEVICE[:16]}_feed4_8:00AM"
ENTRY = {
    "active": True,
    "automatic": True,
    "feeding_id": FEEDING,
    "name": "FEED0",
    "portion": 0.25,
    "reminder": True,
    "time": 28800,
}


def hid(number: int) -> str:
    return "x" * 31 + chr(ord("a") + number)


def added(entries: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return what a `schedule_add` with all entries holds."""
    return [{"index": index, "data": entry} for index, entry in enumerate(entries)]


class PetnetBench(Bench[Gateway]):
    """One gateway, switched on and connected; times are seconds since `START`.

    Its requests are answered at once, as long as `answers` says so.
    """

    start = START
    names = (DEVICE, OTHER)
    faults = FAULTS
    answers = True

    def __init__(
        self,
        *,
        stepwise: bool = False,
        feeders: tuple[str, ...] = (DEVICE,),
        memory: Mapping[str, Any] | None = None,
    ) -> None:
        memories = {GATEWAY: memory}
        settings = Settings("krs", stepwise)
        (gateway,) = station(feeders, (GATEWAY,), settings, memories, START)
        super().__init__(gateway)

    @property
    def said(self) -> list[tuple[float, dict[str, Any]]]:
        """The telemetry that can be read, and when it came."""
        return [
            (at, json.loads(message.payload))
            for at, message in self.messages
            if message.topic == TELEMETRY and _readable(message.payload)
        ]

    @property
    def raw(self) -> list[bytes]:
        """What cannot be read."""
        return [
            message.payload
            for _, message in self.messages
            if not _readable(message.payload)
        ]

    @property
    def asked(self) -> list[tuple[float, str, str]]:
        """Its requests: time, address, body."""
        return [
            (at, content["parameters"]["uri"], content["parameters"]["body"])
            for at, content in self.told(REQUESTS)
        ]

    def send(
        self, name: str, content: object, *, number: int = 0, device: str = DEVICE
    ) -> None:
        command = {
            "hid": hid(number),
            "name": "SendCommand",
            "encrypted": False,
            "parameters": {
                "deviceHid": device,
                "command": name,
                "payload": json.dumps(content),
            },
        }
        self.receive(f"krs/cmd/stg/{GATEWAY}", command)

    def reply(self, request_id: str) -> None:
        content = {
            "requestId": request_id,
            "eventName": "GatewayToServer_ApiRequest",
            "encrypted": False,
            "parameters": {"status": "OK"},
        }
        self.receive(f"krs/api/stg/{GATEWAY}", content)

    def events(self) -> list[tuple[float, str]]:
        """Return what it reported of commands: time, letter of the hid, word."""
        return [
            (at, f"{uri.split('/')[-2][-1]} {uri.split('/')[-1]}")
            for at, uri, _ in self.asked
            if "/events/" in uri
        ]

    def of_type(self, message_type: str) -> list[tuple[float, dict[str, Any]]]:
        return [
            (at, content)
            for at, content in self.said
            if content["s|msg_type"] == message_type
        ]

    def hashes(self) -> list[str]:
        return [
            str(content.get("s|local_md5", content.get("local_md5")))
            for _, content in self.of_type("hash")
        ]

    def deeds(self) -> list[tuple[str, str]]:
        """Return what was executed: kind, id."""
        return [(executed.kind, str(executed.id)) for executed in self.executed]

    @override
    def heard(self, message: Message) -> None:
        if message.topic == TELEMETRY:
            return
        assert message.topic == REQUESTS
        content = json.loads(message.payload)
        assert content["parameters"]["method"] == "PUT"
        if self.answers:
            self.reply(content["requestId"])


def _readable(payload: bytes) -> bool:
    try:
        json.loads(payload)
    except ValueError:
        return False
    return True
