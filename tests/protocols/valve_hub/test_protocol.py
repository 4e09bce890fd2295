"""The wire of valve hubs, line by line: what comes up."""

from __future__ import annotations

from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.reports import (
    Accepted,
    AsksTime,
    Busy,
    Done,
    Failed,
    Forgot,
    HeldItem,
    Hello,
    Holds,
    Listing,
    Rejected,
    Relay,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import (
    Malformed,
    Message,
    Publication,
    Site,
)

WIRE = PROTOCOLS["valve_hub"]
RX = "valvehub/rx"
NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC).timestamp()
"""A Sunday."""
GARBLED = Malformed("no whole line")


def reports(
    payload: bytes | str,
    *,
    topic: str = RX,
    retain: bool = False,
    wall: float = NOON,
    prefix: str = "valvehub",
    nodes: tuple[str, ...] = (),
) -> tuple[Report | Publication | Malformed, ...]:
    if isinstance(payload, str):
        payload = payload.encode()
    site = Site(prefix=prefix, nodes={node: {} for node in nodes})
    return WIRE.report(site, Message(topic, payload, retain, wall))


def live(node: str, uptime: float | None = None, **readings: Any) -> Seen:
    return Seen(node=node, live=True, online=True, uptime=uptime, readings=readings)


def remembered(node: str, age: float | None = None, **readings: Any) -> Seen:
    """Return what the hub knows of a node that is there since `age`, or is gone."""
    if age is None:
        return Seen(node=node, live=False, readings=readings)
    return Seen(node=node, live=True, age=age, readings=readings)


def event(subject: str, **readings: Any) -> tuple[Report, ...]:
    return live("5", device_id="77", **readings), Done("5", subject=subject)


def failure(subject: str, reason: str) -> Failed:
    return Failed("5", reason=reason, subject=subject)


HEARD = live("5", device_id="77")

