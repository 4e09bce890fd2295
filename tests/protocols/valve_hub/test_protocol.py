"""The wire of valve hubs, line by line: what comes up."""

from __future__ import annotations

from datetime import UTC, datetime
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    NO_SUCH_COMMAND,
    Accepted,
    AsksTime,
    Busy,
    Done,
    Failed,
    Forgot,
    Hello,
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
    Said,
    Site,
)
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
    Listed,
    Listing,
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
) -> tuple[Said, ...]:
    if isinstance(payload, str):
        payload = payload.encode()
    site = Site(prefix=prefix, nodes={node: {} for node in nodes})
    return WIRE.report(site, Message(topic, payload, retain, wall))


def live(node: str, uptime: float | None = None, **readings: Any) -> Seen:
    return Seen(
        node=node,
        live=True,
        online=True,
        uptime=uptime,
        counts_from_boot=uptime is None or readings.get("power") == "mains",
        readings=readings,
    )


TOLD_BY_OLDER_HUBS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {}),
    (" 0 0", {}),
    (" 65541", {"fw": "0.1.5"}),
    (" 65541 0", {"fw": "0.1.5"}),
)


def remembered(
    node: str, age: float | None = None, hello: Hello | None = None, **readings: Any
) -> Listed:
    """Return what the hub knows of a node that is there since `age`, or is gone."""
    if age is None:
        return Listed(Seen(node=node, live=False, readings=readings))
    return Listed(Seen(node=node, live=True, age=age, readings=readings), hello)


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
    (
        "QUEUED FACTORY_RESET_NODE 5",
        (Accepted("5", subject="QUEUED FACTORY_RESET_NODE"),),
    ),
    ("DELETED_NODE 5", (Done("5", subject="DELETED_NODE"), Forgot("5"))),
    ("BATCH_ACK_SENT 5 3", ()),
    # answers: it does not
    (
        "ERROR Invalid SET_SCHEDULE syntax",
        (Rejected(None, reason="Invalid SET_SCHEDULE syntax", subject="ERROR"),),
    ),
    ("ERROR", (Rejected(None, reason="", subject="ERROR"),)),
    (
        "ERROR Unknown command",
        (Rejected(None, reason=NO_SUCH_COMMAND, subject="ERROR", for_good=True),),
    ),
    (
        "ERROR Node not found",
        (
            Done(None, subject="gone"),
            Rejected(None, reason="Node not found", subject="ERROR"),
        ),
    ),
    ("ERROR Failed to queue removal", (Busy(None, subject="Failed to queue removal"),)),
    (
        "ERROR Failed to queue actuator command",
        (Busy(None, subject="Failed to queue actuator command"),),
    ),
    ("ERROR QUEUE_FULL", (Busy(None, subject="ERROR"),)),
    ("ERROR queue full", (Busy(None, subject="ERROR"),)),
    ("ERROR Failed to queue update", (Busy(None, subject="Failed to queue update"),)),
    (
        "ERROR carefully",
        (Rejected(None, reason="carefully", subject="ERROR"),),
    ),
    # answers: which nodes there are
    ("NODE_LIST 2", (Listing(2),)),
    (
        "NODE 5 77 IRRIGATION 1 30 17039377 4",
        (
            remembered(
                "5",
                30,
                Hello(
                    node="5",
                    hardware_id="77",
                    type="irrigation",
                    firmware="1.4.17",
                    capabilities=("valves",),
                ),
                type="irrigation",
                fw="1.4.17",
                valves=4,
                device_id="77",
            ),
        ),
    ),
    (
        "NODE 6 18446744073709551615 GREENHOUSE 1 1200 17039377 0",
        (
            remembered(
                "6",
                1200,
                Hello(
                    node="6",
                    hardware_id="18446744073709551615",
                    type="greenhouse",
                    firmware="1.4.17",
                ),
                type="greenhouse",
                fw="1.4.17",
                valves=0,
                device_id="18446744073709551615",
            ),
        ),
    ),
    # an irrigation node that does not tell its valves has two; older hubs tell less
    *(
        (
            f"NODE 5 77 IRRIGATION 0 30{rest}",
            (remembered("5", type="irrigation", valves=2, device_id="77", **firmware),),
        )
        for rest, firmware in TOLD_BY_OLDER_HUBS
    ),
    # a node without a device id is nobody that could be adopted
    (
        "NODE 7 0 SENSOR 1 0 1 0",
        (remembered("7", 0, type="sensor", fw="0.0.1", valves=0),),
    ),
    # the hub remembers them, but they are gone
    (
        "NODE 5 77 UNKNOWN 1 1201 1 0",
        (remembered("5", type="unknown", fw="0.0.1", valves=0, device_id="77"),),
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
                errors="none",
                rssi=-61,
                pending_records=2,
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
                errors="sensor,flash",
                rssi=-120,
            ),
        ),
    ),
    (
        "HEARTBEAT 5 77 255 0 -61 1",
        (live("5", 1, device_id="77", power="mains", errors="none", rssi=-61),),
    ),
    (
        "HEARTBEAT 5 77 255 0x11 -61 1",
        (
            live(
                "5",
                1,
                device_id="77",
                power="mains",
                errors="sensor,battery_low",
                rssi=-61,
            ),
        ),
    ),
    (
        "HEARTBEAT 5 77 101 0 -61 1",
        (live("5", 1, device_id="77", errors="none", rssi=-61),),
    ),
    (
        "HEARTBEAT 5 77 255 65535 -61 1",
        (
            live(
                "5",
                1,
                device_id="77",
                power="mains",
                errors="sensor,flash,flash_full,power_board,battery_low,"
                "battery_critical,clock,radio,timeouts,other",
                rssi=-61,
            ),
        ),
    ),
    # the hub does not know who that is
    ("HEARTBEAT 5 0 100 0 -61 1", ()),
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
    ("EVENT 5 77 112 0300", event("applied 3")),
    (
        "EVENT 5 77 114 0304",
        (HEARD, failure("not set 3", "overlap"), failure("not removed 3", "overlap")),
    ),
    ("EVENT 5 77 0x75 00", event("opened 0", valve_0="open")),
    ("EVENT 5 77 118 0A", event("closed 10", valve_10="closed")),
    # curtains
    ("EVENT 5 77 256 ", event("curtain opening", curtain="opening")),
    ("EVENT 5 77 257", event("curtain closing", curtain="closing")),
    ("EVENT 5 77 258", event("curtain stopped", curtain="stopped")),
    ("EVENT 5 77 259", (HEARD, failure("curtain motor error", "motor error"))),
    (
        "EVENT 5 77 260 8AD00100",
        event("curtain calibrated", curtain="calibrated"),
    ),
    # a node that started, cold or by its watchdog
    ("EVENT_LOG 5 77 1763812805000 16 0 0", event("booted")),
    ("EVENT_LOG 5 77 0 17 1 0", event("booted")),
    # an event nobody waits for, and what a node measured: it was heard
    *(
        (f"EVENT_LOG 5 77 0 {other} 0 0", (HEARD,))
        for other in (0x12, *range(0x20, 0x24), *range(0x30, 0x36), 0x50)
    ),
    ("EVENT 5 0 16", ()),
    ("EVENT_LOG 5 0 0 117 0 0", ()),
    ("SENSOR_DATA 5 77 TEMP 2150", (live("5", device_id="77", temperature=21.5),)),
    ("SENSOR_DATA 5 77 TEMP -1005", (live("5", device_id="77", temperature=-10.05),)),
    ("SENSOR_DATA 5 77 HUM 4830", (live("5", device_id="77", humidity=48.3),)),
    ("SENSOR_DATA 5 77 3 57", (HEARD,)),
    ("SENSOR_DATA 5 77 4 0A1B", (HEARD,)),
    ("SENSOR_DATA 5 0 TEMP 2150", ()),
    ("SENSOR_BATCH 5 77 3", (live("5", device_id="77", batch_records=0),)),
    (
        "SENSOR_RECORD 5 77 1763812805 2150 4830 0",
        (
            live(
                "5",
                device_id="77",
                batch_records=1,
                temperature=21.5,
                humidity=48.3,
                measured_at=1763812805,
            ),
        ),
    ),
    # the sensor failed
    (
        "SENSOR_RECORD 5 77 1763812805 0 0 2",
        (live("5", device_id="77", batch_records=1),),
    ),
    ("SENSOR_BATCH 5 0 1", ()),
    ("BATCH_COMPLETE 5 0 1", ()),
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
    said = reports("NODE 5 77 IRRIGATION 1 1199 65541 4", nodes=("5",))
    known = remembered(
        "5", 1199, type="irrigation", fw="0.1.5", valves=4, device_id="77"
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


class TestABatch:
    """Records that a node kept while it could not send."""

    BEGIN = "SENSOR_BATCH 5 77 2\n"
    OLD = "SENSOR_RECORD 5 77 1763812000 2000 4000 0\n"
    NEW = "SENSOR_RECORD 5 77 1763812800 2150 4830 0\n"
    END = "BATCH_COMPLETE 5 77 2\n"

    def answer(self, *lines: str, known: dict[str, Any] | None = None) -> str:
        site = Site(prefix="valvehub", nodes={"5": {}}, told=lambda _: known or {})
        said = WIRE.report(site, Message(RX, "".join(lines).encode(), False, NOON))
        (answer,) = (each for each in said if isinstance(each, Publication))
        assert answer.topic == "valvehub/tx"
        return answer.payload

    def test_is_acknowledged_at_once_with_the_records_that_came(self) -> None:
        assert self.answer(self.BEGIN, self.OLD, self.NEW, self.END) == (
            "BATCH_ACK 5 2 0\n"
        )

    def test_counts_what_came_in_messages_before(self) -> None:
        assert self.answer(self.NEW, self.END, known={"batch_records": 1}) == (
            "BATCH_ACK 5 2 0\n"
        )

    def test_of_which_nothing_came_is_not_stored(self) -> None:
        assert self.answer(self.END) == "BATCH_ACK 5 0 1\n"

    def test_shows_the_newest_record_whatever_comes_last(self) -> None:
        site = Site(prefix="valvehub", nodes={"5": {}})
        text = f"{self.NEW}{self.OLD}"
        (_, new, old) = WIRE.report(site, Message(RX, text.encode(), False, NOON))
        assert isinstance(new, Seen)
        assert isinstance(old, Seen)
        assert new.readings["temperature"] == 21.5
        assert "temperature" not in old.readings
        assert old.readings["batch_records"] == 2


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


@pytest.mark.parametrize("line", ["HUB_READY", "GET_DATETIME", "QUEUED REBOOT_NODE 5"])
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
        for seen in (report.seen if isinstance(report, Listed) else report,)
        if isinstance(seen, Seen)
        for key in seen.readings
    }
    assert told <= set(WIRE.readings)
