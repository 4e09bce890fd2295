"""A few at once, and then no more than there is time for."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.runtime.rate_limit import Pace


def test_a_few_may_be_done_at_once_and_the_next_must_wait() -> None:
    pace = Pace(every=0.1, at_once=3)

    assert [pace.wait(50.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert pace.wait(50.0) == pytest.approx(0.1)


def test_who_waits_gets_one_turn_after_the_other() -> None:
    pace = Pace(every=0.1, at_once=1)
    now = 50.0
    for _ in range(100):
        now += pace.wait(now)

    assert now == pytest.approx(50.0 + 99 * 0.1)


def test_a_rest_is_worth_no_more_than_a_few() -> None:
    pace = Pace(every=0.1, at_once=2)
    for _ in range(20):
        pace.wait(50.0)

    assert [pace.wait(500.0) for _ in range(2)] == [0.0, 0.0]
    assert pace.wait(500.0) == pytest.approx(0.1)


def test_nobody_waits_longer_than_a_turn_whatever_the_clock_says() -> None:
    pace = Pace(every=0.1, at_once=2)
    pace.wait(5000.0)

    assert pace.wait(50.0) <= 0.1 + 1e-9


def test_ten_a_second_never_wait() -> None:
    pace = Pace(every=0.1, at_once=2)

    assert {pace.wait(50.0 + turn / 10) for turn in range(100)} == {0.0}
