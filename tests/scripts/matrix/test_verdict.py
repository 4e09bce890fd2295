"""What the comparison of an order with the ledger calls wrong."""

from __future__ import annotations

import pytest

from scripts.matrix.verdict import (
    Answered,
    Outcome,
    Told,
    Verdict,
    executed_after,
    executions,
    judge,
)

ONCE = {"1": 1, "2": 1}
NEVER = {"1": 0, "2": 0}
HALF = {"1": 1, "2": 0}
TWICE = {"1": 1, "2": 2}


def judged(
    answered: Answered,
    told: tuple[Told, ...],
    executed: dict[str, int],
    *,
    forgotten: bool = False,
    once: bool = True,
) -> set[Verdict]:
    return judge(Outcome(answered, told, executed, forgotten=forgotten, once=once))


@pytest.mark.parametrize("answered", [Answered.STORED, Answered.NEVER])
def test_an_order_executed_once_and_told_so_is_right(answered: Answered) -> None:
    assert judged(answered, (Told.SUCCEEDED,), ONCE) == set()


@pytest.mark.parametrize("executed", [ONCE, HALF, NEVER])
def test_a_doubt_that_is_shown_is_right_whatever_happened(
    executed: dict[str, int],
) -> None:
    assert judged(Answered.STORED, (Told.IN_DOUBT,), executed) == set()


@pytest.mark.parametrize("told", [Told.SUCCEEDED, Told.IN_DOUBT])
def test_one_node_that_executes_twice_is_enough(told: Told) -> None:
    assert judged(Answered.STORED, (told,), TWICE) == {Verdict.TWICE}


@pytest.mark.parametrize("executed", [NEVER, HALF])
@pytest.mark.parametrize("told", [(), (Told.OPEN,)])
def test_a_stored_order_that_nobody_executes_or_ends_is_lost(
    told: tuple[Told, ...], executed: dict[str, int]
) -> None:
    assert judged(Answered.STORED, told, executed) == {Verdict.LOST}


@pytest.mark.parametrize("told", [(), (Told.OPEN,)])
def test_an_executed_order_that_is_unknown_or_open_is_unexplained(
    told: tuple[Told, ...],
) -> None:
    assert judged(Answered.STORED, told, ONCE) == {Verdict.UNEXPLAINED}


@pytest.mark.parametrize("executed", [NEVER, HALF])
def test_success_that_did_not_happen_is_unexplained(executed: dict[str, int]) -> None:
    found = judged(Answered.STORED, (Told.SUCCEEDED,), executed)
    assert found == {Verdict.UNEXPLAINED}


@pytest.mark.parametrize("executed", [ONCE, HALF])
def test_an_end_without_execution_that_happened_is_unexplained(
    executed: dict[str, int],
) -> None:
    found = judged(Answered.STORED, (Told.NOT_DONE,), executed)
    assert found == {Verdict.UNEXPLAINED}


@pytest.mark.parametrize("told", [(), (Told.NOT_DONE,)])
def test_a_refused_order_that_nobody_executes_is_right(told: tuple[Told, ...]) -> None:
    assert judged(Answered.REFUSED, told, NEVER) == set()


@pytest.mark.parametrize("told", [(Told.SUCCEEDED,), (Told.IN_DOUBT,)])
def test_a_refused_order_that_is_executed_is_unexplained(
    told: tuple[Told, ...],
) -> None:
    assert judged(Answered.REFUSED, told, ONCE) == {Verdict.UNEXPLAINED}


def test_an_order_that_nobody_answered_may_be_unknown() -> None:
    assert judged(Answered.NEVER, (), NEVER) == set()


def test_an_order_that_nobody_answered_must_not_be_left_open() -> None:
    assert judged(Answered.NEVER, (Told.OPEN,), NEVER) == {Verdict.UNEXPLAINED}


def test_an_order_that_became_two_commands_is_unexplained() -> None:
    told = (Told.SUCCEEDED, Told.SUCCEEDED)
    assert judged(Answered.STORED, told, ONCE) == {Verdict.UNEXPLAINED}


def test_what_an_older_file_cannot_know_may_be_unknown() -> None:
    assert judged(Answered.STORED, (), ONCE, forgotten=True) == set()


def test_what_an_older_file_cannot_know_must_not_happen_again() -> None:
    found = judged(Answered.STORED, (), TWICE, forgotten=True)
    assert found == {Verdict.TWICE}


@pytest.mark.parametrize("executed", [ONCE, TWICE])
def test_what_may_be_repeated_is_right_once_it_is_done(
    executed: dict[str, int],
) -> None:
    told = (Told.SUCCEEDED,)
    assert judged(Answered.STORED, told, executed, once=False) == set()


@pytest.mark.parametrize("executed", [NEVER, ONCE])
@pytest.mark.parametrize("told", [Told.NOT_DONE, Told.IN_DOUBT])
def test_what_may_be_repeated_is_lost_without_success(
    told: Told, executed: dict[str, int]
) -> None:
    found = judged(Answered.STORED, (told,), executed, once=False)
    assert found == {Verdict.LOST}


LEDGER = [
    {"at": 10.0, "node": "1", "id": 4, "payload": {"patient_id": 7}},
    {"at": 11.0, "node": "2", "id": 4, "payload": {"patient_id": 7}},
    {"at": 12.0, "node": "2", "id": 5, "payload": {"patient_id": 7}},
    {"at": 13.0, "node": "1", "id": 5, "payload": {"patient_id": 8}},
    {"at": 14.0, "node": "1", "id": 6, "payload": {"op": "reboot"}},
]


def test_executions_count_by_the_tag_whatever_the_id() -> None:
    assert executions(LEDGER, ("1", "2"), 7) == {"1": 1, "2": 2}


def test_what_was_executed_later_is_found_by_the_tag() -> None:
    assert executed_after(LEDGER, 7, 11.5)
    assert not executed_after(LEDGER, 7, 12.0)


@pytest.mark.parametrize(
    ("executed", "found"),
    [
        (ONCE, set()),
        (HALF, set()),
        ({"1": 0, "2": 1}, {Verdict.UNEXPLAINED}),
        (NEVER, {Verdict.UNEXPLAINED}),
        ({"1": 1, "2": 2}, {Verdict.TWICE}),
    ],
)
def test_who_was_broken_off_may_have_moved_and_the_others_must_have(
    executed: dict[str, int], found: set[Verdict]
) -> None:
    outcome = Outcome(
        Answered.STORED, (Told.BROKEN_OFF,), executed, broken_off=frozenset({"2"})
    )
    assert judge(outcome) == found


def test_a_doubt_about_nodes_that_know_what_they_did_is_wrong() -> None:
    outcome = Outcome(Answered.STORED, (Told.IN_DOUBT,), ONCE, proven=True)
    assert judge(outcome) == {Verdict.DOUBTED}
