"""What each line of the hub tells."""

from __future__ import annotations

import json

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    NO_SUCH_COMMAND,
    Accepted,
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
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Learned,
    Malformed,
    Message,
)
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
    Listed,
    Listing,
)
from tests.protocols.valve_hub.reading import (
    NOON,
    TOLD_BY_OLDER_HUBS,
    WIRE,
    event,
    failure,
    live,
    remembered,
    reports,
)

GARBLED = Malformed("no whole line")


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
    learned = Learned("5", {"type": "irrigation", "valves": 4})
    assert said == (Relay(), known, learned)


def test_what_is_known_of_a_node_for_good_is_not_learned_anew() -> None:
    node = {"type": "irrigation", "valves": 4}
    for valves, news in ((4, 0), (3, 1)):
        line = f"NODE 5 77 IRRIGATION 1 9 65541 {valves}\n".encode()
        site = Site(prefix="valvehub", nodes={"5": node})
        said = WIRE.report(site, Message("valvehub/rx", line, False, NOON))
        assert sum(isinstance(each, Learned) for each in said) == news


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
