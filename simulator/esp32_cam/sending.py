"""How a camera sends an image: its description, its chunks, and what goes wrong."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
import random
from typing import TYPE_CHECKING, Any

from simulator.esp32_cam.memory import number_of
from simulator.esp32_cam.picture import picture
from simulator.esp32_cam.wire import Settings, as_payload
from simulator.faults import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.node import Agenda, Effect, Message

ONE_LOST_OF = 15
LATE_CHUNKS = 3
CELSIUS = 21.5
FAHRENHEIT = 70.7


class Sending:
    """The images that a camera is sending, one after the other.

    `on_message` is told of each message that leaves, `die` loses the camera's power.
    """

    def __init__(
        self,
        mac: str,
        settings: Settings,
        agenda: Agenda,
        *,
        on_message: Callable[[float], None],
        die: Callable[[Order, float], list[Effect]],
    ) -> None:
        self._mac = mac
        self._settings = settings
        self._agenda = agenda
        self._on_message = on_message
        self._die = die
        self._chance = random.Random(mac)
        self._outbox: deque[Message | Order] = deque()
        self._orders: dict[str, Mapping[str, Order]] = {}

    def forget(self) -> None:
        self._outbox.clear()
        self._orders.clear()

    def send(self, name: str, orders: Mapping[str, Order], now: float) -> None:
        """Send a whole image; `orders` are the faults that stand for it."""
        self._orders[name] = orders
        indexes = [*self._indexes(name)]
        if "chunks_lost" in orders:
            lost = self._chance.sample(indexes, max(1, len(indexes) // ONE_LOST_OF))
            indexes = [index for index in indexes if index not in lost]
        if "chunks_shuffled" in orders:
            self._chance.shuffle(indexes)
        messages = [self._chunk(name, index) for index in indexes]
        description = self._description(name, now)
        match orders["metadata"].value if "metadata" in orders else "on_time":
            case "late":
                messages.append(description)
            case "double":
                messages = [description, *messages, description]
            case "on_time":
                messages.insert(0, description)
        if "chunks_doubled" in orders:
            messages = [each for each in messages for _ in range(2)]
        self._outbox += messages
        if "dies_sending" in orders:
            self._outbox.insert(len(self._outbox) // 2, orders["dies_sending"])
        self._go_on(now)

    def send_again(self, name: str, asked: Sequence[Any], now: float) -> None:
        """Send the chunks that were asked for, as far as there are such."""
        lost = self._orders.get(name, {}).get("chunks_lost")
        if lost is not None and lost.value == "all":
            return
        indexes = self._indexes(name)
        self._outbox += [
            self._chunk(name, index)
            for index in asked
            if type(index) is int and index in indexes
        ]
        self._go_on(now)

    def late_chunks(self, name: str) -> list[Message]:
        """Return the chunks that come once more, after the image is complete."""
        if "chunks_late" not in self._orders.get(name, {}):
            return []
        return [self._chunk(name, index) for index in self._indexes(name)[:LATE_CHUNKS]]

    def _go_on(self, now: float) -> None:
        self._agenda.put("chunk", now + self._settings.chunk_seconds, self._next)

    def _next(self, now: float) -> list[Effect]:
        if not self._outbox:
            return []
        message = self._outbox.popleft()
        if isinstance(message, Order):
            return self._die(message, now)
        self._on_message(now)
        self._go_on(now)
        return [message]

    def _indexes(self, name: str) -> range:
        settings = self._settings
        count = -(-len(self._content(name)) // settings.chunk_bytes)
        return range(settings.counts_from, settings.counts_from + count)

    def _content(self, name: str) -> bytes:
        return picture(number_of(name), self._settings.image_bytes)

    def _chunk(self, name: str, index: int) -> Message:
        size = self._settings.chunk_bytes
        at = (index - self._settings.counts_from) * size
        said = {
            "image_name": name,
            "chunk_id": index,
            "max_chunk_size": size,
            "payload": as_payload(self._settings, self._content(name)[at : at + size]),
        }
        return self._settings.message(self._mac, "data", said)

    def _description(self, name: str, now: float) -> Message:
        settings = self._settings
        measured = {
            "temperature": FAHRENHEIT if settings.fahrenheit else CELSIUS,
            "humidity": 48.2,
            "pressure": 1013.2,
            "gas_resistance": 52.1,
        }
        drifted = settings.metadata == "drifted"
        nested = settings.metadata == "nested"
        said = {
            "image_name": name,
            "image_id": number_of(name),
            "image_size": len(self._content(name)),
            "max_chunks_size" if drifted else "max_chunk_size": settings.chunk_bytes,
            "total_chunk_count" if drifted else "total_chunks_count": len(
                self._indexes(name)
            ),
            "timestamp" if drifted else "capture_timestamp": _told(settings, now),
            "location": "garden",
            "error": 0,
            **({"sensor_data": measured} if nested else measured),
        }
        return settings.message(self._mac, "data", said)


def _told(settings: Settings, now: float) -> str | float:
    match settings.clock:
        case "seconds":
            return int(now)
        case "milliseconds":
            return int(now * 1000)
        case "unset":
            return "1970-01-01T00:00:12Z"
        case _:
            return f"{datetime.fromtimestamp(int(now), UTC):%Y-%m-%dT%H:%M:%SZ}"
