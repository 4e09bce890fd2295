"""When commands were sent."""

from __future__ import annotations

from tests.engine.driver import Driver


def sending_times(
    driver: Driver, command_id: int, node: str, *, within: float
) -> list[float]:
    """Return after which seconds from now a command is published, and now counts."""
    start = driver.now.steady
    before = 0
    times = []
    while driver.now.steady <= start + within:
        now = driver.times_published(command_id, node)
        times += [driver.now.steady - start] * (now - before)
        before = now
        driver.advance(0.5)
    return times
