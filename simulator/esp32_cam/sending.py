"""How a camera sends an image: its description, its chunks, and what goes wrong."""

from __future__ import annotations

from collections import deque
import random
from typing import TYPE_CHECKING, Any

from simulator.esp32_cam import saying
from simulator.esp32_cam.memory import number_of
from simulator.esp32_cam.picture import picture
from simulator.faults import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.esp32_cam.wire import Settings
    from simulator.node import Agenda, Effect, Message

ONE_LOST_OF = 15
LATE_CHUNKS = 3
LATE_SECONDS = 10.0

type Orders = Mapping[str, Order]


class Sending:
    """What a camera sends of its images, one message after the other.

    `on_message` is told of each message that leaves, `die` loses the camera's power.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        agenda: Agenda,
        *,
        on_message: Callable[[float], None],
        die: Callable[[Order, float], list[Effect]],
    ) -> None:
        self._name = name
        self._settings = settings
        self._agenda = agenda
        self._on_message = on_message
        self._die = die
        self._chance = random.Random(name)
        self._uncommitted: deque[Message | Order] = deque()
        self._orders: dict[str, Orders] = {}
        """What stands for each image that was described since the camera woke."""
        self._lost: dict[str, frozenset[int]] = {}
        """Of each image whose chunks left: those that got lost on the way."""

    def forget(self) -> None:
        """Let all be as after a loss of power."""
        self._uncommitted.clear()
        self._orders.clear()
        self._lost.clear()

    def say(self, content: Mapping[str, Any], now: float) -> None:
        """Send something on `data` that is of no image."""
        self._queue([self._settings.message(self._name, "data", content)], now)

    def offer(self, image: str, orders: Orders, now: float) -> None:
        """Describe an image; `orders` are the faults that stand for it.

        Its chunks follow at once where the camera does not wait to be asked for them.
        """
        if not self._settings.waits:
            self.send(image, orders, now)
            return
        self._orders[image] = orders
        match _value(orders, "metadata"):
            case "drop":
                return
            case "late":
                late = now + LATE_SECONDS
                self._agenda.put(
                    f"late {image}", late, lambda at: self._late(image, at)
                )
            case "double":
                self._queue([self._description(image, now)] * 2, now)
            case _:
                self._queue([self._description(image, now)], now)

    def send(self, image: str, orders: Orders, now: float) -> None:
        """Send all chunks, after a description where there was none since it woke."""
        described = image in self._orders
        orders = self._orders.setdefault(image, orders)
        indexes = self._which(image, orders)
        messages = [self._chunk(image, index) for index in indexes]
        if "chunks_doubled" in orders:
            messages = [each for each in messages for _ in range(2)]
        description = self._description(image, now)
        match _value(orders, "metadata"):
            case "double":
                messages.append(description)
            case "late" if not described:
                messages.append(description)
        if not described and _value(orders, "metadata") not in ("drop", "late"):
            messages.insert(0, description)
        self._queue(messages, now, orders.get("dies_sending"))

    def send_again(self, image: str, asked: Sequence[Any], now: float) -> None:
        """Send the chunks that were asked for, of those that were sent before."""
        if image not in self._lost:
            return
        for_ever = _value(self._orders[image], "chunks_lost") == "all"
        lost = self._lost[image] if for_ever else frozenset()
        indexes = self._indexes(image)
        chunks = [
            self._chunk(image, index)
            for index in asked
            if type(index) is int and index in indexes and index not in lost
        ]
        self._queue(chunks, now)

    def late_chunks(self, image: str) -> list[Message]:
        """Return the chunks that come once more, after the image is complete."""
        if "chunks_late" not in self._orders.get(image, {}):
            return []
        return [self._chunk(image, each) for each in self._indexes(image)[:LATE_CHUNKS]]

    def _late(self, image: str, now: float) -> list[Effect]:
        self._queue([self._description(image, now)], now)
        return []

    def _which(self, image: str, orders: Orders) -> list[int]:
        """Return the chunks that get through, in the order in which they leave."""
        indexes = [*self._indexes(image)]
        lost = self._lost.get(image)
        if lost is None:
            many = max(1, len(indexes) // ONE_LOST_OF)
            some = self._chance.sample(indexes, many) if "chunks_lost" in orders else ()
            lost = self._lost[image] = frozenset(some)
        elif _value(orders, "chunks_lost") != "all":
            lost = frozenset()
        indexes = [index for index in indexes if index not in lost]
        if "chunks_shuffled" in orders:
            self._chance.shuffle(indexes)
        return indexes

    def _queue(
        self, messages: Sequence[Message], now: float, dies: Order | None = None
    ) -> None:
        self._uncommitted += messages
        if dies is not None:
            self._uncommitted.insert(len(self._uncommitted) // 2, dies)
        self._go_on(now)

    def _go_on(self, now: float) -> None:
        self._agenda.put("chunk", now + self._settings.chunk_seconds, self._next)

    def _next(self, now: float) -> list[Effect]:
        if not self._uncommitted:
            return []
        message = self._uncommitted.popleft()
        if isinstance(message, Order):
            return self._die(message, now)
        self._on_message(now)
        self._go_on(now)
        return [message]

    def _indexes(self, image: str) -> range:
        settings = self._settings
        count = -(-len(self._content(image)) // settings.chunk_bytes)
        return range(settings.counts_from, settings.counts_from + count)

    def _content(self, image: str) -> bytes:
        return picture(number_of(image), self._settings.image_bytes)

    def _chunk(self, image: str, index: int) -> Message:
        size = self._settings.chunk_bytes
        at = (index - self._settings.counts_from) * size
        said = {
            "image_name": image,
            "chunk_id": index,
            "max_chunk_size": size,
            **self._settings.as_payload(self._content(image)[at : at + size]),
        }
        return self._settings.message(self._name, "data", said)

    def _description(self, image: str, now: float) -> Message:
        size, chunks = len(self._content(image)), len(self._indexes(image))
        told = saying.Image(image, size, chunks)
        said = saying.description(self._settings, told, now)
        return self._settings.message(self._name, "data", said)


def _value(orders: Orders, fault: str) -> str:
    return orders[fault].value if fault in orders else ""
