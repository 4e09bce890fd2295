"""What water runs through, and how much of it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from .command import Command

type Order = tuple[str, Mapping[str, Any]]
"""A kind of command, and the params that such a command has among its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """Something of a node through which water runs, with a known flow."""

    what: str
    """Unique at its node."""
    flow: float
    """Litres per minute while it is open, or runs."""
    opens: Order
    closes: Order | None
    """What ends a run early."""
    state: str | None
    """The reading that is `open` or `closed`; None: its node tells none."""
    duration: str | None
    """The param of `opens` that says for how long; None: until it is closed."""
    per_second: int = 1
    """How much of that param is a second."""
    done_once_over: bool = False
    """Whether `opens` is taken when it opens and done once it has closed by itself;
    else it is done when it has opened."""

    def is_opened_by(self, command: Command) -> bool:
        """Whether a command is an order to open it."""
        return _is(command, self.opens)

    def is_closed_by(self, command: Command) -> bool:
        """Whether a command is an order to close it."""
        return self.closes is not None and _is(command, self.closes)

    def lasts(self, params: Mapping[str, Any]) -> float | None:
        """Return how long an order with these params opens it, in seconds.

        None: until it is closed.
        """
        if self.duration is None or self.duration not in params:
            return None
        return float(params[self.duration] / self.per_second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What ran through something, and the run that is under way or was the last."""

    node: str
    what: str
    litres: float = 0.0
    """Of all runs that have ended."""
    running: bool = False
    began_at: float | None = None
    """When that run did; unix seconds. None: there was none yet."""
    lasts: float | None = None
    """Seconds after which it is certainly over; None: only a closing ends it."""

    def began(self, at: float, lasts: float | None) -> Self:
        """Return it with a run that began at a unix second."""
        return replace(self, running=True, began_at=at, lasts=lasts)

    def ended(self, seconds: float, flow: float) -> Self:
        """Return it after a run of so long, at so many litres per minute."""
        litres = self.litres + seconds / 60 * flow
        return replace(self, litres=litres, running=False, lasts=None)


def nothing_metered(_node: str) -> tuple[Metered, ...]:
    """Return that nobody knows how much runs through anything of a node."""
    return ()


def _is(command: Command, order: Order) -> bool:
    kind, params = order
    return command.kind == kind and params.items() <= command.params.items()
