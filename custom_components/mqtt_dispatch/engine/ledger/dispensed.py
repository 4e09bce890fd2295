"""What nodes fed by themselves lately, each with a room of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..model.policy import DAY
from ..model.reports import Dispensed

LIMIT = 1000
"""So many reports of a node are kept, whatever it tells."""
KEPT_FOR = 2 * DAY
_CLOCK_AHEAD = 300.0
"""Seconds by which the clock of a node may be ahead."""


class DispensedLog:
    """The latest reports of each node, of the last two days.

    Nobody can fill it with what never happened, nor take from a node what it told.
    """

    def __init__(self, stored: Iterable[Dispensed]) -> None:
        """Take up what was stored."""
        self._of: dict[str, dict[float, Dispensed]] = {}
        for report in stored:
            self._of.setdefault(report.node, {})[report.started_at] = report

    def __iter__(self) -> Iterator[Dispensed]:
        """Go through all of them, node by node."""
        for reports in self._of.values():
            yield from reports.values()

    def take(self, report: Dispensed, wall: float) -> bool:
        """Keep a report; False if it is known, or of long ago."""
        before, at = self._of.get(report.node, {}), report.started_at
        if at in before or not -_CLOCK_AHEAD <= wall - at < KEPT_FOR:
            return False
        reports = {
            other: known for other, known in before.items() if wall - other < KEPT_FOR
        }
        reports[at] = report
        if len(reports) > LIMIT:
            del reports[min(reports)]
        self._of[report.node] = reports
        return at in reports

    def of(self, node: str) -> Collection[Dispensed]:
        """Return what is kept of a node."""
        return self._of.get(node, {}).values()

    def last_fed(self, node: str) -> float | None:
        """Return when a node last fed by itself, in unix seconds."""
        fed = (report.started_at for report in self.of(node) if not report.reason)
        return max(fed, default=None)
