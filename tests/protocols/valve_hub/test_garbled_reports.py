"""Lines of the hub that are cut, garbled or noise."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Forgot, Rejected, Relay
from custom_components.mqtt_dispatch.protocols.messages import Malformed
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
    Listing,
)
from tests.protocols.valve_hub.reading import reports

GARBLED = Malformed("no whole line")


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
    "NODE 5 77 IRRIGATION 1",
    "DELETED_NODE",
    "BATCH_ACK_SENT 5",
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
    "EVENT 5 77 117 000000000000000001",
    "EVENT_LOG 5 77 0 117 0 64",
    "EVENT_LOG 5 77 0 117 0 -1",
    "EVENT_LOG 5 77 noon 117 0 1",
    "EVENT_LOG 5 77 0 70000 0 1",
    "EVENT_LOG 5 77 0 112 0 65536",
    "EVENT 5 77 256 123",
    "QUEUED REBOOT_NODE 5 1",
    "DELETED_NODE 0",
    "DELETED_NODE 5 1",
    "BATCH_ACK_SENT 5 x",
    "SENSOR_DATA x 77 TEMP 215",
    "SENSOR_DATA 5 77 TEMP",
    "SENSOR_DATA 5 77 TEMP 32768",
    "SENSOR_DATA 5 77 WIND 3",
    "SENSOR_DATA 5 77 3 5-",
    "SENSOR_BATCH 5 77 0",
    "SENSOR_BATCH 5 77 20",
    "SENSOR_RECORD 5 77 1763812805 2150 4830",
    "SENSOR_RECORD 5 77 1763812805 2150 -1 0",
    "BATCH_COMPLETE 5 77",
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
        "QUEUE 5 2\nUPDATE 1 SET_DATETIME 3\r\nUPDATE 2 SET_WAKE_INTERVAL 1\n"
    ) == (
        Relay(),
        Holds("5", 2),
        HeldItem("QUEUED SET_DATETIME"),
        HeldItem("QUEUED SET_WAKE_INTERVAL"),
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
        *[Listing(0)] * 63,
        Forgot(),
        Malformed("too many lines"),
    )
