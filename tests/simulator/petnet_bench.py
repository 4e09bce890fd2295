"""Feeders on a bench: a clock that only the test moves, a server that it plays."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from simulator.faults import order_from_text
from simulator.node import Connect, CutOff, Effect, Executed, Message, Note, Remembered
from simulator.petnet import station
from simulator.petnet_faults import FAULTS
from simulator.petnet_wire import Settings

START = 1_800_057_600.0
"""A midnight in UTC."""
DEVICE = "5d1a7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2"
OTHER = "77aa7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2"
GATEWAY = "gateway-1"
FEEDING = "5d1a7c3e90b24f68_feed4_8:00AM"
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


class Bench:
    """One gateway, switched on and connected; times are seconds since `START`.

    Its requests are answered at once, as long as `answers` says so.
    """

    def __init__(
        self,
        *,
        stepwise: bool = False,
        feeders: tuple[str, ...] = (DEVICE,),
        memory: Mapping[str, Any] | None = None,
    ) -> None:
        self.now = START
        self.answers = True
        self.connections = 0
        self.said: list[tuple[float, dict[str, Any]]] = []
        self.raw: list[bytes] = []
        self.asked: list[tuple[float, str, str]] = []
        self.executed: list[tuple[str, str]] = []
        self.memory: Mapping[str, Any] = {}
        self.notes: list[str] = []
        (self.gateway,) = station(
            feeders, (GATEWAY,), Settings("krs", stepwise), {GATEWAY: memory}, START
        )
        self.run(0)

    def run(self, seconds: float) -> None:
        """Let time pass, in steps from deadline to deadline."""
        end = self.now + seconds
        while (at := self.gateway.next_deadline()) is not None and at <= end:
            self.now = max(self.now, at)
            self._note(self.gateway.advance(self.now))
        self.now = end

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
        self.receive(f"krs/cmd/stg/{GATEWAY}", json.dumps(command).encode())

    def reply(self, request_id: str) -> None:
        content = {
            "requestId": request_id,
            "eventName": "GatewayToServer_ApiRequest",
            "encrypted": False,
            "parameters": {"status": "OK"},
        }
        self.receive(f"krs/api/stg/{GATEWAY}", json.dumps(content).encode())

    def receive(self, topic: str, payload: bytes) -> None:
        self._note(self.gateway.receive(topic, payload, self.now))

    def order(self, text: str) -> None:
        order = order_from_text(text, [DEVICE, OTHER], FAULTS)
        self._note(self.gateway.order(order, self.now))

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

    def _note(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    self._hear(effect)
                case Executed():
                    self.executed.append((effect.kind, str(effect.id)))
                case Remembered():
                    self.memory = effect.memory
                case Connect():
                    self.connections += 1
                    self._note(self.gateway.on_connect(self.now))
                case CutOff():
                    self.connections -= 1
                case Note():
                    self.notes.append(effect.text)

    def _hear(self, message: Message) -> None:
        try:
            content = json.loads(message.payload)
        except ValueError:
            self.raw.append(message.payload)
            return
        at = self.now - START
        if message.topic == f"krs.tel.gts.{GATEWAY}":
            self.said.append((at, content))
            return
        assert message.topic == f"krs.api.gts.{GATEWAY}"
        parameters = content["parameters"]
        assert parameters["method"] == "PUT"
        self.asked.append((at, parameters["uri"], parameters["body"]))
        if self.answers:
            self.reply(content["requestId"])
