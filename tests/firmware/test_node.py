"""What the core says and does beside what it shares with every good node."""

from __future__ import annotations

import pytest

from .conftest import MakeNode
from .native import NativeNode, ack, evt, feed

NOW = 1_800_000_000


def test_it_remembers_before_it_answers_and_moves(node: NativeNode) -> None:
    came = node.tell(feed(17))
    assert came.order == ["wrote", "say", "say", "move"]
    assert came.answers == [ack(17)]
    assert [each["id"] for each in came.moved] == [17]
    node.do("cut 0")
    node.end_work()
    node.power()
    assert node.tell(feed(17)).moved == []


def test_it_hands_the_board_what_is_to_be_done(node: NativeNode) -> None:
    items = [{"pill_id": 3, "quantity": 12}]
    (told,) = node.tell(feed(17, items=items, target_room=2, patient_id=9)).moved
    assert told == {
        "id": 17,
        "kind": "feed",
        "portions": 12,
        "hopper": 3,
        "bowl": 2,
        "pet": 9,
        "servo": 0,
        "on": 0,
    }


def test_it_says_how_it_is_and_what_it_is_doing(node: NativeNode) -> None:
    about = {"fw": "native", "dedupes": 1, "reset": "power"}
    came = node.do("connect")
    assert came.retained == [True, False]
    assert came.said == [
        ("state", {"online": 1, "uptime": 0, "writes": 0, **about}),
        (
            "state",
            {"online": 1, "ready": 1, "clock": 0, "uptime": 0, "writes": 0, **about},
        ),
    ]
    node.tell(feed(17))
    node.do("motor moving 40")
    (said,) = node.wait(2).said
    busy = {"ready": 0, "busy": 17, "progress": 40, "writes": 1}
    assert said == ("state", {"online": 1, "clock": 0, "uptime": 2, **about, **busy})


def test_it_says_that_it_is_ready_every_2_s_and_that_it_is_there_every_5_s(
    node: NativeNode,
) -> None:
    said = [(second, node.wait(1)) for second in range(1, 11)]
    assert [at for at, came in said if True in came.retained] == [5, 10]
    assert [at for at, came in said if False in came.retained] == [2, 4, 6, 8, 10]


def test_its_uptime_goes_on_when_the_milliseconds_begin_anew(node: NativeNode) -> None:
    node.do("tick 4294967000")
    node.do("tick 704")
    assert node.state()["uptime"] == 4_294_968


@pytest.mark.parametrize("status", ["success", "failed", "jammed", "empty"])
def test_it_says_how_the_motor_ended(node: NativeNode, status: str) -> None:
    node.tell(feed(17))
    assert node.end_work(status).answers == [evt(17, status)]
    node.power()
    assert node.tell(feed(17)).answers == [ack(17), evt(17, status)]


def test_a_motor_that_does_not_stop_is_halted(make_node: MakeNode) -> None:
    node = make_node(work_limit=30)
    node.power()
    node.tell(feed(17))
    node.do("motor moving 90")
    node.wait(29.9)
    came = node.wait(0.1)
    assert came.other == ["halt"]
    assert came.answers == [evt(17, "timeout")]
    assert node.state()["ready"] == 0


def test_after_a_halt_it_takes_only_a_restart_until_the_motor_stands(
    make_node: MakeNode,
) -> None:
    node = make_node(work_limit=30)
    node.power()
    node.tell(feed(17))
    node.do("motor moving 90")
    node.wait(30)
    assert node.tell(feed(18)).answers == [ack(18, "busy")]
    node.end_work()
    assert node.state()["ready"] == 1
    assert node.tell(feed(19)).moved
    node.do("motor moving 90")
    node.wait(60)
    came = node.tell({"queue_id": 20, "op": "reboot"})
    assert came.answers == [ack(20), evt(20)]


def test_it_starts_anew_once_what_it_said_has_had_time_to_leave(
    node: NativeNode,
) -> None:
    came = node.tell({"queue_id": 18, "op": "reboot"})
    assert came.answers == [ack(18), evt(18)]
    assert came.other == []
    assert node.tell(feed(19)).said == []
    assert node.wait(0.2).other == ["restart"]
    node.power()
    assert node.state()["last_id"] == 18


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        ("no portions", feed(18, items=[])),
        ("no portions", feed(18, items=[{"pill_id": 1, "quantity": 0}])),
        ("no portions", feed(18, items=[{"quantity": 1}, {"quantity": 1}])),
        ("no portions", feed(18, items=[{"pill_id": 1, "quantity": 70_000}])),
        ("expired", feed(18, expires_at=NOW)),
    ],
)
def test_it_says_why_it_refuses(
    node: NativeNode, reason: str, command: dict[str, object]
) -> None:
    node.do(f"clock {NOW}")
    came = node.tell(command)
    assert came.answers == [ack(18, reason)]
    assert (came.moved, came.wrote) == ([], [])