# line, what it says besides that the hub is there
LINES: list[tuple[str, tuple[Report, ...]]] = [
    # answers: the hub holds the command
    ("QUEUED SET_SCHEDULE 5 1", (Accepted("5", subject="QUEUED SET_SCHEDULE"),)),
    ("QUEUED REMOVE_SCHEDULE 5 2", (Accepted("5", subject="QUEUED REMOVE_SCHEDULE"),)),
    (
        "QUEUED SET_WAKE_INTERVAL 65533 10",
        (Accepted("65533", subject="QUEUED SET_WAKE_INTERVAL"),),
    ),
    ("QUEUED SET_DATETIME 1 1", (Accepted("1", subject="QUEUED SET_DATETIME"),)),
    ("QUEUED ACTUATOR 5 1 1", (Accepted("5", subject="QUEUED ACTUATOR 1 1"),)),
    ("QUEUED ACTUATOR 5 1 0", (Accepted("5", subject="QUEUED ACTUATOR 1 0"),)),
    ("QUEUED ACTUATOR 5 4 4", (Accepted("5", subject="QUEUED ACTUATOR 4 4"),)),
    ("QUEUED REBOOT_NODE 5", (Accepted("5", subject="QUEUED REBOOT_NODE"),)),
    ("QUEUED REBOOT_NODE 5 1", (Accepted("5", subject="QUEUED REBOOT_NODE"),)),
    # answers: it does not
    (
        "ERROR Invalid SET_SCHEDULE syntax",
        (Rejected(None, reason="Invalid SET_SCHEDULE syntax", subject="ERROR"),),
    ),
    ("ERROR", (Rejected(None, reason="", subject="ERROR"),)),
    ("ERROR QUEUE_FULL", (Busy(None, subject="ERROR"),)),
    ("ERROR queue full", (Busy(None, subject="ERROR"),)),
    ("ERROR Failed to queue update", (Busy(None, subject="ERROR"),)),
    (
        "ERROR carefully",
        (Rejected(None, reason="carefully", subject="ERROR"),),
    ),
    # answers: which nodes there are
    ("NODE_LIST 2", (Listing(),)),
    (
        "NODE 5 77 IRRIGATION 1 30 131072 4",
        (
            Hello(
                node="5",
                hardware_id="77",
                type="irrigation",
                firmware="131072",
                capabilities=("valves",),
            ),
            remembered(
                "5", 30, type="irrigation", fw="131072", valves=4, device_id="77"
            ),
        ),
    ),
    (
        "NODE 6 18446744073709551615 4 1 1200 2.1.0 0",
        (
            Hello(
                node="6",
                hardware_id="18446744073709551615",
                type="curtain",
                firmware="2.1.0",
            ),
            remembered(
                "6",
                1200,
                type="curtain",
                fw="2.1.0",
                valves=0,
                device_id="18446744073709551615",
            ),
        ),
    ),
    (
        "NODE 7 0 1 1 0 1 64",
        (
            Hello(node="7", type="valve", firmware="1", capabilities=("valves",)),
            remembered("7", 0, type="valve", fw="1", valves=64),
        ),
    ),
    # the hub remembers them, but they are gone
    (
        "NODE 5 77 VALVE 0 30 1 4",
        (remembered("5", type="valve", fw="1", valves=4, device_id="77"),),
    ),
    (
        "NODE 5 77 VALVE 1 1201 1 4",
        (remembered("5", type="valve", fw="1", valves=4, device_id="77"),),
    ),
    # answers: what is held for a node
    ("QUEUE 5 0", (Holds("5", 0),)),
    ("QUEUE 5 10", (Holds("5", 10),)),
    ("UPDATE 17 SET_WAKE_INTERVAL 42", (HeldItem("QUEUED SET_WAKE_INTERVAL"),)),
    ("UPDATE 0 SET_DATETIME 0", (HeldItem("QUEUED SET_DATETIME"),)),
    # unasked
    ("HUB_READY", (Forgot(),)),
    (
        "HEARTBEAT 5 77 80 0 -61 3600 2",
        (
            live(
                "5",
                3600,
                device_id="77",
                power="battery",
                battery=80,
                errors=0,
                rssi=-61,
                pending_updates=2,
            ),
        ),
    ),
    (
        "HEARTBEAT 5 77 0 3 -120 0",
        (
            live(
                "5",
                0,
                device_id="77",
                power="battery",
                battery=0,
                errors=3,
                rssi=-120,
            ),
        ),
    ),
    (
        "HEARTBEAT 5 77 255 0 -61 1",
        (live("5", 1, device_id="77", power="mains", errors=0, rssi=-61),),
    ),
    (
        "HEARTBEAT 5 77 255 0x11 -61 1",
        (live("5", 1, device_id="77", power="mains", errors=17, rssi=-61),),
    ),
    (
        "HEARTBEAT 5 77 101 0 -61 1",
        (live("5", 1, device_id="77", errors=0, rssi=-61),),
    ),
    (
        "HEARTBEAT 5 0 100 0 -61 1",
        (live("5", 1, power="battery", battery=100, errors=0, rssi=-61),),
    ),
    # slots: index in the low byte of detail, error in the high byte
    ("EVENT_LOG 5 77 1763812805000 112 0 3", event("applied 3")),
    ("EVENT_LOG 5 77 1763812805000 0x70 0 99", event("applied 99")),
    ("EVENT_LOG 5 77 1763812805000 113 0 7", event("removed 7")),
    *(
        (
            f"EVENT_LOG 5 77 1763812805000 114 2 {(error << 8) + 3}",
            (HEARD, failure("not set 3", reason), failure("not removed 3", reason)),
        )
        for error, reason in (
            (1, "invalid parameter"),
            (2, "full"),
            (4, "overlap"),
            (5, "checksum"),
            (6, "error 6"),
            (0, "error 0"),
        )
    ),
    # valves
    ("EVENT_LOG 5 77 0 115 0 2", event("timer set 2", valve_2="open")),
    ("EVENT_LOG 5 77 0 116 0 2", event("timer closed 2", valve_2="closed")),
    ("EVENT_LOG 5 77 0 117 0 0", event("opened 0", valve_0="open")),
    ("EVENT_LOG 5 77 0 118 0 63", event("closed 63", valve_63="closed")),
    # the same as events of the other form
    ("EVENT 5 77 112 0003", event("applied 3")),
    (
        "EVENT 5 77 114 0403",
        (HEARD, failure("not set 3", "overlap"), failure("not removed 3", "overlap")),
    ),
    ("EVENT 5 77 0x75 00", event("opened 0", valve_0="open")),
    ("EVENT 5 77 118 0A", event("closed 10", valve_10="closed")),
    # curtains
    ("EVENT 5 77 256", event("curtain opening")),
    ("EVENT 5 77 0x0101 00", event("curtain closing")),
    ("EVENT 5 77 258 FFFF", event("curtain stopped")),
    ("EVENT 5 77 259 01", (HEARD, failure("curtain", "motor error"))),
    ("EVENT 5 77 260 00", event("curtain calibrated")),
    ("EVENT_LOG 5 77 0 256 0 0", event("curtain opening")),
    # an event nobody waits for, and what a node measured: it was heard
    ("EVENT 5 77 16", (HEARD,)),
    ("EVENT_LOG 5 77 0 80 0 0", (HEARD,)),
    ("EVENT 5 0 16", (live("5"),)),
    ("SENSOR_DATA 5 77 TEMP 215", (live("5"),)),
    ("SENSOR_BATCH 5 77 3", (live("5"),)),
    ("SENSOR_RECORD 5 77 1763812805 215 430 0", (live("5"),)),
    ("BATCH_COMPLETE 5 77 3", (live("5"),)),
]


