"""What a camera does with its images: takes, offers, sends and forgets them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.esp32_cam import saying
from simulator.esp32_cam.memory import image_name
from simulator.esp32_cam.wire import next_at
from simulator.node import Effect, Note, Remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.esp32_cam.memory import Memory
    from simulator.esp32_cam.sending import Orders, Sending
    from simulator.esp32_cam.wire import Settings
    from simulator.faults import StandingOrders
    from simulator.node import Action, Agenda

NEXT_SECONDS = 1.0
"""From one image of a camera that captures by itself to the next."""


class Arrival(NamedTuple):
    """What follows from an `ACK_OK`."""

    effects: list[Effect]
    sleeps: bool


class Images:
    """The images of one camera. `orders` are the faults that stand for each."""

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        agenda: Agenda,
        sending: Sending,
        orders: StandingOrders,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._agenda = agenda
        self._sending = sending
        self._orders = orders
        self._batch: deque[str] = deque()
        """The images that it sends unasked, until each arrived."""

    def forget(self) -> None:
        """Let all that is under way be as after a loss of power."""
        self._batch.clear()
        self._sending.forget()

    def capture(self, now: float) -> list[Effect]:
        """Take a picture, or bring out one that is pending, and describe it."""
        orders = self._orders.take()
        at = now + self._settings.capture_seconds
        if "camera" in orders:
            self._agenda.put("capture nothing", at, self._without_picture(orders))
            return [Note(f"fault: {orders['camera']}")]
        pending = self._memory.pending
        if self._settings.pending_first and pending:
            image = pending[0]
        else:
            image = self._memory.take_picture()

        def offer(at: float) -> list[Effect]:
            self._sending.offer(image, orders, at)
            return []

        self._agenda.put(f"capture {image}", at, offer)
        return []

    def send(self, image: str, now: float) -> None:
        self._sending.send(image, self._orders.take(), now)

    def send_pending(self, now: float) -> None:
        """Send all that is pending, unasked."""
        self._batch = deque(self._memory.pending)
        self._go_on(now)

    def capture_alone(self, now: float) -> list[Effect]:
        """Send all that is pending, or else a new picture, without being told to."""
        if not self._memory.pending:
            self._memory.take_picture()
        self.send_pending(now)
        return [Remembered(self._memory.stored())]

    def send_again(self, content: Mapping[str, Any], now: float) -> None:
        """Send the parts of an image that a message says are missing."""
        name, asked = content.get("image_name"), content["missing_chunks"]
        if name in self._memory.pending and isinstance(asked, list):
            self._sending.send_again(str(name), asked, now)

    def arrived(self, content: Mapping[str, Any], now: float) -> Arrival:
        """Take an `ACK_OK`: forget what it names, and go on as it says."""
        name, said = content.get("image_name"), content["ACK_OK"]
        effects: list[Effect] = []
        if name in self._memory.pending:
            self._memory.pending.remove(str(name))
            effects += self._sending.late_chunks(str(name))
        time = said.get("next_wake_time") if isinstance(said, dict) else None
        if next_at(time, now):
            self._memory.next_wake = time
        effects.insert(0, Remembered(self._memory.stored()))
        of_batch = name in self._batch
        if of_batch:
            self._batch.remove(str(name))
        alone = self._settings.by_itself
        sleeps = not self._batch if alone else time is not None
        if of_batch and self._settings.batch == "acked" and not sleeps:
            pause = NEXT_SECONDS if alone else 0.0
            self._agenda.put("next of batch", now + pause, self._go_on)
        return Arrival(effects, sleeps)

    def _go_on(self, now: float) -> list[Effect]:
        """Send what is next of the batch; all of it, where nothing holds it up."""
        most = len(self._batch) if self._settings.batch == "flowing" else 1
        for image in [*self._batch][:most]:
            self.send(image, now)
        return []

    def _without_picture(self, orders: Orders) -> Action:
        def say(at: float) -> list[Effect]:
            if orders["camera"].value == "broken":
                said = saying.readings(self._settings, at)
            else:
                image = image_name(self._memory.taken + 1)
                said = saying.failure(self._settings, image, at)
            self._sending.say(said, at)
            return []

        return say
