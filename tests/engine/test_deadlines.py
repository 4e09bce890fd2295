"""The one list of all that time brings: first things first, and nothing forgotten."""

from __future__ import annotations

from hypothesis import given, strategies as st

from custom_components.mqtt_dispatch.engine.deadlines import Deadlines, Due
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.effects import Commit

WALL = 1_784_548_800.0


def at(steady: float, wall: float | None = None) -> Now:
    return Now(WALL + steady if wall is None else wall, steady)


class Waiting:
    """A list whose moments tell when they have come."""

    def __init__(self) -> None:
        self.deadlines = Deadlines()
        self.came: list[tuple[str, float]] = []
        for due in (Due.SILENCE, Due.EXPIRY):
            self.deadlines.when(due, self._came)

    def _came(self, name: str, now: Now) -> None:
        self.came.append((name, now.steady))


def test_with_nothing_to_wait_for_there_is_no_next_moment() -> None:
    deadlines = Deadlines()

    assert deadlines.next(at(0)) is None
    assert deadlines.pass_time(at(1e9)) is None


def test_what_comes_sooner_than_before_is_told_once_and_what_moved_on_is_not() -> None:
    deadlines = Deadlines()
    deadlines.set(Due.SILENCE, "1", at=20.0)
    assert deadlines.take_sooner()
    assert not deadlines.take_sooner()

    deadlines.set(Due.SILENCE, "1", at=30.0)
    assert not deadlines.take_sooner()
    deadlines.set(Due.SILENCE, "1", at=25.0)
    assert deadlines.take_sooner(), "it is sooner than what was waited for last"

    deadlines.drop(Due.SILENCE, "1")
    assert not deadlines.take_sooner()
    deadlines.set(Due.SILENCE, "1", at=40.0)
    assert deadlines.take_sooner(), "nothing was waited for"
    deadlines.set(Due.EXPIRY, 1, at=WALL)
    assert deadlines.take_sooner()


def test_what_is_due_comes_once_and_in_the_order_of_time() -> None:
    waiting = Waiting()
    waiting.deadlines.set(Due.SILENCE, "later", at=20.0)
    waiting.deadlines.set(Due.SILENCE, "soon", at=10.0)

    assert waiting.deadlines.next(at(4)) == 6.0
    assert waiting.deadlines.pass_time(at(9.9)) is None
    waiting.deadlines.pass_time(at(20))
    waiting.deadlines.pass_time(at(30))

    assert waiting.came == [("soon", 20), ("later", 20)]
    assert waiting.deadlines.next(at(30)) is None


def test_a_moment_that_was_moved_on_does_not_come_at_its_old_time() -> None:
    waiting = Waiting()
    waiting.deadlines.set(Due.SILENCE, "1", at=10.0)
    waiting.deadlines.set(Due.SILENCE, "1", at=25.0)

    assert waiting.deadlines.next(at(0)) == 25.0
    assert waiting.deadlines.pass_time(at(10)) is None
    waiting.deadlines.pass_time(at(25))

    assert waiting.came == [("1", 25)]


def test_a_moment_that_was_moved_forward_comes_at_its_new_time_alone() -> None:
    waiting = Waiting()
    waiting.deadlines.set(Due.SILENCE, "1", at=25.0)
    waiting.deadlines.set(Due.SILENCE, "1", at=10.0)

    waiting.deadlines.pass_time(at(10))
    waiting.deadlines.pass_time(at(25))

    assert waiting.came == [("1", 10)]


def test_what_is_waited_for_no_more_never_comes() -> None:
    waiting = Waiting()
    waiting.deadlines.set(Due.SILENCE, "1", at=10.0)
    waiting.deadlines.set(Due.SILENCE, "2", at=10.0)
    waiting.deadlines.drop(Due.SILENCE, "1")
    waiting.deadlines.set(Due.SILENCE, "2", at=None)
    waiting.deadlines.drop(Due.SILENCE, "3")

    assert waiting.deadlines.next(at(0)) is None
    assert waiting.deadlines.pass_time(at(10)) is None


def test_a_clock_that_is_set_moves_only_what_is_on_it() -> None:
    waiting = Waiting()
    waiting.deadlines.set(Due.EXPIRY, "meal", at=WALL + 3600)
    waiting.deadlines.set(Due.SILENCE, "node", at=60.0)

    assert waiting.deadlines.next(at(0)) == 60.0
    assert waiting.deadlines.next(at(0, WALL + 3590)) == 10.0
    waiting.deadlines.pass_time(at(1, WALL + 7200))

    assert waiting.came == [("meal", 1)]


def test_a_moment_that_has_passed_is_waited_for_no_longer_than_at_once() -> None:
    waiting = Waiting()
    waiting.deadlines.set(Due.SILENCE, "1", at=10.0)

    assert waiting.deadlines.next(at(50)) == 0.0


def test_what_begins_when_something_is_due_may_be_due_at_once() -> None:
    deadlines = Deadlines()
    came = []

    def go_on(step: int, _: Now) -> list[Commit]:
        came.append(step)
        if step < 3:
            deadlines.set(Due.WAIT, step + 1, at=10.0)
        return [Commit()]

    deadlines.when(Due.WAIT, go_on)
    deadlines.set(Due.WAIT, 1, at=10.0)

    assert deadlines.pass_time(at(10)) == [Commit()] * 3
    assert came == [1, 2, 3]


def test_what_nobody_is_told_of_still_has_the_engine_look() -> None:
    deadlines = Deadlines()
    deadlines.set(Due.DAY, at=WALL + 5)

    assert deadlines.pass_time(at(5)) == []


moments = st.tuples(
    st.sampled_from("abcd"), st.none() | st.integers(min_value=0, max_value=100)
)


@given(st.lists(st.lists(moments, max_size=6), max_size=12))
def test_it_is_as_if_each_moment_were_looked_at_each_second(
    seconds: list[list[tuple[str, int | None]]],
) -> None:
    waiting = Waiting()
    expected: dict[str, int] = {}
    came = []
    for now, changes in enumerate(seconds):
        for name, moment in changes:
            waiting.deadlines.set(Due.SILENCE, name, at=moment)
            expected.pop(name, None)
            if moment is not None:
                expected[name] = moment
        assert waiting.deadlines.next(at(now)) == (
            max(0, min(expected.values()) - now) if expected else None
        )
        due = sorted(name for name, moment in expected.items() if moment <= now)
        came += [(name, now) for name in due]
        waiting.deadlines.pass_time(at(now))
        assert sorted(waiting.came) == sorted(came)
        for name in due:
            del expected[name]
    waiting.deadlines.pass_time(at(100))
    assert sorted(waiting.came) == sorted(
        [*came, *((name, 100) for name in expected)]
    ), "something was forgotten, or came twice"
