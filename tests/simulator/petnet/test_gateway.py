"""Simulated feeders of protocol 5: what they do, and the faults they can be given."""

from __future__ import annotations

import json

import pytest

from .bench import DEVICE, ENTRY, FEEDING, GATEWAY, OTHER, START, PetnetBench, hid

HOUR = 3600
BUDGET = {
    "recipe": "E0000001",
    "tbsp_per_feeding": 2,
    "g_per_tbsp": 5,
    "budget_tbsp": 8,
}
SCHEDULE = [ENTRY, {**ENTRY, "feeding_id": "b", "time": 64800, "active": False}]


def test_a_gateway_checks_in_and_its_feeder_says_that_it_holds_nothing() -> None:
    bench = PetnetBench()
    assert [uri for _, uri, _ in bench.asked] == [
        f"/api/v1/kronos/gateways/{GATEWAY}/checkin"
    ]
    assert [content["s|msg_type"] for _, content in bench.said] == [
        "hb",
        "sensor",
        "hash",
    ]
    assert bench.hashes() == [""]


def test_it_says_again_and_again_that_it_is_there() -> None:
    bench = PetnetBench()
    bench.run(300)
    assert [at for at, _ in bench.of_type("hb")] == [30.0 * k for k in range(11)]
    assert [at for at, _ in bench.of_type("sensor")] == [0, 300]


def test_a_feed_is_received_executed_told_and_succeeded() -> None:
    bench = PetnetBench()
    bench.send("feed", {"portion": 0.125})
    bench.run(3)
    assert bench.deeds() == [("feed", hid(0))]
    assert bench.events() == [(0, "a received"), (3, "a succeeded")]
    ((at, result),) = bench.of_type("feed_result")
    assert at == 3
    assert (result["i|stime"], result["i|etime"]) == (START, START + 3)
    assert (result["i|src"], result["f|e_g"], result["f|a_g"]) == (4, 14, 14)
    assert (result["b|fail"], result["f|h_s"] - result["f|h_e"]) == (False, 14)


def test_feeds_come_one_after_the_other_and_a_repeat_is_another_feed() -> None:
    bench = PetnetBench()
    for _ in range(2):
        bench.send("feed", {"portion": 0.0625})
    bench.run(6)
    assert bench.deeds() == [("feed", hid(0))] * 2
    assert bench.events() == [
        (0, "a received"),
        (3, "a succeeded"),
        (3, "a received"),
        (6, "a succeeded"),
    ]


@pytest.mark.parametrize("portion", [0, 0.05, 0.1, 2.0625, "1", None])
def test_a_portion_that_is_none_fails(portion: object) -> None:
    bench = PetnetBench()
    bench.send("feed", {"portion": portion})
    assert bench.events() == [(0, "a received"), (0, "a failed")]
    assert json.loads(bench.asked[-1][2]) == {"error": "bad_portion"}
    assert bench.deeds() == []


@pytest.mark.parametrize("stepwise", [False, True])
@pytest.mark.parametrize("name", ["dance", "set_button", "set_budget", "set_schedule"])
def test_a_name_that_it_does_not_know_is_dropped_without_a_word(
    name: str, stepwise: bool
) -> None:
    bench = PetnetBench(stepwise=stepwise)
    bench.send(name, {"enable": True})
    bench.send("schedule" if stepwise else "schedule_clear", {}, number=1)
    assert bench.events() == []
    assert bench.deeds() == []
    assert len(bench.notes) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("button_enable_remote", {"enable": "yes"}),
        ("utc_offset", {"utc_offset": 50_401}),
        ("utc_offset", {"seconds": 0}),
        ("budget", {"recipe": "E0000001"}),
        ("budget", {**BUDGET, "recipe": "AB1234567"}),
        ("budget", {**BUDGET, "g_per_tbsp": 0}),
        ("reboot", []),
    ],
)
def test_content_that_makes_no_sense_under_a_name_that_it_knows_fails(
    name: str, content: object
) -> None:
    bench = PetnetBench()
    bench.send(name, content)
    assert bench.events() == [(0, "a received"), (0, "a failed")]
    assert json.loads(bench.asked[-1][2]) == {"error": "bad_payload"}
    assert bench.deeds() == []


def test_a_budget_names_the_recipe_of_what_it_feeds_from_then_on() -> None:
    bench = PetnetBench()
    bench.send("feed", {"portion": 0.0625})
    bench.send("budget", BUDGET, number=1)
    bench.send("feed", {"portion": 0.0625}, number=2)
    bench.run(6)
    results = [content for _, content in bench.of_type("feed_result")]
    assert [each["s|rid"] for each in results] == ["", "E0000001"]


def test_a_request_waits_until_the_one_before_was_answered() -> None:
    bench = PetnetBench()
    bench.answers = False
    bench.send("utc_offset", {"utc_offset": 0})
    bench.run(4.9)
    assert [word for _, word in bench.events()] == ["a received"]
    bench.run(0.1)
    assert [word for _, word in bench.events()] == ["a received", "a succeeded"]
    bench.run(5)
    assert bench.node.unanswered == 2


def test_a_reply_to_nothing_is_noted() -> None:
    bench = PetnetBench()
    bench.reply("who")
    bench.receive(f"krs/api/stg/{GATEWAY}", b'{"requestId":"who"}')
    assert bench.notes == [
        "nobody waits for a reply to who",
        "got a reply that it cannot read",
    ]


def test_its_button_feeds_unless_it_is_locked() -> None:
    bench = PetnetBench()
    bench.order("press=now")
    bench.run(3)
    bench.send("button_enable_remote", {"enable": False})
    bench.order("press=now")
    bench.run(3)
    assert [kind for kind, _ in bench.deeds()] == ["button", "button_enable_remote"]
    assert [content["i|src"] for _, content in bench.of_type("feed_result")] == [5]
    assert [word for _, word in bench.events()] == ["a received", "a succeeded"]