def test_it_refuses_while_it_works_and_while_its_board_is_not_ready(
    node: NativeNode,
) -> None:
    node.tell(feed(17))
    assert node.tell(feed(18)).answers == [ack(18, "busy")]
    node.end_work()
    node.do("ready 0")
    assert node.state()["ready"] == 0
    assert node.tell(feed(19)).answers == [ack(19, "not ready")]
    node.do("ready 1")
    node.do("refuse no such hopper")
    assert node.tell(feed(20)).answers == [ack(20, "no such hopper")]


def test_one_that_serves_wants_a_bowl_and_no_items(make_node: MakeNode) -> None:
    node = make_node("serves")
    node.power()
    assert node.tell({"queue_id": 17}).answers == [ack(17, "no bowl")]
    (told,) = node.tell({"queue_id": 18, "target_room": 3}).moved
    assert (told["bowl"], told["portions"]) == (3, 0)


def test_it_obeys_the_end_of_a_command_only_once_its_clock_is_set(
    node: NativeNode,
) -> None:
    assert node.state()["clock"] == 0
    assert node.tell(feed(17, expires_at=1)).moved
    node.end_work()
    node.do(f"clock {NOW}")
    assert node.state()["clock"] == NOW
    assert node.tell(feed(18, expires_at=NOW + 5)).moved
    node.end_work()
    node.wait(5)
    assert node.tell(feed(19, expires_at=NOW + 5)).answers == [ack(19, "expired")]


def test_its_clock_goes_on_by_milliseconds(node: NativeNode) -> None:
    node.do(f"clock {NOW}.250")
    node.wait(1.8)
    assert node.state()["clock"] == NOW + 2.05
    node.do(f"clock {NOW}")
    assert node.state()["clock"] == NOW


def test_it_begins_in_the_round_in_which_its_moment_comes(node: NativeNode) -> None:
    node.do(f"clock {NOW}.900")
    assert node.tell(feed(17, execute_at=NOW + 2.125)).answers == [ack(17)]
    assert node.wait(1.224).moved == []
    assert node.state()["busy"] == 17
    (told,) = node.wait(0.001).moved
    assert told["id"] == 17


def test_a_clock_that_is_set_meanwhile_moves_no_moment(node: NativeNode) -> None:
    node.do(f"clock {NOW}")
    node.tell(feed(17, execute_at=NOW + 2))
    node.do(f"clock {NOW - 3600}")
    assert node.wait(1.999).moved == []
    assert node.wait(0.001).moved


def test_without_a_clock_no_moment_is_waited_for(node: NativeNode) -> None:
    assert node.tell(feed(17, execute_at=5)).moved


def test_what_waits_or_moves_is_not_said_to_be_executed(node: NativeNode) -> None:
    node.do(f"clock {NOW}")
    node.tell(feed(16))
    node.end_work()
    node.tell(feed(17, execute_at=NOW + 5))
    assert node.state()["last_id"] == 16
    assert node.wait(5).moved
    assert node.state()["last_id"] == 16
    node.end_work()
    assert node.state()["last_id"] == 17


def test_what_it_could_not_say_it_says_when_it_is_back(node: NativeNode) -> None:
    node.tell(feed(17))
    node.do("wire 0")
    node.end_work()
    node.do("wire 1")
    assert node.do("connect").answers == [evt(17)]
    assert node.do("connect").answers == []


def test_what_a_loss_of_power_broke_off_it_says_of_itself(node: NativeNode) -> None:
    node.tell(feed(17))
    came = node.power()
    assert came.answers == [evt(17, "interrupted")]
    assert came.said[0] == came.answers[0]
    assert node.tell(feed(17)).answers == [ack(17), evt(17, "interrupted")]


def test_an_id_that_it_may_have_forgotten_is_refused(node: NativeNode) -> None:
    for queue_id in range(101, 119):
        node.tell(feed(queue_id))
        node.end_work()
    for queue_id in (101, 102):
        came = node.tell(feed(queue_id))
        assert came.answers == [ack(queue_id, "older than what is remembered")]
    assert node.tell(feed(103)).answers == [ack(103), evt(103)]
    assert node.state()["last_id"] == 118


def test_a_restart_that_overtook_a_meal_does_not_make_it_a_repeat(
    node: NativeNode,
) -> None:
    node.tell({"queue_id": 18, "op": "reboot"})
    node.power()
    assert node.tell(feed(17)).moved
