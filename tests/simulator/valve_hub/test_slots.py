"""The slots of a plan that nodes keep."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings, strategies as st
import pytest

from simulator.valve_hub.slots import WEEK, Slot

from .bench import START, HubBench


class TestASlot:
    SET = "SET_SCHEDULE 1 0 8:01 60 32 1"

    def test_runs_by_itself_on_its_days(self) -> None:
        bench = HubBench()
        bench.send(self.SET)
        bench.run(60)
        assert bench.events() == [("1", 0x70, 0), ("1", 0x75, 1)]
        assert bench.executed_ids()[1:] == ["slot 0 2027-01-15T08:01"]
        bench.run(60)
        assert bench.events()[2:] == [("1", 0x74, 1)]
        bench.run(WEEK)
        assert bench.executed_ids()[2:] == ["slot 0 2027-01-22T08:01"]

    def test_that_is_removed_does_not_run(self) -> None:
        bench = HubBench()
        bench.send(self.SET, "REMOVE_SCHEDULE 1 0")
        bench.run(61)
        assert bench.events() == [("1", 0x70, 0), ("1", 0x71, 0)]

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            ("SET_SCHEDULE 1 100 9:00 60 32 1", 3),
            ("SET_SCHEDULE 1 1 25:00 60 32 1", 1),
            ("SET_SCHEDULE 1 1 9:00 0 32 1", 1),
            ("SET_SCHEDULE 1 1 9:00 60 0 1", 1),
            ("SET_SCHEDULE 1 1 8:01 60 32 0", 4),
            ("SET_SCHEDULE 1 1 8:00 61 127 0", 4),
        ],
    )
    def test_that_cannot_be_says_why(self, line: str, error: int) -> None:
        bench = HubBench()
        bench.send(self.SET, line)
        bench.run(6)
        slot = int(line.split()[2])
        assert bench.events()[1:] == [("1", 0x72, (error << 8) + slot)]
        assert bench.executed_ids() == [self.SET], "what fails was not executed"

    @pytest.mark.parametrize(
        "line",
        [
            "SET_SCHEDULE 1 1 8:02 60 32 0",
            "SET_SCHEDULE 1 1 8:00 60 127 0",
            "SET_SCHEDULE 1 7 8:01 60 95 1",
            "SET_SCHEDULE 1 0 8:01 90 32 1",
        ],
    )
    def test_beside_another_is_no_overlap(self, line: str) -> None:
        bench = HubBench()
        bench.send(self.SET, line)
        bench.run(6)
        assert [event for _, event, _ in bench.events()] == [0x70, 0x70]

    def test_that_is_not_there_is_removed_too(self) -> None:
        bench = HubBench()
        bench.send("REMOVE_SCHEDULE 1 5", "REMOVE_SCHEDULE 1 200")
        bench.run(6)
        assert bench.events() == [("1", 0x71, 5), ("1", 0x71, 200)]

    def test_of_a_valve_that_is_not_there_never_runs(self) -> None:
        bench = HubBench()
        bench.send("SET_SCHEDULE 1 0 8:01 60 32 7")
        bench.run(600)
        assert bench.events() == [("1", 0x70, 0)]

    def test_that_goes_on_after_midnight_is_not_seen_there(self) -> None:
        late, early = Slot(23, 59, 600, 127, 1), Slot(0, 0, 600, 127, 1)
        assert not late.overlaps(early)

    def test_outlives_the_power(self) -> None:
        bench = HubBench()
        bench.send(self.SET, "SET_WAKE_INTERVAL 1 20")
        bench.run(6)
        after = HubBench(memory=bench.memory)
        assert after.first.slots == {0: Slot(8, 1, 60, 32, 1)}
        assert after.first.wake_seconds == 20
        after.run(61)
        assert after.executed_ids() == ["slot 0 2027-01-15T08:01"]


@pytest.mark.parametrize("memory", [{"1": []}, {"1": {}}, {"1": {"slots": 1}}])
def test_a_foreign_flash_is_refused(memory: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="flash"):
        HubBench(memory=memory)


SLOTS = st.builds(
    Slot,
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    duration=st.integers(1, 7200) | st.integers(1, 65_535),
    days=st.integers(1, 127),
    valve=st.integers(0, 1),
)


def minutes(slot: Slot) -> set[int]:
    """Return the minutes after midnight in which it runs, also those after the next."""
    begins = slot.hour * 60 + slot.minute
    return set(range(begins, begins + -(-slot.duration // 60)))


@settings(deadline=None, max_examples=50)
@given(one=SLOTS, other=SLOTS)
def test_slots_overlap_in_minutes_on_the_days_they_share(
    one: Slot, other: Slot
) -> None:
    shared = bool(one.days & other.days)
    assert one.overlaps(other) == (shared and bool(minutes(one) & minutes(other)))
    assert one.overlaps(other) == other.overlaps(one)


@settings(deadline=None)
@given(slot=SLOTS, now=st.integers(int(START), int(START) + 2 * WEEK))
def test_a_slot_next_runs_at_its_time_on_one_of_its_days(slot: Slot, now: int) -> None:
    at = slot.next_start(now)
    when = datetime.fromtimestamp(at, UTC)
    assert now < at <= now + WEEK
    assert (when.hour, when.minute, when.second) == (slot.hour, slot.minute, 0)
    assert slot.days >> (when.isoweekday() % 7) & 1
