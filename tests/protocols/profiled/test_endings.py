"""Valves that do not say that they closed: what ends their opening, by the wire."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.protocols.profiled.following.asking import FIRST
from custom_components.mqtt_dispatch.protocols.profiled.following.heard import (
    ECHOED_WITHIN,
)
from tests.engine.driver import NOON
from tests.protocols.played import Played

from .shipped import spoken

TAP = "tap"
RUN = 600
KNOWN_BY = RUN + 30 + 30
"""Seconds from the opening, with what is tolerated and a margin."""
CLOSE = ("zigbee2mqtt/tap/set", '{"state":"OFF"}')
ASK = ("zigbee2mqtt/tap/get", '{"status":""}')


class Garden(Played):
    """A valve behind a bridge that is there."""

    def __init__(self) -> None:
        super().__init__(spoken("zigbee2mqtt"), {TAP: {"model": "neo_valve"}})
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})
        self.says("off")

    def says(self, status: str, **more: Any) -> None:
        self.hear(f"zigbee2mqtt/{TAP}", {"status": status, **more})

    def opens(self) -> int:
        """Have it opened, and say that it is."""
        run = self.put("open_valve", TAP, duration=RUN)
        self.says("on_manual_app")
        assert self.state(run) is CommandState.ACCEPTED
        self.taken()
        return run

    def closings(self) -> list[Command]:
        """Return what was ordered to end what may still be open, oldest first."""
        ledger = self.engine.ledger
        every = {**ledger.closed, **ledger.open}
        return [every[key] for key in sorted(every) if every[key].ends is not None]

    def restarts(self, away: float = 1.0) -> None:
        self.crash(away=away)
        self.connect()
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})


@pytest.fixture
def garden() -> Garden:
    return Garden()


def test_a_valve_that_says_in_time_that_it_closed_is_not_closed_again(
    garden: Garden,
) -> None:
    run = garden.opens()
    garden.advance(RUN)
    garden.says("off")
    garden.advance(3600)

    assert garden.state(run) is CommandState.SUCCEEDED
    assert garden.closings() == []
    assert garden.taken() == []


def test_a_valve_that_stays_open_is_closed_once_its_time_is_over(
    garden: Garden,
) -> None:
    run = garden.opens()
    garden.advance(KNOWN_BY - 1)
    assert garden.closings() == []

    garden.advance(2)
    (closing,) = garden.closings()
    assert closing.ends == run
    assert closing.timeline[0].cause is Cause.ENDS
    assert garden.state(run) is CommandState.UNCONFIRMED, "a person is told"
    assert garden.causes(run)[-1] is Cause.DONE_TIMEOUT
    assert garden.taken()[0] == CLOSE


def test_it_is_told_until_it_says_that_it_is_closed(garden: Garden) -> None:
    run = garden.opens()
    garden.advance(KNOWN_BY + 20)
    assert len(garden.taken()) > 2, "it is tried again and again"
    garden.says("on_manual_app", state="OFF")
    (closing,) = garden.closings()
    assert not closing.state.final, "that was the echo of the bridge"

    garden.says("off")
    assert garden.state(closing.id) is CommandState.SUCCEEDED
    assert garden.state(run) is CommandState.FAILED
    assert garden.causes(run)[-1] is Cause.ENDED
    garden.advance(3600)
    garden.taken()
    assert [each.id for each in garden.closings()] == [closing.id], "exactly once"


def test_an_opening_of_which_nothing_is_known_is_ended_as_well(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(31)
    assert garden.state(run) is CommandState.UNCONFIRMED
    garden.advance(KNOWN_BY - 32)
    assert garden.closings() == []

    garden.advance(2)
    (closing,) = garden.closings()
    garden.says("off")
    assert garden.state(closing.id) is CommandState.SUCCEEDED
    assert garden.state(run) is CommandState.UNCONFIRMED, "nobody knows if it opened"


def test_after_a_restart_what_was_left_of_its_time_counts(garden: Garden) -> None:
    run = garden.opens()
    garden.advance(400)
    garden.restarts(away=100)
    garden.advance(KNOWN_BY - 500 - 1)
    assert garden.closings() == []

    garden.advance(2)
    (closing,) = garden.closings()
    assert closing.ends == run


def test_what_ended_while_home_assistant_was_away_is_ended_at_its_start(
    garden: Garden,
) -> None:
    run = garden.opens()
    garden.restarts(away=7200)
    garden.says("on_manual_app")
    garden.advance(9)
    assert garden.closings() == [], "it may be about to say that it is closed"

    garden.advance(2)

    (closing,) = garden.closings()
    assert closing.ends == run
    assert CLOSE in garden.taken()


def test_a_kill_as_it_leaves_is_ended_as_well(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.restarts(away=7200)
    garden.advance(31)

    (closing,) = garden.closings()
    assert closing.ends == run


@pytest.mark.parametrize("when", [KNOWN_BY + 1, KNOWN_BY + 30])
def test_it_is_ordered_once_however_often_home_assistant_starts(
    garden: Garden, when: float
) -> None:
    garden.opens()
    garden.advance(when)
    (closing,) = garden.closings()
    for _ in range(3):
        garden.restarts()
        garden.advance(60)

    assert [each.id for each in garden.closings()] == [closing.id]
    garden.says("on_manual_app")
    garden.says("off")
    assert garden.state(closing.id) is CommandState.SUCCEEDED


def test_a_valve_that_is_silent_at_its_end_is_told_when_it_is_back(
    garden: Garden,
) -> None:
    run = garden.opens()
    garden.hear("zigbee2mqtt/tap/availability", {"state": "offline"})
    garden.advance(KNOWN_BY + 3600)
    (closing,) = garden.closings()
    assert closing.state is CommandState.QUEUED
    assert garden.taken() == []

    garden.hear("zigbee2mqtt/tap/availability", {"state": "online"})
    garden.says("on_manual_app")
    assert garden.taken() == [CLOSE]
    garden.says("off")
    assert garden.state(closing.id) is CommandState.SUCCEEDED
    assert garden.state(run) is CommandState.FAILED


def test_a_valve_that_comes_back_closed_is_told_nothing(garden: Garden) -> None:
    run = garden.opens()
    garden.hear("zigbee2mqtt/tap/availability", {"state": "offline"})
    garden.advance(KNOWN_BY + 3600)
    (closing,) = garden.closings()
    garden.says("off")
    garden.hear("zigbee2mqtt/tap/availability", {"state": "online"})
    garden.says("off")

    assert garden.state(run) is CommandState.SUCCEEDED
    assert garden.state(closing.id) is CommandState.SUPERSEDED
    assert garden.taken() == []


def test_a_newer_opening_has_an_end_of_its_own(garden: Garden) -> None:
    garden.put("open_valve", TAP, duration=RUN)
    garden.advance(31 + 600)
    newer = garden.put("open_valve", TAP, duration=1200)
    garden.says("on_manual_app")
    garden.advance(KNOWN_BY)
    assert garden.closings() == [], "it would close what is to be open"

    garden.advance(1200)
    (closing,) = garden.closings()
    assert closing.ends == newer


def test_a_newer_opening_that_waits_is_not_undone(garden: Garden) -> None:
    garden.opens()
    garden.hear("zigbee2mqtt/tap/availability", {"state": "offline"})
    waiting = garden.put("open_valve", TAP, duration=1200)
    later = garden.order(
        "open_valve",
        TAP,
        params={"duration": RUN},
        key="valve",
        at=garden.now.wall + 7200,
    )
    garden.advance(KNOWN_BY + 1)
    assert len(garden.closings()) == 1

    assert garden.state(waiting) is CommandState.QUEUED
    assert garden.state(later) is CommandState.QUEUED


def test_what_ends_it_is_needless_once_a_newer_opening_was_sent(
    garden: Garden,
) -> None:
    garden.opens()
    garden.advance(KNOWN_BY + 1)
    (closing,) = garden.closings()
    newer = garden.put("open_valve", TAP, duration=1200)
    garden.advance(601)
    assert garden.times_published(newer, TAP) == 1
    assert garden.state(closing.id) is CommandState.SUPERSEDED
    garden.taken()
    garden.advance(60)
    assert CLOSE not in garden.taken()


def test_a_newer_opening_that_was_refused_leaves_the_older_to_be_ended(
    garden: Garden,
) -> None:
    run = garden.opens()
    garden.advance(KNOWN_BY + 1)
    newer = garden.put("open_valve", TAP, duration=1200)
    garden.advance(601)
    garden.hear(
        "zigbee2mqtt/bridge/logging",
        {
            "level": "error",
            "message": "z2m: No converter available for 'on_with_countdown' on 'tap'",
        },
    )
    assert garden.state(newer) is CommandState.REJECTED
    garden.advance(1)

    first, second = garden.closings()
    assert first.state is CommandState.SUPERSEDED
    assert (second.ends, second.state.final) == (run, False)


def test_who_closes_it_meanwhile_has_ended_it(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(31)
    garden.put("close_valve", TAP)
    garden.says("off")
    garden.advance(KNOWN_BY + 60)

    assert garden.state(run) is CommandState.UNCONFIRMED
    assert garden.closings() == []


def test_a_valve_that_closed_early_is_not_closed_again(garden: Garden) -> None:
    run = garden.opens()
    garden.advance(200)
    garden.says("off")
    garden.advance(KNOWN_BY)

    assert garden.state(run) is CommandState.FAILED
    assert garden.closings() == []


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        pytest.param(Outcome.SUCCEEDED, True, id="it_happened"),
        pytest.param(Outcome.FAILED, False, id="it_did_not"),
    ],
)
def test_who_says_that_it_opened_does_not_say_that_it_closes(
    garden: Garden, outcome: Outcome, *, ended: bool
) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(40)
    garden.resolve(run, outcome)
    garden.taken()
    garden.advance(KNOWN_BY - 60)
    assert garden.taken() == [], "it has its time"

    garden.restarts()
    garden.says("on_manual_app")
    garden.advance(100)
    assert [each.ends for each in garden.closings()] == [run] * ended
    assert (CLOSE in garden.taken()) is ended


def test_what_was_sent_once_more_has_its_whole_time(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(31 + KNOWN_BY)
    (first,) = garden.closings()
    garden.resolve(run, Outcome.RESEND)
    garden.advance(1)
    assert garden.state(first.id) is CommandState.SUPERSEDED
    garden.taken()
    garden.says("on_manual_app")
    assert garden.state(run) is CommandState.ACCEPTED
    garden.advance(KNOWN_BY - 2)
    assert CLOSE not in garden.taken()

    garden.advance(3)
    assert [each.ends for each in garden.closings()] == [run, run]


def test_who_says_that_it_opened_ends_no_newer_opening(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(31)
    garden.resolve(run, Outcome.SUCCEEDED)
    newer = garden.put("open_valve", TAP, duration=1200)
    garden.advance(0.5)
    garden.says("on_manual_app")
    assert garden.state(newer) is CommandState.ACCEPTED
    garden.advance(1100)
    assert CLOSE not in garden.taken(), "it would close what is to be open"

    garden.advance(200)
    assert [each.ends for each in garden.closings()] == [newer]


class Ball(Played):
    """A drive that never closes by itself, behind a bridge that is there."""

    def __init__(self, wall: float = NOON) -> None:
        nodes = {TAP: {"model": "pushok_valve"}}
        super().__init__(spoken("zigbee2mqtt"), nodes, wall=wall)
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})
        self.says("OFF", state="OFF")

    def says(self, status: str, **more: Any) -> None:
        self.hear(f"zigbee2mqtt/{TAP}", {"status": status, **more})

    def closings(self) -> list[Command]:
        """Return what was ordered to end what may still be open, oldest first."""
        ledger = self.engine.ledger
        every = {**ledger.closed, **ledger.open}
        return [every[key] for key in sorted(every) if every[key].ends is not None]

    def opens(self) -> int:
        run = self.put("open_valve", TAP, duration=RUN)
        self.says("OFF", state="ON")
        assert self.state(run) is CommandState.SENT, "that was the echo"
        self.says("MOVING", state="ON")
        self.says("ON", state="ON")
        assert self.state(run) is CommandState.ACCEPTED
        assert self.taken() == [("zigbee2mqtt/tap/set", '{"state":"ON"}')]
        return run


@pytest.fixture
def ball() -> Ball:
    return Ball()


def test_what_a_newer_opening_did_not_take_over_is_ended_after_all(ball: Ball) -> None:
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.advance(31)
    ball.resolve(run, Outcome.SUCCEEDED)
    newer = ball.put("open_valve", TAP, duration=1200)
    ball.advance(RUN)
    assert CLOSE not in ball.taken(), "it may be open for longer"
    ball.resolve(newer, Outcome.FAILED)
    ball.advance(1)

    assert [each.ends for each in ball.closings()] == [run]
    assert CLOSE in ball.taken()


@pytest.mark.parametrize(
    "then",
    [
        pytest.param("said to have happened", id="said_to_have_happened"),
        pytest.param("stuck", id="stuck"),
    ],
)
def test_what_was_sent_once_more_has_an_end_of_its_own(ball: Ball, then: str) -> None:
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.advance(RUN + 65)
    ball.says("OFF", state="OFF")
    ball.advance(ECHOED_WITHIN + FIRST)
    assert ball.taken()[-1] == ASK
    ball.says("OFF", state="OFF")
    (first,) = ball.closings()
    assert first.state is CommandState.SUCCEEDED
    ball.resolve(run, Outcome.RESEND)
    ball.advance(31)
    ball.taken()
    if then == "stuck":
        ball.says("MOVING", state="ON")
        ball.says("STUCK", state="ON")
        ball.advance(1)
    else:
        ball.resolve(run, Outcome.SUCCEEDED)
        ball.advance(RUN)

    assert [each.ends for each in ball.closings()] == [run, run]
    assert CLOSE in ball.taken()


@pytest.mark.parametrize(
    "hours", [pytest.param(-3, id="back"), pytest.param(3, id="forward")]
)
def test_a_clock_that_is_set_moves_no_end(ball: Ball, hours: int) -> None:
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.advance(31)
    ball.resolve(run, Outcome.SUCCEEDED)
    ball.set_clock(hours * 3600)
    ball.taken()
    ball.advance(RUN - 32)
    assert CLOSE not in ball.taken(), "it has its time"

    ball.advance(2)
    assert CLOSE in ball.taken()


def test_a_run_from_before_a_clock_was_set_back_is_no_newer_one(ball: Ball) -> None:
    older = ball.put("open_valve", TAP, duration=RUN)
    ball.says("ON", state="ON")
    ball.says("OFF", state="OFF")
    assert ball.state(older).final
    ball.set_clock(-26 * 3600)
    ball.advance(3600)
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.says("ON", state="ON")
    ball.advance(RUN + 1)

    assert run in [each.ends for each in ball.closings()]
    assert CLOSE in ball.taken()


def test_a_doubt_from_before_a_clock_was_set_back_takes_over_no_run(ball: Ball) -> None:
    doubt = ball.put("open_valve", TAP, duration=RUN)
    ball.advance(RUN + 65)
    ball.says("OFF", state="OFF")
    ball.advance(ECHOED_WITHIN + FIRST)
    ball.says("OFF", state="OFF")
    assert ball.state(doubt) is CommandState.UNCONFIRMED
    (ended,) = ball.closings()
    assert ended.state is CommandState.SUCCEEDED
    ball.set_clock(-26 * 3600)
    ball.advance(3600)
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.says("ON", state="ON")
    ball.advance(RUN + 1)

    assert [each.ends for each in ball.closings()] == [doubt, run]


@pytest.mark.parametrize(
    "killed", [pytest.param(True, id="killed"), pytest.param(False, id="going_on")]
)
def test_what_began_before_the_clock_was_right_has_its_whole_time(
    *, killed: bool
) -> None:
    ball = Ball(wall=100.0)
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.advance(31)
    ball.resolve(run, Outcome.SUCCEEDED)
    if killed:
        ball.crash(away=0)
        ball.connect()
        ball.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    ball.set_clock(NOON)
    ball.advance(RUN - 3)
    assert ball.closings() == [], "it has its time"

    ball.advance(6)
    assert [each.ends for each in ball.closings()] == [run]


def test_what_never_closes_by_itself_is_closed_at_its_time(ball: Ball) -> None:
    run = ball.opens()
    ball.advance(RUN - 1)
    assert ball.taken() == []
    ball.advance(1)
    assert ball.taken() == [CLOSE]
    assert ball.state(run) is CommandState.ACCEPTED
    ball.says("ON", state="OFF")
    ball.says("OFF", state="OFF")

    assert ball.state(run) is CommandState.SUCCEEDED
    (closing,) = [each for each in ball.engine.ledger.closed.values() if each.ends]
    assert closing.state is CommandState.SUCCEEDED


def test_a_drive_that_cannot_close_is_told_again_and_again(ball: Ball) -> None:
    run = ball.opens()
    ball.advance(RUN + 121)

    assert len(ball.taken()) > 5
    assert ball.state(run) is CommandState.UNCONFIRMED


def test_a_drive_whose_opening_nobody_confirmed_is_closed_at_its_time(
    ball: Ball,
) -> None:
    ball.put("open_valve", TAP, duration=RUN)
    ball.advance(RUN - 1)
    assert CLOSE not in ball.taken()
    ball.advance(2)

    assert CLOSE in ball.taken()


def test_a_drive_that_is_stuck_has_failed_and_is_told_to_close(ball: Ball) -> None:
    run = ball.put("open_valve", TAP, duration=RUN)
    ball.says("MOVING", state="ON")
    ball.says("STUCK", state="ON")
    ball.advance(0)

    assert ball.state(run) is CommandState.FAILED
    assert CLOSE in ball.taken()


def test_a_kill_while_it_is_open_leaves_the_closing_to_be_ordered(ball: Ball) -> None:
    run = ball.opens()
    ball.crash(away=RUN / 2)
    ball.connect()
    ball.hear("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    ball.says("ON", state="ON")
    ball.advance(RUN / 2 + 1)

    assert CLOSE in ball.taken()
    assert ball.state(run) is CommandState.ACCEPTED
