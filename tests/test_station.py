"""When a cron expression is next due, also on the nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.station import next_time_in

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def due(cron: str, zone: ZoneInfo, *after: int) -> datetime:
    """Return when it is next due after a moment, both in UTC."""
    wall = datetime(*after, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]
    found = next_time_in(zone, cron, wall)
    assert found is not None
    return datetime.fromtimestamp(found, UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("30 17 * * *", BERLIN, (2026, 7, 1, 12), (2026, 7, 1, 15, 30)),
        ("30 17 * * *", BERLIN, (2026, 7, 1, 15, 30), (2026, 7, 2, 15, 30)),
        ("*/15 * * * MON-FRI", BERLIN, (2026, 7, 4, 12), (2026, 7, 5, 22)),
        # clocks go forward: 2:30 does not come
        ("30 2 * * *", BERLIN, (2026, 3, 29, 0), (2026, 3, 29, 1)),
        # clocks go back: it came an hour ago, and does not come again
        ("30 2 * * *", BERLIN, (2026, 10, 25, 0), (2026, 10, 25, 0, 30)),
        ("30 2 * * *", BERLIN, (2026, 10, 25, 1, 10), (2026, 10, 26, 1, 30)),
        ("30 1 * * *", NEW_YORK, (2026, 11, 1, 6, 5), (2026, 11, 2, 6, 30)),
        ("*/15 * * * *", BERLIN, (2026, 10, 25, 1, 10), (2026, 10, 25, 1, 15)),
    ],
)
def test_is_the_first_moment_after(
    cron: str,
    zone: ZoneInfo,
    after: tuple[int, ...],
    expected: tuple[int, ...],
) -> None:
    """A camera that is told a time that is over sleeps through a whole day."""
    assert due(cron, zone, *after) == datetime(*expected, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize("cron", ["0 0 30 2 *", "61 * * * *", "@daily", "* * * *", ""])
def test_is_never_where_it_is_no_time(cron: str) -> None:
    """Such an expression is refused before anything is stored."""
    assert next_time_in(BERLIN, cron, 1_784_548_800.0) is None
