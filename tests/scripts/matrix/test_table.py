"""The tables, from runs that are given."""

from __future__ import annotations

from scripts.matrix.runs import Run
from scripts.matrix.table import OF_QUEUES, points, proven, resent, totals, trials_at
from scripts.matrix.trials import TRIALS
from scripts.matrix.verdict import Answered, Outcome, Told, Verdict


def run(
    *verdicts: Verdict,
    arm: str = "kill",
    nodes: str = "old",
    point: str = "before the write",
    late: bool = False,
) -> Run:
    return Run(
        arm=arm,
        nodes=nodes,
        point=point,
        verdicts=frozenset(verdicts),
        outcomes={},
        resent=late,
    )


RUNS = [
    run(),
    run(Verdict.TWICE, Verdict.UNEXPLAINED, point="after the write"),
    run(Verdict.LOST, Verdict.UNRECORDED, nodes="new"),
    run(arm="term"),
]


def test_totals_have_a_row_for_each_arm_and_sort_of_nodes() -> None:
    rows = totals({"kill": "Killed", "term": "Ended"}, RUNS).splitlines()
    assert rows[2:] == [
        "| Killed | forget what they executed | 2 | 1 | 0 | 1 | 0 |",
        "| Killed | drop repeats, tell `last_id` | 1 | 0 | 1 | 0 | 1 |",
        "| Ended | forget what they executed | 1 | 0 | 0 | 0 | 0 |",
    ]


def test_points_come_in_the_order_in_which_they_were_met() -> None:
    rows = points("kill", RUNS, OF_QUEUES).splitlines()
    assert rows == [
        "| Point | Runs | Executed twice | Lost | Left unexplained |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| before the write | 2 | 0 | 1 | 0 |",
        "| after the write | 1 | 1 | 0 | 1 |",
    ]


def test_nodes_that_prove_what_they_did_have_ends_beside_what_is_wrong() -> None:
    def ended(told: Told, *verdicts: Verdict) -> Run:
        outcome = Outcome(Answered.STORED, (told,), {"1": 1}, proven=True)
        return Run(
            arm="power",
            nodes="native",
            point="a write",
            verdicts=frozenset(verdicts),
            outcomes={10: outcome},
        )

    runs = [
        ended(Told.SUCCEEDED),
        ended(Told.SUCCEEDED),
        ended(Told.BROKEN_OFF),
        ended(Told.IN_DOUBT, Verdict.DOUBTED),
    ]
    rows = proven({"power": "Cut", "kill": "Killed"}, runs).splitlines()
    assert rows[0].startswith("| Arm | Runs | Done, and said so | Broken off, ")
    assert rows[0].endswith("| Left for a person |")
    assert rows[2:] == ["| Cut | 4 | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |"]


def test_what_was_resent_is_counted() -> None:
    rows = resent({"kill": "Cut"}, [run(late=True), run()]).splitlines()
    assert rows[2:] == ["| Cut | 2 | 1 |"]


def test_a_command_has_a_row_that_says_how_its_orders_ended() -> None:
    feed, schedule = TRIALS["petnet"]

    def ended(number: int, *told: Told, times: int) -> Run:
        outcome = Outcome(Answered.STORED, told, {"1": times})
        return Run(
            arm=feed.name,
            nodes="",
            point="",
            verdicts=frozenset({Verdict.TWICE} if times > 1 else ()),
            outcomes={number: outcome},
        )

    runs = [
        ended(10, Told.SUCCEEDED, times=1),
        ended(20, Told.SUCCEEDED, times=2),
        ended(30, Told.NOT_DONE, times=0),
        ended(40, times=0),
        ended(50, Told.IN_DOUBT, times=1),
        ended(60, Told.IN_DOUBT, times=0),
    ]
    rows = trials_at((feed, schedule), runs).splitlines()
    assert rows[2:] == ["| feed | once | 6 | 2 | 1 | 1 | 2 | 1 | 0 | 0 | 0 |"]