@pytest.mark.parametrize(("line", "said"), LINES)
class TestALine:
    def test_says_what_the_wire_says(self, line: str, said: tuple[Report, ...]) -> None:
        assert reports(f"{line}\n") == (Relay(), *said)

    def test_may_lack_its_end(self, line: str, said: tuple[Report, ...]) -> None:
        assert reports(line) == (Relay(), *said)

    def test_may_end_as_in_a_terminal(
        self, line: str, said: tuple[Report, ...]
    ) -> None:
        assert reports(f"{line}\r\n") == (Relay(), *said)

    def test_may_come_as_tasmota_sends_it(
        self, line: str, said: tuple[Report, ...]
    ) -> None:
        payload = json.dumps({"SerialReceived": f"{line}\n"})
        assert reports(payload) == (Relay(), *said)

    def test_may_be_joined_to_another_with_its_end(
        self, line: str, said: tuple[Report, ...]
    ) -> None:
        assert reports(f"{line}\nHUB_READY\n") == (Relay(), *said, Forgot())

    def test_may_be_joined_to_another_without_its_end(
        self, line: str, said: tuple[Report, ...]
    ) -> None:
        assert reports(f"{line}HUB_READY") == (Relay(), *said, Forgot())

    def test_may_follow_another_without_its_end(
        self, line: str, said: tuple[Report, ...]
    ) -> None:
        assert reports(f"HUB_READY{line}") == (Relay(), Forgot(), *said)

    def test_may_follow_a_line_that_was_cut(
        self, line: str, said: tuple[Report, ...]
    ) -> None:
        assert reports(f"HEARTBEAT 9 1{line}") == (Relay(), GARBLED, *said)


def test_a_node_that_is_known_is_not_introduced_and_as_old_as_the_hub_says() -> None:
    said = reports("NODE 5 77 IRRIGATION 1 1199 131072 4", nodes=("5",))
    known = remembered(
        "5", 1199, type="irrigation", fw="131072", valves=4, device_id="77"
    )
    assert said == (Relay(), known)


@pytest.mark.parametrize("error", [0x0300, 0x0303, 0x0363])
def test_removing_an_absent_slot_is_success_and_setting_one_is_not(error: int) -> None:
    """Trap: the failure first, or the next command for that slot might get it."""
    slot = error & 0xFF
    assert reports(f"EVENT_LOG 5 77 0 114 2 {error}") == (
        Relay(),
        HEARD,
        Failed("5", reason="invalid index", subject=f"no slot {slot}"),
        Done("5", subject=f"removed {slot}"),
    )


CUT = [
    "HEARTBEAT 5 77 80 0 -61",
    "HEARTBEAT 5 77 80 0 -",
    "HEARTBEAT",
    "HEARTB",
    "QUEUED SET_SCHEDULE 5",
    "QUEUED SET_SCHED",
    "QUEUED ACTUATOR 5 1",
    "QUEUED",
    "NODE_LIST",
    "NODE_LI",
    "NODE 5 77 IRRIGATION 1 30 131072",
    "QUEUE 5",
    "UPDATE 17 SET_WAKE_INTERVAL",
    "EVENT 5 77",
    "EVENT_LOG 5 77 1763812805000 112 0",
    "EVENT 5 77 112",
    "EVENT 5 77 117",
    "SENSOR_DATA",
    "HUB_REA",
    "GET_DATE",
    "ERRO",
    "77 80 0 -61 3600 2",
    "ATBEAT 5 77 80 0 -61 3600 2",
]

