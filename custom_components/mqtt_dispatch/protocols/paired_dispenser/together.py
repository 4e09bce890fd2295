"""What lets the nodes of a pair begin together: one moment, by clocks that agree.

A node that says what its clock shows can wait for a moment. By how much its clock is
ahead of ours is told by each report that comes, less what that was on its way: of the
latest the one counts that came fastest. Only where the clocks differ among each other
matters, not where all of them are wrong.

The moment is stored with the first message of a command, so that a node which is told
once more, be it after a restart, is told the same. Nodes begin at once what comes after
its moment: nobody is fed by half for a message that was late.
"""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import Final, override

from ...engine.model.clock import Now
from ...engine.model.command import Command
from ...engine.model.effects import Effect
from ...engine.model.reports import Heard, Hello, Readings, Seen
from ...engine.model.session import Host, Session
from ...engine.model.step import Course
from ..base import Site
from .reports import CLOCK_DIFFERENCE, Clocked

AGREE_WITHIN: Final = 0.2
"""Seconds by which clocks may differ of nodes that are to begin together."""
LEAD: Final = 2.0
"""Seconds from a decision until its moment: for the disk, the wire and the nodes."""

_EXECUTE_AT: Final = "execute_at"
_LATEST: Final = 5
"""Reports of a node, of which the one counts that came fastest."""
_NOT_ALL_LATE: Final = 3
"""Reports in a row: where all of them show a clock behind, it was set back."""
_SET: Final = 1.0
"""Seconds: by more than that no message is late, but a clock was set."""
_SHOWN: Final = 20.0
"""Milliseconds by which a difference must change to be shown anew."""


class PairSession(Session):
    """Follows the clocks of the nodes, and has what they do together begin at once."""

    def __init__(self, host: Host) -> None:
        """Begin with no clock known."""
        self._host = host
        self._ahead: dict[str, deque[float]] = {}
        """By how many seconds clocks are ahead of our steady one, latest last."""
        self._shown: dict[str, float] = {}

    @property
    @override
    def listens(self) -> bool:
        """See `Session`: what is said without a clock is news of one that had one."""
        return bool(self._ahead)

    @override
    def connection(self, now: Now, *, up: bool) -> None:
        """See `Session`."""
        self._ahead.clear()

    @override
    def take(self, report: Heard, now: Now) -> list[Effect | Seen | Hello]:
        """See `Session`."""
        match report:
            case Clocked(node=node):
                self._heard(node, report.clock - now.steady)
            case Seen(node=node, ready=bool()) | Seen(node=node, online=False):
                self._ahead.pop(node, None)
            case _:
                return []
        first, *others = self._host.station.nodes
        changed = others if node == first else [node]
        return [*chain.from_iterable(self._shown_anew(first, each) for each in changed)]

    @override
    def remembers(self, command: Command, node: str, step: int, now: Now) -> Readings:
        """See `Session`: the moment at which all of its nodes are to begin."""
        if command.ever_sent:
            known = (each.remembered for each in command.deliveries if each.attempts)
            return next(filter(None, known), {})
        ahead = [self._of(each) for each in command.nodes]
        known_ahead = [each for each in ahead if each is not None]
        if (
            command.kind != "feed"
            or len(ahead) == 1
            or len(known_ahead) != len(ahead)
            or max(known_ahead) - min(known_ahead) > AGREE_WITHIN
        ):
            return {}
        return {_EXECUTE_AT: round(now.steady + LEAD + max(known_ahead), 3)}

    def _heard(self, node: str, ahead: float) -> None:
        latest = self._ahead.setdefault(node, deque(maxlen=_LATEST))
        if latest and abs(max(latest) - ahead) > _SET:
            latest.clear()
        latest.append(ahead)
        newest = list(latest)[-_NOT_ALL_LATE:]
        if max(latest) - max(newest) > AGREE_WITHIN:
            latest.clear()
            latest.extend(newest)

    def _of(self, node: str) -> float | None:
        """Return by how much a clock is ahead; a report is only ever late."""
        return max(self._ahead[node]) if node in self._ahead else None

    def _shown_anew(self, first: str, node: str) -> list[Seen]:
        """Return what is to be shown of a node's clock, if it is not shown so."""
        ahead, other = self._of(first), self._of(node)
        shown = self._shown.get(node)
        if node == first or node not in self._host.station.nodes:
            return []
        if ahead is None or other is None:
            if self._shown.pop(node, None) is None:
                return []
            untold = frozenset({CLOCK_DIFFERENCE})
            return [Seen(node=node, live=False, untold=untold)]
        differs = float(round(abs(other - ahead) * 1000))
        if shown is not None and abs(differs - shown) < _SHOWN:
            return []
        self._shown[node] = differs
        return [Seen(node=node, live=False, readings={CLOCK_DIFFERENCE: differs})]


def moment_of(command: Command, node: str) -> float | None:
    """Return when a node is to begin a command, in unix seconds of its own clock.

    None: as soon as it is told.
    """
    delivery = command.delivery(node)
    moment = None if delivery is None else delivery.remembered.get(_EXECUTE_AT)
    return moment if isinstance(moment, int | float) else None


def course(_site: Site, command: Command, node: str) -> Course:
    """Return that a node waits for its moment before it begins; see `Course`."""
    return Course() if moment_of(command, node) is None else Course(lasts=LEAD)
