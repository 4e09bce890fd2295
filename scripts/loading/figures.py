"""What was measured, beside its limit where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .watch import percentile


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `kept` is None where there is no limit."""

    what: str
    found: str
    limit: str = ""
    kept: bool | None = None


def number(what: str, found: float, limit: float | None = None) -> Figure:
    """Return a whole number that may be at most `limit`."""
    if limit is None:
        return Figure(what, f"{found:,.0f}")
    return Figure(what, f"{found:,.0f}", f"at most {limit:,.0f}", found <= limit)


def times(
    what: str, seconds: Sequence[float], limit: float | None = None, *, top: float = 100
) -> Figure:
    """Return how long something took; the percentile `top` may be at most `limit`."""
    if not seconds:
        nothing = Figure(what, "none seen")
        return nothing if limit is None else replace(nothing, limit="some", kept=False)
    found = "p50 {:.0f}, p99 {:.0f}, max {:.0f} ms of {:,}".format(
        *(1000 * percentile(seconds, percent) for percent in (50, 99, 100)),
        len(seconds),
    )
    if limit is None:
        return Figure(what, found)
    name = "max" if top == 100 else f"p{top:.0f}"  # noqa: PLR2004 - percent
    kept = percentile(seconds, top) <= limit
    return Figure(what, found, f"{name} at most {1000 * limit:,.0f} ms", kept)


def text(figures: Sequence[Figure]) -> str:
    """Return the figures as a person reads them in a terminal."""
    width = max(len(figure.what) for figure in figures)
    lines = []
    for figure in figures:
        verdict = {None: "", True: "ok", False: "BROKEN"}[figure.kept]
        limit = f"  ({figure.limit}: {verdict})" if verdict else ""
        lines.append(f"{figure.what:<{width}}  {figure.found}{limit}")
    return "\n".join(lines)


def markdown(figures: Sequence[Figure]) -> str:
    """Return the figures as a table for the documents."""
    rows = ["| figure | found | limit | kept |", "| --- | --- | --- | --- |"]
    for figure in figures:
        kept = {None: "", True: "yes", False: "**no**"}[figure.kept]
        rows.append(f"| {figure.what} | {figure.found} | {figure.limit} | {kept} |")
    return "\n".join(rows)
