"""Nodes of protocol 2, `esp32_cam`: cameras that sleep.

What the wire leaves open is decided here:

- A command counts as executed once it was read; its number at this camera stands for
  the id that the wire does not have. A picture is named, and kept until `ACK_OK` names
  it; `send_image` of any other is refused.
- An image that is under way does not keep a camera from taking commands.
- The firmware installed bears the version that stands in its URL, or the next one.
- Every message that leaves or comes keeps a camera awake; `ACK_OK` does not.
- A reboot and an update are acked, then the power goes. What was being sent is lost;
  the pictures are not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulator.esp32_cam.memory import Memory
from simulator.esp32_cam.options import (
    COMMAND_FAULTS,
    FAULTS,
    IMAGE_FAULTS,
    WAKE_FAULTS,
    add_options,
    settings_from,
)
from simulator.esp32_cam.sending import Sending
from simulator.esp32_cam.wire import Settings, kind_of, mac_of, next_at, read_object
from simulator.faults import ALL, Order, StandingOrders
from simulator.node import (
    Agenda,
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Note,
    Remembered,
)
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from simulator.node import Node
    from simulator.simulated import Memories

USUAL_SLEEP_SECONDS = 60.0
BATTERY_VOLTS = 3.91
RSSI_DBM = -63

_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_WAKE, _COMMAND, _IMAGE = "wake", "command", "image"
_FAULTS = {_WAKE: WAKE_FAULTS, _COMMAND: COMMAND_FAULTS, _IMAGE: IMAGE_FAULTS}


class SleepingCamera:
    """One camera. `name` is its MAC in any spelling; `now` is unix seconds.

    Raises ValueError where the name is no MAC, or `memory` no camera's.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self._name = name
        self._mac = mac_of(name)
        self._settings = settings
        self._memory = Memory(memory, settings.pending)
        self._agenda = Agenda()
        self._sending = Sending(
            self._mac,
            settings,
            self._agenda,
            on_message=self._stay_awake,
            die=self._die_sending,
        )
        self._orders = {occasion: StandingOrders() for occasion in _FAULTS}
        self._awake = False
        self._dead = False
        self._delayed = 0
        self._agenda.put("wake", now, self._wake)

    @property
    def name(self) -> str:
        return self._name

    @property
    def will(self) -> Message | None:
        return None

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return tuple(self._settings.topic(self._mac, each) for each in ("cmd", "ack"))

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def on_connect(self, now: float) -> list[Effect]:
        orders = self._orders[_WAKE].take()
        self._stay_awake(now)
        hello = self._say("status", self._hello())
        match orders["hello"].value if "hello" in orders else "once":
            case "drop":
                effects: list[Effect] = [_note(orders["hello"])]
            case "double":
                effects = [_note(orders["hello"]), hello, hello]
            case _:
                effects = [hello]
        if "doze" in orders:
            effects += [_note(orders["doze"]), *self._sleep(now)]
        return effects

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if not self._awake or topic not in self.subscriptions:
            return []
        content = read_object(payload, self._mac)
        if content is None:
            return [Note(f"dropped {len(payload)} bytes that are not for it")]
        if topic.endswith("/cmd"):
            self._stay_awake(now)
            return self._take(content, now)
        if "missing_chunks" in content:
            return self._send_again(content, now)
        if "ACK_OK" in content:
            return self._image_arrived(content, now)
        return []  # its own ack, which comes back to it

    def order(self, order: Order, now: float) -> list[Effect]:
        match order.fault:
            case "clear":
                for orders in self._orders.values():
                    orders.clear(order.value)
                if order.value in (ALL, "die") and self._dead:
                    self._agenda.put("wake", now, self._wake)
            case "die":
                return self._lose_power(order.seconds, now)
            case "wake":
                if not self._awake:
                    self._agenda.put("wake", now, self._wake)
            case fault:
                for occasion, faults in _FAULTS.items():
                    if fault in faults:
                        self._orders[occasion].add(order)
        return []

    def _wake(self, _now: float) -> list[Effect]:
        self._awake = True
        self._dead = False
        return [Connect()]

    def _sleep(self, now: float) -> list[Effect]:
        told = next_at(self._memory.next_wake, now)
        most = self._settings.wake_seconds
        if most is None:
            wake_at = told or now + USUAL_SLEEP_SECONDS
        else:
            wake_at = min(told or now + most, now + most)
        return [Note(f"sleeps {wake_at - now:.0f} s"), *self._switch_off(wake_at)]

    def _lose_power(self, back_after: float | None, now: float) -> list[Effect]:
        self._dead = True
        return self._switch_off(None if back_after is None else now + back_after)

    def _switch_off(self, on_at: float | None) -> list[Effect]:
        self._awake = False
        self._sending.forget()
        self._agenda.clear()
        if on_at is not None:
            self._agenda.put("wake", on_at, self._wake)
        return [CutOff()]

    def _restart(self, now: float) -> list[Effect]:
        return self._switch_off(now + self._settings.boot_seconds)

    def _stay_awake(self, now: float) -> None:
        self._agenda.put("sleep", now + self._settings.awake_seconds, self._sleep)

    def _hello(self) -> dict[str, Any]:
        pending = self._memory.pending
        hello = {"status": "alive", "pendingImg": len(pending)}
        if self._settings.hello == "old":
            return hello
        return hello | {
            "pending_list": list(pending),
            "firmware_version": self._memory.firmware,
            "battery_voltage": BATTERY_VOLTS,
            "wifi_rssi": RSSI_DBM,
        }

    def _take(self, content: dict[str, Any], now: float) -> list[Effect]:
        orders = self._orders[_COMMAND].take()
        if "silent" in orders:
            return [_note(orders["silent"])]
        if "refuse" in orders:
            status = orders["refuse"].value
            return [_note(orders["refuse"]), *self._ack(orders, now, status=status)]
        kind = kind_of(content)
        if kind == "send_image" and content["send_image"] not in self._memory.pending:
            return self._ack(orders, now, status="failed", message="no such image")
        self._memory.executed += 1
        number = self._memory.executed
        effects: list[Effect] = [Executed(self._name, number, kind, content)]
        effects += self._ack(orders, now, message=kind)
        effects += self._do(kind, content, now)
        return [Remembered(self._memory.stored()), *effects]

    def _do(self, kind: str, content: Mapping[str, Any], now: float) -> list[Effect]:
        match kind:
            case "capture_image":
                self._capture(self._memory.take_picture(), now)
            case "send_image":
                self._capture(content["send_image"], now)
            case "set_wake_schedule":
                self._memory.next_wake = content["next_wake"]
            case "update_firmware":
                self._install(str(content["firmware_url"]))
                return self._restart(now)
            case "reboot":
                return self._restart(now)
        return []

    def _ack(
        self,
        orders: Mapping[str, Order],
        now: float,
        *,
        status: str = "success",
        message: str = "",
    ) -> list[Effect]:
        content = {"type": "command_ack", "status": status, "message": message}
        ack = self._say("ack", content)
        if "ack" not in orders:
            return [ack]
        effects: list[Effect] = [_note(orders["ack"])]
        match orders["ack"].value:
            case "double":
                effects += [ack, ack]
            case "delay":
                self._delayed += 1
                late = now + (orders["ack"].seconds or 0.0)
                self._agenda.put(f"ack {self._delayed}", late, lambda _: [ack])
        return effects

    def _capture(self, name: str, now: float) -> None:
        def send(at: float) -> list[Effect]:
            self._sending.send(name, self._orders[_IMAGE].take(), at)
            return []

        self._agenda.put(f"capture {name}", now + self._settings.capture_seconds, send)

    def _send_again(self, content: Mapping[str, Any], now: float) -> list[Effect]:
        self._stay_awake(now)
        name, asked = content.get("image_name"), content["missing_chunks"]
        if name in self._memory.pending and isinstance(asked, list):
            self._sending.send_again(str(name), asked, now)
        return []

    def _image_arrived(self, content: Mapping[str, Any], now: float) -> list[Effect]:
        name, said = content.get("image_name"), content["ACK_OK"]
        effects: list[Effect] = []
        if name in self._memory.pending:
            self._memory.pending.remove(str(name))
            effects += self._sending.late_chunks(str(name))
        if isinstance(said, dict) and next_at(said.get("next_wake_time"), now):
            self._memory.next_wake = said["next_wake_time"]
        return [Remembered(self._memory.stored()), *effects, *self._sleep(now)]

    def _die_sending(self, order: Order, now: float) -> list[Effect]:
        if order.seconds is None:
            return [_note(order), *self._sleep(now)]
        return [_note(order), *self._lose_power(order.seconds, now)]

    def _install(self, url: str) -> None:
        versions = _VERSION.findall(url.rpartition("/")[2])
        if versions:
            self._memory.firmware = versions[-1]
        else:
            major, _, rest = self._memory.firmware.partition(".")
            self._memory.firmware = f"{int(major) + 1}.{rest}"

    def _say(self, channel: str, content: Mapping[str, Any]) -> Message:
        return self._settings.message(self._mac, channel, content)


def _note(order: Order) -> Note:
    return Note(f"fault: {order}")


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    settings = settings_from(given)
    return [
        SleepingCamera(name, settings, memory=memories.get(name), now=now)
        for name in names
    ]


SIMULATED = Simulated(
    key="esp32_cam",
    default_prefix="device",
    default_nodes=("AABBCCDDEE01", "AABBCCDDEE02"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