def test_a_reboot_is_reported_and_the_gateway_checks_in_anew() -> None:
    bench = PetnetBench()
    bench.send("reboot", {})
    assert bench.events() == [(0, "a received"), (0, "a succeeded")]
    bench.run(1)
    assert bench.connections == 0
    bench.run(2)
    assert bench.connections == 1
    assert [uri.endswith("/checkin") for _, uri, _ in bench.asked].count(True) == 2


def test_a_command_for_a_feeder_that_is_not_here_is_dropped() -> None:
    bench = PetnetBench()
    bench.send("reboot", {}, device="elsewhere")
    bench.receive(f"krs/cmd/stg/{GATEWAY}", b"\xff")
    assert bench.events() == []
    assert len(bench.notes) == 2


def test_a_gateway_plays_several_feeders_and_stays_while_one_of_them_has_power() -> (
    None
):
    bench = PetnetBench(feeders=(DEVICE, OTHER))
    bench.order(f"node={DEVICE},die=now")
    bench.send("feed", {"portion": 1}, device=DEVICE)
    bench.send("feed", {"portion": 1}, number=1, device=OTHER)
    bench.run(3)
    assert bench.connections == 1
    assert bench.events() == [(0, "b received"), (3, "b succeeded")]
    bench.order("die=now")
    assert bench.connections == 0
    bench.order("clear=all")
    bench.run(0)
    assert bench.connections == 1


# faults


@pytest.mark.parametrize(
    ("fault", "events"),
    [
        ("received=drop", [(3, "a succeeded")]),
        ("received=delay,seconds=9", [(3, "a succeeded"), (9, "a received")]),
        (
            "received=double",
            [(0, "a received"), (0, "a received"), (3, "a succeeded")],
        ),
        ("succeeded=drop", [(0, "a received")]),
        ("succeeded=delay,seconds=9", [(0, "a received"), (12, "a succeeded")]),
        (
            "succeeded=double",
            [(0, "a received"), (3, "a succeeded"), (3, "a succeeded")],
        ),
        ("silent=works", []),
        ("fail=jammed", [(0, "a received"), (3, "a failed")]),
        ("die=executed", [(0, "a received")]),
    ],
)
def test_a_fault_of_its_requests_leaves_the_feed_as_it_is(
    fault: str, events: list[tuple[float, str]]
) -> None:
    bench = PetnetBench()
    bench.order(fault)
    bench.send("feed", {"portion": 1})
    bench.run(20)
    assert bench.events() == events
    assert bench.deeds() == [("feed", hid(0))]


@pytest.mark.parametrize(
    ("fault", "events"),
    [("silent=idle", []), ("die=accepted", [(0, "a received")])],
)
def test_a_fault_before_the_work_keeps_it_from_feeding(
    fault: str, events: list[tuple[float, str]]
) -> None:
    bench = PetnetBench()
    bench.order(fault)
    bench.send("feed", {"portion": 1})
    bench.run(20)
    assert bench.events() == events
    assert bench.deeds() == []


@pytest.mark.parametrize(
    ("fault", "told_at"),
    [
        ("feed_result=drop", []),
        ("feed_result=double", [3, 3]),
        ("feed_result=delay,seconds=9", [12]),
    ],
)
def test_a_fault_of_the_feed_result(fault: str, told_at: list[float]) -> None:
    bench = PetnetBench()
    bench.order(fault)
    bench.send("feed", {"portion": 1})
    bench.run(20)
    assert [at for at, _ in bench.of_type("feed_result")] == told_at


def test_a_meal_that_fails_says_why() -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.order("fail=motor_stalled")
    bench.run(9 * HOUR)
    ((_, result),) = bench.of_type("feed_result")
    assert (result["b|fail"], result["s|err"], result["f|a_g"]) == (
        True,
        "motor_stalled",
        0,
    )


def test_a_meal_that_is_missed_is_not_run() -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.order("meals=missed")
    bench.run(9 * HOUR)
    assert bench.of_type("feed_result") == []
    bench.order("clear=meals")
    bench.run(24 * HOUR)
    assert len(bench.of_type("feed_result")) == 1


def test_a_schedule_that_is_not_applied_is_after_a_restart() -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.order("schedule=after_restart")
    bench.send("schedule", [{**ENTRY, "feeding_id": "new", "time": 36000}], number=1)
    bench.run(12 * HOUR)
    bench.send("reboot", {}, number=2)
    bench.run(24 * HOUR)
    assert [each.split("@")[0] for kind, each in bench.deeds() if kind == "meal"] == [
        FEEDING,
        "new",
    ]


def test_a_feeder_that_forgets_says_that_it_holds_nothing_and_runs_nothing() -> None:
    bench = PetnetBench()
    bench.send("schedule", SCHEDULE)
    bench.order("forget=schedule")
    assert bench.hashes()[-1] == ""
    bench.run(9 * HOUR)
    assert bench.of_type("feed_result") == []


def test_a_trace_is_no_utf_8() -> None:
    bench = PetnetBench()
    bench.order("trace=now")
    (trace,) = bench.raw
    assert b'"trace"' in trace
    with pytest.raises(UnicodeDecodeError):
        trace.decode()


def test_a_feeder_can_spell_its_hid_in_another_way() -> None:
    bench = PetnetBench()
    bench.order("spelling=upper")
    bench.run(30)
    assert bench.of_type("hb")[-1][1]["_|deviceHid"] == DEVICE.upper()
