"""What a node failed at, one command after the other, since it last did one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from ..ledger.ledger import Ledger
from ..model.command import Cause, Command, DeliveryState

MOST_IN_A_ROW = 20
"""More failures than these are not told apart, nor kept."""

_NO_WORD_OF_NODE = frozenset({Cause.TOLD, Cause.SUPERSEDED, Cause.NODE_REMOVED})


def did_it(command: Command, node: str) -> bool | None:
    """Return what a command that has ended says of a node: it did it, or it failed.

    None: nothing. It was never sent there, or it ended otherwise than by the node: a
    newer one took its place, or the node need not answer. What a person decided is
    settled, whatever it was.
    """
    delivery = command.delivery(node)
    if delivery is None or not delivery.attempts:
        return None
    cause = next(
        (
            entry.cause
            for entry in reversed(command.timeline)
            if entry.node == node and entry.state == delivery.state
        ),
        None,
    )
    if cause in _NO_WORD_OF_NODE:
        return None
    if cause is Cause.PERSON or delivery.state is DeliveryState.DONE:
        return True
    if delivery.state in (DeliveryState.FAILED, DeliveryState.REJECTED):
        return False
    return None


class Failures:
    """The latest failures of each node in a row, followed from command to command."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin with what the commands tell that have ended."""
        self._of: dict[str, deque[Command]] = {}
        for command in sorted(ledger.closed.values(), key=_ended_at):
            self._ended(command)
        ledger.when_gone(self._ended)

    def in_a_row(
        self, nodes: Iterable[str], limit: int
    ) -> dict[str, tuple[Command, ...]]:
        """Return what nodes failed at that did so `limit` times or more in a row.

        Oldest first, at most MOST_IN_A_ROW. A limit of 0 finds none.
        """
        return {
            node: tuple(failed)
            for node in nodes
            if limit and len(failed := self._of.get(node, ())) >= limit
        }

    def _ended(self, command: Command) -> None:
        if not command.state.final:
            return
        for node in command.nodes:
            match did_it(command, node):
                case True:
                    self._of.pop(node, None)
                case False:
                    self._of.setdefault(node, deque(maxlen=MOST_IN_A_ROW)).append(
                        command
                    )


def _ended_at(command: Command) -> float:
    return command.timeline[-1].at