GARBLED_LINES = [
    "HEARTBEAT 0 77 80 0 -61 3600",
    "HEARTBEAT 65534 77 80 0 -61 3600",
    "HEARTBEAT -5 77 80 0 -61 3600",
    "HEARTBEAT 0x5 77 80 0 -61 3600",
    "HEARTBEAT five 77 80 0 -61 3600",
    "HEARTBEAT 5 18446744073709551616 80 0 -61 3600",
    "HEARTBEAT 5 77 256 0 -61 3600",
    "HEARTBEAT 5 77 80.5 0 -61 3600",
    "HEARTBEAT 5 77 80 -1 -61 3600",
    "HEARTBEAT 5 77 80 0 -201 3600",
    "HEARTBEAT 5 77 80 0 101 3600",
    "HEARTBEAT 5 77 80 0 -61 4294967296",
    "HEARTBEAT 5 77 80 0 -61 -1",
    "HEARTBEAT 5 77 80 0 -61 3600 -1",
    "HEARTBEAT 5 77 80 0 -61 3600 2 9",
    "HEARTBEAT \u0665 77 80 0 -61 3600",
    "QUEUED SET_SCHEDULE 0 1",
    "QUEUED SET_SCHEDULE 5 x",
    "QUEUED SET_SCHEDULE 5 1 2",
    "QUEUED SET_CONFIG 5 1",
    "QUEUED set_schedule 5 1",
    "QUEUED ACTUATOR 5 1 on",
    "QUEUED ACTUATOR 5 256 1",
    "QUEUED 5 1",
    "NODE 5 77 IRRIGATION 2 30 131072 4",
    "NODE 5 77 IRRIGATION yes 30 131072 4",
    "NODE 5 77 IRRIGATION 1 never 131072 4",
    "NODE 5 77 IRRIGATION 1 30 131072 65",
    "NODE 5 77 IRRIGATION 1 30 131072 -1",
    f"NODE 5 77 {'x' * 33} 1 30 131072 4",
    "NODE_LIST many",
    "NODE_LIST 2 3",
    "QUEUE 5 256",
    "QUEUE 5 -1",
    "UPDATE x SET_DATETIME 0",
    "UPDATE 1 SET_DATETIME x",
    "HUB_READY 1",
    "GET_DATETIME now",
    "EVENT 5 77 112 xyz",
    "EVENT 5 77 65536 00",
    "EVENT 5 77 117 40",
    "EVENT 5 77 117 100000000000000000",
    "EVENT_LOG 5 77 0 117 0 64",
    "EVENT_LOG 5 77 0 117 0 -1",
    "EVENT_LOG 5 77 noon 117 0 1",
    "EVENT_LOG 5 77 0 70000 0 1",
    "EVENT_LOG 5 77 0 112 0 65536",
    "SENSOR_DATA x 77 TEMP 215",
    "heartbeat 5 77 80 0 -61 3600",
    "SET_DATETIME 5 26 11 22 0 12 0 0",
    "something else",
]


@pytest.mark.parametrize("line", [*CUT, *GARBLED_LINES])
class TestALineThatIsNotWhole:
    def test_is_dropped_and_counted(self, line: str) -> None:
        assert reports(line) == (GARBLED,)

    def test_does_not_take_the_next_with_it(self, line: str) -> None:
        assert reports(f"{line}\nQUEUE 6 1\n") == (Relay(), GARBLED, Holds("6", 1))


def test_every_line_of_a_message_is_read() -> None:
    assert reports(
        "QUEUE 5 2\nUPDATE 1 SET_DATETIME 3\r\nUPDATE 2 REBOOT_NODE 1\n"
    ) == (
        Relay(),
        Holds("5", 2),
        HeldItem("QUEUED SET_DATETIME"),
        HeldItem("QUEUED REBOOT_NODE"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NODE 5 not found", "NODE 5 not found"),
        ("UPDATE failed", "UPDATE failed"),
        ("HUB_READY expected", "HUB_READY expected"),
        ("unknown command GET_QUEUE x", "unknown command GET_QUEUE x"),
    ],
)
def test_first_words_in_the_text_of_an_error_are_text(text: str, reason: str) -> None:
    assert reports(f"ERROR {text}") == (
        Relay(),
        Rejected(None, reason=reason, subject="ERROR"),
    )


def test_the_text_of_an_error_ends_where_a_whole_line_follows() -> None:
    assert reports("ERROR NODE 5 not foundQUEUE 5 0") == (
        Relay(),
        Rejected(None, reason="NODE 5 not found", subject="ERROR"),
        Holds("5", 0),
    )


def test_a_long_text_of_an_error_is_cut() -> None:
    (_, refused) = reports(f"ERROR {'x' * 500}")
    assert refused == Rejected(None, reason=f"{'x' * 99}…", subject="ERROR")


