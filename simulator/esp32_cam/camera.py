"""Nodes of protocol 2, `esp32_cam`: cameras that sleep.

What the wire leaves open is decided here:

- A command counts as executed once it was read; its number at this camera stands for
  the id that the wire does not have. What a camera does not understand it ignores, and
  so it does `send_image` of an image that it does not have.
- A picture is named, and kept until `ACK_OK` names it. An image that was not described
  since the camera woke is described before its chunks.
- An image that is under way does not keep a camera from taking commands.
- The firmware installed bears the version that stands in its URL, or the next one.
- Every message that leaves or comes keeps a camera awake; an `ACK_OK` with a time to
  wake sends it to sleep, whatever is pending.
- At a reboot or an update the power goes. What was being sent is lost; the pictures are
  not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulator.esp32_cam import saying
from simulator.esp32_cam.images import Images
from simulator.esp32_cam.memory import Memory
from simulator.esp32_cam.options import (
    COMMAND_FAULTS,
    FAULTS,
    IMAGE_FAULTS,
    WAKE_FAULTS,
    add_options,
    settings_from,
)
from simulator.esp32_cam.sending import Orders, Sending
from simulator.esp32_cam.wire import Settings, kind_of, name_of, next_at, read_object
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
BY_ITSELF_SECONDS = 2.0
"""From the hello of a camera that captures by itself to its image."""

_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_WAKE, _COMMAND, _IMAGE = "wake", "command", "image"
_FAULTS = {_WAKE: WAKE_FAULTS, _COMMAND: COMMAND_FAULTS, _IMAGE: IMAGE_FAULTS}


class SleepingCamera:
    """One camera, named by its MAC in any spelling or by another id.

    `now` is unix seconds. Raises ValueError where the name cannot be one, or `memory`
    is no camera's.
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
        self._id = name_of(name)
        self._settings = settings
        self._memory = Memory(memory, settings.pending)
        self._agenda = Agenda()
        self._orders = {occasion: StandingOrders() for occasion in _FAULTS}
        sending = Sending(
            self._id,
            settings,
            self._agenda,
            on_message=self._stay_awake,
            die=self._die_sending,
        )
        self._images = Images(
            settings, self._memory, self._agenda, sending, self._orders[_IMAGE]
        )
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
        return tuple(self._settings.topic(self._id, each) for each in ("cmd", "ack"))

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def on_connect(self, now: float) -> list[Effect]:
        orders = self._orders[_WAKE].take()
        self._stay_awake(now)
        hello = self._say(
            "status", saying.hello(self._settings, self._id, self._memory)
        )
        match orders["hello"].value if "hello" in orders else "once":
            case "drop":
                effects: list[Effect] = [_note(orders["hello"])]
            case "double":
                effects = [_note(orders["hello"]), hello, hello]
            case _:
                effects = [hello]
        if "doze" in orders:
            return [*effects, _note(orders["doze"]), *self._sleep(now)]
        if self._settings.by_itself:
            alone = self._images.capture_alone
            self._agenda.put("alone", now + BY_ITSELF_SECONDS, alone)
        return effects

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if not self._awake or topic not in self.subscriptions:
            return []
        names = frozenset({self._settings.spelled(self._id), self._id})
        content = read_object(payload, names)
        if content is None:
            return [Note(f"dropped {len(payload)} bytes that are not for it")]
        channel = topic.rpartition("/")[2]
        if "missing_chunks" in content:
            if channel == self._settings.misses_on:
                self._stay_awake(now)
                self._images.send_again(content, now)
            return []
        if channel == "cmd":
            return self._take(content, now)
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

    # Waking and sleeping

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
        self._images.forget()
        self._agenda.clear()
        if on_at is not None:
            self._agenda.put("wake", on_at, self._wake)
        return [CutOff()]

    def _restart(self, now: float) -> list[Effect]:
        return self._switch_off(now + self._settings.boot_seconds)

    def _stay_awake(self, now: float) -> None:
        self._agenda.put("sleep", now + self._settings.awake_seconds, self._sleep)

    def _image_arrived(self, content: Mapping[str, Any], now: float) -> list[Effect]:
        if not isinstance(content["ACK_OK"], dict) and not self._settings.reads_flags:
            return [Note("cannot read what stands in ACK_OK")]
        effects, sleeps = self._images.arrived(content, now)
        if sleeps:
            return [*effects, *self._sleep(now)]
        self._stay_awake(now)
        return effects

    def _die_sending(self, order: Order, now: float) -> list[Effect]:
        if order.seconds is None:
            return [_note(order), *self._sleep(now)]
        return [_note(order), *self._lose_power(order.seconds, now)]

    # Commands

    def _take(self, content: dict[str, Any], now: float) -> list[Effect]:
        kind = kind_of(content)
        if kind not in self._settings.knows:
            return [Note(f"does not know {kind}")]
        self._stay_awake(now)
        orders = self._orders[_COMMAND].take()
        if "silent" in orders:
            return [_note(orders["silent"])]
        if "refuse" in orders:
            status = orders["refuse"].value
            refusal = self._ack(orders, now, kind, status=status)
            return [_note(orders["refuse"]), *refusal]
        if kind == "send_image" and content["send_image"] not in self._memory.pending:
            reason = "no such image"
            return self._ack(orders, now, kind, status="failed", message=reason)
        self._memory.executed += 1
        number = self._memory.executed
        effects: list[Effect] = [Executed(self._name, number, kind, content)]
        effects += self._ack(orders, now, kind, message=kind)
        effects += self._do(kind, content, now)
        return [Remembered(self._memory.stored()), *effects]

    def _do(self, kind: str, content: Mapping[str, Any], now: float) -> list[Effect]:
        match kind:
            case "capture_image":
                return self._images.capture(now)
            case "send_image":
                self._images.send(content["send_image"], now)
            case "send_all_pending":
                self._images.send_pending(now)
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
        orders: Orders,
        now: float,
        kind: str,
        *,
        status: str = "success",
        message: str = "",
    ) -> list[Effect]:
        if self._settings.acks == "none":
            return []
        ack = self._say("ack", saying.ack(self._settings, kind, status, message))
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

    def _install(self, url: str) -> None:
        versions = _VERSION.findall(url.rpartition("/")[2])
        if versions:
            self._memory.firmware = versions[-1]
        else:
            major, _, rest = self._memory.firmware.partition(".")
            self._memory.firmware = f"{int(major) + 1}.{rest}"

    def _say(self, channel: str, content: Mapping[str, Any]) -> Message:
        return self._settings.message(self._id, channel, content)


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
