"""What the protocol of the feeder pair sends, to whom, and who is who."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.protocols.messages import Publication
from custom_components.mqtt_dispatch.protocols.paired_dispenser import protocol
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from tests.protocols.commands import NOWHERE

from .samples import HIGHEST_ID, NEWER, NOON, ORIGINAL, STATION, WIRE, a_command, sent


def test_it_listens_to_what_nodes_send_and_to_no_commands() -> None:
    assert WIRE.topics("a/b") == (
        "a/b/ack/+",
        "a/b/evt/+",
        "a/b/state/+",
        "a/b/vision/+",
    )


@pytest.mark.parametrize("node", ["1", "2", "12", "left", "a.b-c_d", "küche", "x" * 64])
def test_a_node_may_be_called(node: str) -> None:
    assert WIRE.node_name(node) == node


@pytest.mark.parametrize(
    "node",
    ["", "a/b", "+", "#", "a b", "a\u00a0b", "a\tb", "\x00", "\ud800", "x" * 65],
)
def test_a_node_may_not_be_called(node: str) -> None:
    assert WIRE.node_name(node) is None


FEED: dict[str, Any] = {"portions": 1, "hopper": 2, "bowl": 1, "pet": 3}

# params, expires_at, payload to node 1, payload to node 2
FEEDS: list[tuple[dict[str, Any], float | None, str, str]] = [
    (
        FEED,
        None,
        (
            '{"queue_id":17,"patient_id":3,"target_room":1,'
            '"items":[{"pill_id":2,"quantity":1}]}'
        ),
        '{"queue_id":17,"patient_id":3,"target_room":1}',
    ),
    (
        {"portions": 50},
        None,
        (
            '{"queue_id":17,"patient_id":0,"target_room":1,'
            '"items":[{"pill_id":1,"quantity":50}]}'
        ),
        '{"queue_id":17,"patient_id":0,"target_room":1}',
    ),
    (
        {"portions": 2, "hopper": 4, "bowl": 3},
        NOON,
        (
            '{"queue_id":17,"patient_id":0,"target_room":3,'
            '"items":[{"pill_id":4,"quantity":2}],"expires_at":1700000000}'
        ),
        '{"queue_id":17,"patient_id":0,"target_room":3,"expires_at":1700000000}',
    ),
]


@pytest.mark.parametrize(("params", "expires_at", "first", "second"), FEEDS)
def test_a_feed_goes_down_with_items_to_the_first_node_alone(
    params: dict[str, Any], expires_at: float | None, first: str, second: str
) -> None:
    command = a_command("feed", params, expires_at=expires_at)
    assert [sent(command, node) for node in STATION] == [
        (Publication("disp/cmd/1", first),),
        (Publication("disp/cmd/2", second),),
    ]


# kind, params, expires_at, payload
OPERATIONS: list[tuple[str, dict[str, Any], float | None, str]] = [
    ("reboot", {}, None, '{"queue_id":17,"op":"reboot"}'),
    ("reboot", {}, NOON, '{"queue_id":17,"op":"reboot","expires_at":1700000000}'),
    (
        "operate",
        {"op": "servo", "id": 4, "on": True},
        None,
        '{"queue_id":17,"op":"servo","id":4,"on":1}',
    ),
    (
        "operate",
        {"op": "dc", "on": False},
        NOON,
        '{"queue_id":17,"op":"dc","on":0,"expires_at":1700000000}',
    ),
]


@pytest.mark.parametrize(("kind", "params", "expires_at", "payload"), OPERATIONS)
def test_an_operation_goes_down_to_the_node_that_dispenses(
    kind: str,
    params: dict[str, Any],
    expires_at: float | None,
    payload: str,
) -> None:
    command = a_command(kind, params, expires_at=expires_at, nodes=("1",))
    assert sent(command, "1") == (Publication("disp/cmd/1", payload),)


def test_a_reboot_goes_down_to_any_node_that_tells_its_firmware() -> None:
    command = a_command("reboot", {}, nodes=("2",))
    payload = '{"queue_id":17,"op":"reboot"}'
    assert sent(command, "2") == (Publication("disp/cmd/2", payload),)


DC = {"op": "dc", "on": True}

# nodes of the station, the one it is for, its readings, kind, params
NEVER_SENT: list[tuple[tuple[str, ...], str, Readings, str, dict[str, Any]]] = [
    (STATION, "1", ORIGINAL, "reboot", {}),
    (STATION, "2", ORIGINAL, "reboot", {}),
    (STATION, "2", {"rssi": -61, "food": 80}, "reboot", {}),
    (STATION, "2", ORIGINAL, "operate", DC),
    (STATION, "2", NEWER, "operate", DC),
    # however a station came to its order
    (("2", "1"), "1", ORIGINAL, "operate", DC),
    (("2", "1"), "2", ORIGINAL, "operate", DC),
    (("2",), "2", ORIGINAL, "operate", DC),
    (("2",), "2", NEWER, "operate", {"op": "servo", "id": 1, "on": True}),
    ((), "1", ORIGINAL, "operate", DC),
]


@pytest.mark.parametrize(("nodes", "node", "readings", "kind", "params"), NEVER_SENT)
def test_what_a_node_takes_for_something_else_is_never_sent(
    nodes: tuple[str, ...],
    node: str,
    readings: Readings,
    kind: str,
    params: dict[str, Any],
) -> None:
    command = a_command(kind, params, nodes=(node,))
    with pytest.raises(InvalidCommand) as refused:
        sent(command, node, nodes=nodes, readings=readings)
    assert refused.value.code == "not_understood"
    assert refused.value.placeholders == {"kind": kind, "node": node}


@pytest.mark.parametrize("bowl", [1, 2, 3])
@pytest.mark.parametrize("readings", [ORIGINAL, NEWER])
def test_the_node_that_serves_gets_a_room_and_nothing_that_it_need_not_know(
    bowl: int, readings: Readings
) -> None:
    command = a_command("feed", FEED | {"bowl": bowl}, expires_at=NOON)
    (publication,) = sent(command, "2", readings=readings)
    message = json.loads(publication.payload)
    assert message.keys() == {"queue_id", "patient_id", "target_room", "expires_at"}
    assert message["target_room"] == bowl


@pytest.mark.parametrize(
    ("kind", "params", "node", "readings", "seconds"),
    [
        ("feed", FEED, "1", ORIGINAL, 16.0),
        ("feed", FEED, "2", ORIGINAL, 0.0),
        ("feed", FEED, "1", NEWER, 0.0),
        ("operate", DC, "1", ORIGINAL, 16.0),
        ("operate", {"op": "servo", "id": 1, "on": True}, "1", ORIGINAL, 0.0),
    ],
)
def test_an_original_that_ran_its_conveyor_is_left_alone_until_it_has_stopped(
    kind: str, params: dict[str, Any], node: str, readings: Readings, seconds: float
) -> None:
    command = a_command(kind, params)
    (step,) = WIRE.steps(NOWHERE, command, node, readings)
    assert step.pause_after == seconds
    assert step.heeds_pauses is (node == "1" and readings is ORIGINAL)


def test_a_command_keeps_to_the_prefix() -> None:
    command = a_command("reboot", {}, nodes=("left",))
    (publication,) = sent(command, "left", prefix="a/b", nodes=("left",))
    assert publication.topic == "a/b/cmd/left"


def test_no_second_node_dispenses_when_the_station_changes_its_order() -> None:
    command = a_command("feed", FEED)
    node_meals = [
        node
        for node in ("0", "2", "1")
        for publication in sent(command, node)
        if "items" in json.loads(publication.payload)
    ]
    assert node_meals == ["1"]


def test_a_station_of_one_node_dispenses() -> None:
    command = a_command("feed", FEED, nodes=("9",))
    (publication,) = sent(command, "9")
    assert json.loads(publication.payload)["items"] == [{"pill_id": 2, "quantity": 1}]


def test_an_original_gets_no_feed_that_outlasts_its_own_limit() -> None:
    most, more = (a_command("feed", FEED | {"portions": n}) for n in (20, 21))
    assert sent(most, "1", readings=ORIGINAL)
    assert sent(more, "2", readings=ORIGINAL)
    assert sent(more, "1", readings=NEWER)
    with pytest.raises(InvalidCommand) as refused:
        sent(more, "1", readings=ORIGINAL)
    assert refused.value.code == "invalid_number"
    assert refused.value.placeholders["maximum"] == "20"


def test_all_portions_are_one_item_for_one_done_comes_of_each() -> None:
    (publication,) = sent(a_command("feed", FEED | {"portions": 3}), "1")
    assert json.loads(publication.payload)["items"] == [{"pill_id": 2, "quantity": 3}]


def test_a_feed_goes_to_the_whole_station_and_nothing_else_does() -> None:
    everywhere = {kind for kind, known in WIRE.kinds.items() if known.whole_station}
    assert everywhere == {"feed"}


@pytest.mark.parametrize("command_id", [0, -1, HIGHEST_ID + 1])
def test_an_id_that_nodes_cannot_hold_is_refused(command_id: int) -> None:
    command = a_command("reboot", {}, command_id=command_id)
    with pytest.raises(InvalidCommand) as refused:
        sent(command, "1")
    assert refused.value.code == "invalid_number"
    assert refused.value.placeholders["field"] == "queue_id"


@pytest.mark.parametrize("expires_at", [-1.0, 2.0**32, 1e300, math.inf, math.nan])
def test_an_expiry_that_nodes_cannot_hold_is_refused(expires_at: float) -> None:
    command = a_command("reboot", {}, expires_at=expires_at)
    with pytest.raises(InvalidCommand) as refused:
        sent(command, "1")
    assert refused.value.code == "invalid_number"
    assert refused.value.placeholders["field"] == "expires_at"


def test_what_a_node_would_drop_for_its_size_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = a_command("feed", FEED)
    (publication,) = sent(command, "1")
    size = len(publication.payload)
    monkeypatch.setattr(protocol, "LONGEST_COMMAND", size - 1)
    with pytest.raises(InvalidCommand) as refused:
        sent(command, "1")
    assert refused.value.code == "payload_too_large"
    assert refused.value.placeholders == {"size": str(size), "limit": str(size - 1)}
