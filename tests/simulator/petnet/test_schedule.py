"""The schedules that feeders keep and run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .bench import ENTRY, FEEDING, START, PetnetBench, added, hid

HOUR = 3600
SCHEDULE = [ENTRY, {**ENTRY, "feeding_id": "b", "time": 64800, "active": False}]


def step_by_step(bench: PetnetBench, *lists: object, size: int = len(SCHEDULE)) -> None:
    """Send a schedule in one list, or in several."""
    steps = [
        ("schedule_clear", {}),
        ("schedule_mod_start", {"size": size}),
        *(("schedule_add", each) for each in lists or [added(SCHEDULE)]),
        ("schedule_mod_end", {}),
    ]
    for number, (name, content) in enumerate(steps):
        bench.send(name, content, number=number)


def test_an_old_firmware_takes_its_schedule_in_one_message_and_runs_it() -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.run(32 * HOUR + 3)
    assert bench.deeds() == [
        ("schedule", hid(0)),
        ("meal", f"{FEEDING}@{START + 8 * HOUR:.0f}"),
        ("meal", f"{FEEDING}@{START + 32 * HOUR:.0f}"),
    ]
    assert [
        (content["i|stime"] - START, content["i|src"], content["f|e_g"])
        for _, content in bench.of_type("feed_result")
    ] == [(8 * HOUR, 6, 28), (32 * HOUR, 6, 28)]
    assert bench.hashes()[-1] != ""


@pytest.mark.parametrize(
    "lists",
    [[added(SCHEDULE)], [added(SCHEDULE)[:1], added(SCHEDULE)[1:]]],
    ids=["in one list", "entry by entry"],
)
def test_a_new_firmware_takes_its_schedule_step_by_step_and_runs_it(
    lists: list[object],
) -> None:
    bench = PetnetBench(stepwise=True)
    step_by_step(bench, *lists)
    bench.run(9 * HOUR)
    assert [word for _, word in bench.events()] == [
        f"{letter} {word}"
        for letter in "abcde"[: 3 + len(lists)]
        for word in ("received", "succeeded")
    ]
    assert bench.deeds() == [
        ("schedule_mod_end", hid(2 + len(lists))),
        ("meal", f"{FEEDING}@{START + 8 * HOUR:.0f}"),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        [("schedule_mod_start", {"size": 1})],
        [("schedule_clear", {}), ("schedule_add", [{"index": 0, "data": ENTRY}])],
        [("schedule_clear", {}), ("schedule_mod_end", {})],
        [
            ("schedule_clear", {}),
            ("schedule_mod_start", {"size": 1}),
            ("schedule_mod_end", {}),
        ],
        [
            ("schedule_clear", {}),
            ("schedule_mod_start", {"size": 2}),
            ("schedule_add", [{"index": 1, "data": ENTRY}]),
        ],
        [
            ("schedule_clear", {}),
            ("schedule_mod_start", {"size": 1}),
            ("schedule_add", [{"index": 0, "data": ENTRY}]),
            ("schedule_add", [{"index": 1, "data": ENTRY}]),
        ],
        [("schedule_clear", {}), ("schedule_mod_start", {"size": -1})],
        [
            ("schedule_clear", {}),
            ("schedule_mod_start", {"size": 1}),
            ("schedule_add", [{"index": 0, "data": {}}]),
        ],
        [
            ("schedule_clear", {}),
            ("schedule_mod_start", {"size": 2}),
            ("schedule_add", list(reversed(added(SCHEDULE)))),
        ],
        [
            ("schedule_clear", {}),
            ("schedule_mod_start", {"size": 1}),
            ("schedule_add", {"index": 0, "data": ENTRY}),
        ],
    ],
)
def test_a_step_out_of_order_fails(steps: list[tuple[str, object]]) -> None:
    bench = PetnetBench(stepwise=True)
    for number, (name, content) in enumerate(steps):
        bench.send(name, content, number=number)
    assert [word.endswith("failed") for _, word in bench.events()[1::2]] == [
        *[False] * (len(steps) - 1),
        True,
    ]
    assert json.loads(bench.asked[-1][2]) == {"error": "out_of_order"}


@pytest.mark.parametrize("entries", [[], SCHEDULE], ids=["none", "two"])
def test_a_list_can_be_refused_and_an_entry_is_not(entries: list[Any]) -> None:
    bench = PetnetBench(stepwise=True)
    bench.order("list=refused")
    step_by_step(bench, added(entries), size=len(entries))
    assert [word for _, word in bench.events()][4:] == [
        *["c received", "c failed", "d received", "d failed"]
    ]
    assert json.loads(bench.asked[-3][2]) == {"error": "bad_list"}
    each = [[entry] for entry in added(entries)]
    bench.send("schedule_clear", {})
    bench.send("schedule_mod_start", {"size": len(entries)})
    for one in each:
        bench.send("schedule_add", one)
    bench.send("schedule_mod_end", {})
    assert bench.deeds()[-1][0] == "schedule_mod_end"


def test_a_schedule_that_stopped_in_the_middle_leaves_none_until_it_begins_anew() -> (
    None
):
    bench = PetnetBench(stepwise=True)
    step_by_step(bench)
    bench.order("die=syncing,seconds=60")
    step_by_step(bench)
    assert bench.connections == 0
    bench.run(60)
    assert bench.hashes()[-1] == ""
    step_by_step(bench)
    assert bench.hashes()[-1] != ""
    bench.run(9 * HOUR)
    assert [kind for kind, _ in bench.deeds()].count("meal") == 1


@pytest.mark.parametrize(("offset", "at"), [(3600, 7), (-18000, 13), (0, 8)])
def test_a_meal_runs_at_local_time(offset: int, at: int) -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.send("utc_offset", {"utc_offset": offset}, number=1)
    bench.run(24 * HOUR - 1)
    assert [executed for executed in bench.deeds() if executed[0] == "meal"] == [
        ("meal", f"{FEEDING}@{START + at * HOUR:.0f}")
    ]


def test_what_it_holds_outlives_a_loss_of_power() -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.send("utc_offset", {"utc_offset": 3600})
    again = PetnetBench(memory=json.loads(json.dumps(bench.memory)))
    assert again.hashes() == [bench.hashes()[-1]]
    again.run(7 * HOUR)
    assert [kind for kind, _ in again.deeds()] == ["meal"]
