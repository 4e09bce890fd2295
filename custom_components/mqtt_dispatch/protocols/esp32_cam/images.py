"""Images that come in parts: put together, asked for, given up.

Nothing that nodes say of an image is trusted. What they leave open is decided here:

- Nodes count parts from 0 or from 1. Part 0, or the part that bears the number of all
  parts, tells which. While neither came, the node counts as it did last time; one that
  never showed it is asked only for what it lacks either way.
- The first of two parts with the same number counts.
- Parts that come before the description are kept. While there is none, nothing can be
  asked for; the image is given up after the same time as any other.
- Before the first part nothing is missing: then the whole of an image is asked for. So
  it is from the second time on, for who did not hear of parts may hear of the image.
- Parts that do not add up to the size that was told are none: all are asked for anew.
- Another number of parts, or another size, under the same name is another image: the
  one before it stays incomplete. A size that is not told is not another one.
- The parts alone of an image that has ended are late, for as long as an image may take.
  So is the same description of a complete one, for `LATE_FOR`: the node is sent to
  sleep, so if it sends the image anew, it does so after it woke up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...engine.model.clock import Now
from ...engine.model.effects import ImageCame, ImageEffect, ImageIncomplete, Instruct
from ...engine.model.session import Host
from .image_reports import ImageInfo, ImagePart
from .instructions import Instruction, about_image

MOST_BYTES = 8 * 1024 * 1024
MOST_PARTS = 4096
SILENCE = 15.0
"""Seconds after which what is missing is asked for."""
MOST_ASKED = 3
DROPPED_AFTER = 30 * 60.0
"""Seconds that an image may take."""
LATE_FOR = 60.0
"""Seconds for which the description of a complete image is a late one."""
MOST_AT_A_NODE = 4
"""How many images of a node may be under way."""
MOST_UNDER_WAY = 32
MOST_BYTES_UNDER_WAY = 32 * 1024 * 1024
MOST_ENDED = 256
"""How many ended images are remembered."""

type _Key = tuple[str, str]
"""Node and name."""
type _Account = tuple[int, int | None]
"""How many parts and bytes an image has, as its node told it."""


@dataclass(slots=True)
class _Image:
    """An image under way. Times are steady seconds."""

    began: float
    heard: float
    """When a message of it came last, or when it was last asked for."""
    info: ImageInfo | None = None
    parts: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    """Bytes of all parts that came."""
    asked: int = 0
    """How often it was asked for, whole or not."""
    parts_asked: bool = False

    @property
    def deadline(self) -> float:
        return min(self.heard + SILENCE, self.began + DROPPED_AFTER)

    def describe(self, info: ImageInfo) -> None:
        self.info = info
        self.parts = {
            index: content
            for index, content in self.parts.items()
            if index <= info.parts
        }
        self.size = sum(map(len, self.parts.values()))

    def add(self, part: ImagePart) -> None:
        if part.index in self.parts or (self.info and part.index > self.info.parts):
            return
        self.parts[part.index] = part.content
        self.size += len(part.content)

    def forget_parts(self) -> None:
        self.parts = {}
        self.size = 0

    def counts_from(self) -> int | None:
        """Return the number of its first part, if the parts that came tell it."""
        if 0 in self.parts:
            return 0
        return 1 if self.info and self.info.parts in self.parts else None

    def missing(self, usually_from: int | None) -> list[int]:
        """Return the parts that are known to be missing, or may be."""
        if self.info is None:
            expected: Iterable[int] = range(min(self.parts), max(self.parts))
        else:
            first = self.counts_from()
            first = usually_from if first is None else first
            if first is None:
                # A node that counts from 0 has no last one, the other no part 0.
                expected = range(1, self.info.parts)
            else:
                expected = range(first, first + self.info.parts)
        return [index for index in expected if index not in self.parts]


@dataclass(frozen=True, slots=True)
class _Ended:
    at: float
    """Steady seconds."""
    account: _Account | None
    """Of a complete one, and of one that was refused."""
    complete: bool


class Images:
    """The images under way at nodes that are known."""

    def __init__(self, host: Host) -> None:
        """Begin with none. What it waits for are tuples of node and name."""
        self._host = host
        self._under_way: dict[_Key, _Image] = {}
        self._ended: dict[_Key, _Ended] = {}
        self._counts_from: dict[str, int] = {}

    def take(self, report: ImageInfo | ImagePart, now: Now) -> list[ImageEffect]:
        """Take in a description or a part."""
        key = report.node, report.name
        if key not in self._under_way and self._is_late(key, report, now):
            return []
        effects: list[ImageEffect] = []
        if isinstance(report, ImageInfo):
            if report.parts > MOST_PARTS or (report.size or 0) > MOST_BYTES:
                return self._refuse(key, report, now)
            known = self._under_way.get(key)
            if known and known.info and _is_other(report, _account(known.info)):
                effects += self._give_up(key, now)
        image = self._under_way.get(key)
        if image is None:
            image, dropped = self._begin(key, now)
            effects += dropped
        image.heard = now.steady
        if isinstance(report, ImagePart):
            image.add(report)
        elif image.info is None or image.info.size is None:
            image.describe(report)
        self._host.wait(key, image.deadline)
        return effects + self._bounded(key, now) + self._completed(key, now)

    def has_all(self, report: ImageInfo | ImagePart, now: Now) -> bool:
        """Whether a node describes an image that has just come, whole."""
        ended = self._ended.get((report.node, report.name))
        return (
            isinstance(report, ImageInfo)
            and ended is not None
            and ended.complete
            and _is_late_description(report, ended, now)
        )

    def follow_up(self, node: str, name: str, now: Now) -> list[ImageEffect | Instruct]:
        """Ask for what did not come of an image, or give up what never will."""
        key = (node, name)
        image = self._under_way[key]
        too_old = now.steady >= image.began + DROPPED_AFTER
        if too_old or image.asked == MOST_ASKED:
            return [*self._give_up(key, now)]
        image.asked += 1
        image.heard = now.steady
        self._host.wait(key, image.deadline)
        return [self._demand(key)] if image.info else []

    def under_way(self, node: str) -> list[str]:
        """Return what the images are called that a node described and still owes."""
        return [
            name
            for (owner, name), image in self._under_way.items()
            if owner == node and image.info
        ]

    def has_parts(self, node: str, name: str) -> bool:
        """Whether any part of an image under way has come."""
        image = self._under_way.get((node, name))
        return image is not None and bool(image.parts)

    def _demand(self, key: _Key) -> Instruct:
        """Return what makes a node send what is missing of an image."""
        image = self._under_way[key]
        missing = tuple(self._missing(key)) if image.parts else ()
        if missing and not image.parts_asked:
            image.parts_asked = True
            return about_image(*key, Instruction.SEND_PARTS, missing)
        return about_image(*key, Instruction.SEND)

    def _is_late(self, key: _Key, report: ImageInfo | ImagePart, now: Now) -> bool:
        ended = self._ended.get(key)
        if ended is None or now.steady >= ended.at + DROPPED_AFTER:
            return False
        if isinstance(report, ImagePart):
            return True
        return _is_late_description(report, ended, now)

    def _begin(self, key: _Key, now: Now) -> tuple[_Image, list[ImageEffect]]:
        effects: list[ImageEffect] = []
        own = [other for other in self._under_way if other[0] == key[0]]
        if len(own) >= MOST_AT_A_NODE:
            effects += self._give_up(self._most_silent(own), now)
        elif len(self._under_way) >= MOST_UNDER_WAY:
            effects += self._give_up(self._most_silent(self._under_way), now)
        self._ended.pop(key, None)
        image = self._under_way[key] = _Image(now.steady, now.steady)
        return image, effects

    def _bounded(self, key: _Key, now: Now) -> list[ImageEffect]:
        """Give up what is too large: this image, or the most silent of the others."""
        if self._under_way[key].size > MOST_BYTES:
            return self._give_up(key, now)
        effects: list[ImageEffect] = []
        while sum(i.size for i in self._under_way.values()) > MOST_BYTES_UNDER_WAY:
            others = [other for other in self._under_way if other != key]
            effects += self._give_up(self._most_silent(others), now)
        return effects

    def _most_silent(self, keys: Iterable[_Key]) -> _Key:
        return min(keys, key=lambda key: self._under_way[key].heard)

    def _completed(self, key: _Key, now: Now) -> list[ImageEffect]:
        image = self._under_way.get(key)
        if image is None or image.info is None or len(image.parts) < image.info.parts:
            return []
        first = image.counts_from()
        if first is None or self._missing(key):
            return []
        node, name = key
        self._counts_from[node] = first
        indexes = range(first, first + image.info.parts)
        content = b"".join(image.parts[index] for index in indexes)
        if image.info.size not in (None, len(content)):
            image.forget_parts()
            return []
        taken_at, problem = image.info.taken_at, image.info.problem
        self._end(key, now, _account(image.info), complete=True)
        return [
            ImageCame(
                node,
                name,
                content,
                now.wall if taken_at is None else taken_at,
                problem,
            )
        ]

    def _missing(self, key: _Key) -> list[int]:
        return self._under_way[key].missing(self._counts_from.get(key[0]))

    def _give_up(self, key: _Key, now: Now) -> list[ImageEffect]:
        image = self._under_way[key]
        if image.info:
            missing = max(1, image.info.parts - len(image.parts))
        else:
            missing = len(self._missing(key))
        self._end(key, now, None)
        return [ImageIncomplete(*key, missing)]

    def _refuse(self, key: _Key, info: ImageInfo, now: Now) -> list[ImageEffect]:
        self._end(key, now, _account(info))
        return [ImageIncomplete(*key, info.parts)]

    def _end(
        self, key: _Key, now: Now, account: _Account | None, *, complete: bool = False
    ) -> None:
        self._under_way.pop(key, None)
        self._host.wait(key, None)
        self._ended.pop(key, None)
        self._ended[key] = _Ended(now.steady, account, complete)
        while len(self._ended) > MOST_ENDED:
            del self._ended[next(iter(self._ended))]


def _account(info: ImageInfo) -> _Account:
    return info.parts, info.size


def _is_late_description(info: ImageInfo, ended: _Ended, now: Now) -> bool:
    in_time = now.steady < ended.at + LATE_FOR
    return in_time and ended.account is not None and not _is_other(info, ended.account)


def _is_other(info: ImageInfo, account: _Account) -> bool:
    """Whether a description is that of another image than the one of this account."""
    parts, size = account
    return info.parts != parts or (None not in (info.size, size) and info.size != size)