def test_noise_on_the_line_costs_its_line_alone() -> None:
    """Trap: bytes that are no ASCII come with a radio."""
    assert reports(b"\xff\xfeHUB\x00_READY\nHUB_READY\n") == (
        Relay(),
        GARBLED,
        Forgot(),
    )


def test_a_message_is_read_up_to_a_number_of_lines() -> None:
    said = reports("NODE_LIST 0\n" * 63 + "HUB_READY\nHUB_READY\n")
    assert said == (
        Relay(),
        *[Listing()] * 63,
        Forgot(),
        Malformed("too many lines"),
    )


class TestTheTime:
    def test_is_asked_for_once_a_message(self) -> None:
        assert reports("GET_DATETIME\n" * 3) == (AsksTime(), Relay())

    def test_is_asked_for_before_anything_else_of_the_message(self) -> None:
        assert reports("HUB_READY\nGET_DATETIME\n") == (AsksTime(), Relay(), Forgot())

    @pytest.mark.parametrize(
        ("wall", "told"),
        [
            (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "2026-11-23 00:00:00 1"),
            (datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC), "2028-02-29 23:59:59 2"),
            (datetime(2026, 1, 3, 4, 5, 6, tzinfo=UTC), "2026-01-03 04:05:06 6"),
        ],
    )
    def test_has_two_digits_each_and_counts_weekdays_from_sunday(
        self, wall: datetime, told: str
    ) -> None:
        site = Site(prefix="valvehub", nodes={})
        answer = Publication("valvehub/tx", f"DATETIME {told}\n")
        assert PROTOCOLS["valve_hub"].time_answer(site, wall.timestamp()) == (answer,)

    def test_goes_down_under_the_prefix_of_the_station(self) -> None:
        site = Site(prefix="a/b", nodes={})
        (answer,) = PROTOCOLS["valve_hub"].time_answer(site, 1_784_548_800)
        assert answer.topic == "a/b/tx"


@pytest.mark.parametrize(
    "line", ["HUB_READY", "GET_DATETIME", "QUEUED REBOOT_NODE 5 1"]
)
def test_a_retained_line_proves_nothing(line: str) -> None:
    assert reports(line, retain=True) == (Malformed("a retained line"),)


@pytest.mark.parametrize("payload", ["", "\n", "  \r\n\r\n"])
def test_a_message_without_lines_says_nothing(payload: str) -> None:
    assert reports(payload) == ()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("{", "not JSON"),
        ("{}", "no SerialReceived"),
        ('{"SerialReceived":5}', "no SerialReceived"),
        ('{"SerialReceived":{"a":1}}', "no SerialReceived"),
        ('{"SerialReceived":"HUB_READY","SerialReceived":"x"}', "a key twice"),
        ("x" * 4097, "too long"),
        ("HUB_READY\n" + " " * 4096, "too long"),
    ],
)
def test_another_message_is_malformed(payload: str, reason: str) -> None:
    assert reports(payload) == (Malformed(reason),)


def test_a_message_of_the_longest_length_is_read() -> None:
    assert reports("HUB_READY".ljust(4096)) == (Relay(), Forgot())


@pytest.mark.parametrize(
    "topic", ["", "valvehub", "valvehub/tx", "valvehub/rx/1", "x/valvehub/rx", "rx"]
)
def test_a_topic_of_another_shape_is_malformed(topic: str) -> None:
    assert reports("HUB_READY", topic=topic) == (Malformed("unexpected topic"),)


def test_it_listens_to_what_the_hub_says_alone() -> None:
    assert WIRE.topics("a/b") == ("a/b/rx",)


@pytest.mark.parametrize(
    ("text", "name"),
    [("1", "1"), ("65533", "65533"), ("007", "7"), ("42", "42")],
)
def test_a_node_is_called_by_its_address(text: str, name: str) -> None:
    assert WIRE.node_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "65534",
        "-1",
        "+5",
        "0x10",
        "1.0",
        "1e3",
        " 5",
        "5 ",
        "\u0665",
        "left",
        "5\n",
    ],
)
def test_a_node_may_not_be_called(text: str) -> None:
    assert WIRE.node_name(text) is None


def test_every_reading_is_announced() -> None:
    told = {
        key
        for line, _ in LINES
        for report in reports(line)
        if isinstance(report, Seen)
        for key in report.readings
    }
    assert told <= set(WIRE.readings)
