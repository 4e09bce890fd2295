"""Whatever comes in or goes down, the wire of valve hubs holds."""

from __future__ import annotations

from datetime import UTC, datetime
import json
import re
from typing import Any

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    AsksTime,
    Busy,
    Done,
    Failed,
    Forgot,
    Hello,
    Rejected,
    Relay,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Learned,
    Malformed,
    Message,
    Publication,
    Said,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import (
    HeldItem,
    Holds,
    Listed,
    Listing,
)
from tests.nonempty import some
from tests.protocols.commands import NOWHERE

from ..commands import command_for

WIRE = PROTOCOLS["valve_hub"]
SITE = Site(prefix="valvehub", nodes={"5": {}})
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
REASONS = frozenset(
    {
        "a key twice",
        "a retained line",
        "no SerialReceived",
        "no whole line",
        "not JSON",
        "not UTF-8",
        "not a JSON object",
        "too long",
        "too many lines",
        "unexpected topic",
    }
)

OTHERS = (
    Accepted,
    Rejected,
    Busy,
    Done,
    Failed,
    Forgot,
    Holds,
    Listed,
    Listing,
    HeldItem,
    Relay,
)

unhurried = settings(deadline=None)

WHOLE_LINES = [
    "HUB_READY",
    "GET_DATETIME",
    "HEARTBEAT 5 77 80 0 -61 3600 2",
    "HEARTBEAT 6 78 255 1 -90 12",
    "EVENT 5 77 256 00",
    "EVENT_LOG 5 77 1763812805000 112 0 3",
    "EVENT_LOG 5 77 1763812805000 114 2 771",
    "SENSOR_DATA 5 77 TEMP 215",
    "DELETED_NODE 5",
    "BATCH_ACK_SENT 5 3",
    "QUEUED SET_SCHEDULE 5 1",
    "QUEUED REBOOT_NODE 6",
    "QUEUED FACTORY_RESET_NODE 6",
    "QUEUED ACTUATOR 5 1 1",
    "QUEUE 5 2",
    "UPDATE 1 SET_DATETIME 9",
    "NODE_LIST 1",
    "NODE 5 77 IRRIGATION 1 30 131072 4",
    "ERROR Invalid SET_SCHEDULE syntax",
    "ERROR QUEUE_FULL",
]
FIRST_WORDS = sorted({line.split()[0] for line in WHOLE_LINES})
WORDS = (
    st.sampled_from([*FIRST_WORDS, "SET_SCHEDULE", "ACTUATOR", "0x70", "255", "\u0665"])
    | st.integers().map(str)
    | st.integers(0, 300).map(str)
    | st.text(max_size=5)
)
TEXTS = (
    st.text()
    | st.lists(WORDS, max_size=12).map(" ".join)
    | st.builds(
        "{} {}".format,
        st.sampled_from(FIRST_WORDS),
        st.lists(WORDS, max_size=8).map(" ".join),
    )
    | st.lists(st.sampled_from(WHOLE_LINES), max_size=8).map("".join)
    | st.lists(st.sampled_from(WHOLE_LINES), max_size=8).map("\n".join)
)
PAYLOADS = (
    st.binary()
    | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | TEXTS.map(lambda text: json.dumps({"SerialReceived": text}).encode())
    | st.dictionaries(st.text(), st.text() | st.integers()).map(
        lambda content: json.dumps(content).encode()
    )
)
TOPICS = st.sampled_from(["valvehub/rx", "valvehub/tx", "valvehub"]) | st.text()


def reports(
    payload: bytes, topic: str = "valvehub/rx", *, retain: bool = False
) -> tuple[Said, ...]:
    return WIRE.report(SITE, Message(topic, payload, retain, NOON))


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
@example("valvehub/rx", b"NODE " * 800, False)
@example("valvehub/rx", b"ERROR " * 680, False)
@example("valvehub/rx", b"HUB_READY" * 455, False)
@example("valvehub/rx", b"EVENT 5 77 112 " + b"F" * 4000, False)
@example("valvehub/rx", b"QUEUE 5 " + b"9" * 4000, False)
@example("valvehub/rx", b'{"SerialReceived":' + b"[" * 4000, False)
@example("valvehub/rx", b"\x00" * 4096, False)
def test_any_message_gives_reports_in_bounds_and_never_raises(
    topic: str, payload: bytes, retain: bool
) -> None:
    found = reports(payload, topic, retain=retain)
    assert isinstance(found, tuple)
    assert len(found) <= 3 * 64 + 3
    for report in found:
        _assert_in_bounds(report)
    if retain or topic != "valvehub/rx":
        assert all(isinstance(report, Malformed) for report in found)


def _assert_seen(report: Seen) -> None:
    assert report.uptime is None or 0 <= report.uptime < 2**32
    assert 0 <= report.age <= 1200
    assert report.readings.keys() <= set(WIRE.readings)
    for value in report.readings.values():
        assert len(str(value)) <= 100


def _assert_in_bounds(report: Said) -> None:
    node = getattr(report, "node", None)
    if node is not None:
        assert re.fullmatch(r"[1-9][0-9]{0,4}", node)
        assert int(node) <= 65533
        assert WIRE.node_name(node) == node
    for text in (getattr(report, "subject", ""), getattr(report, "reason", "")):
        assert len(text) <= 100
        assert not text or text.isprintable()
    match report:
        case Malformed(reason):
            assert reason in REASONS
        case AsksTime():
            pass
        case Learned(facts=facts):
            assert facts.keys() == {"type", "valves"}
            assert len(str(facts)) <= 100
        case Publication(_, payload):
            assert re.fullmatch(r"BATCH_ACK \d{1,5} \d{1,2} [01]\n", payload)
        case Seen():
            _assert_seen(report)
        case Hello():
            for text in (report.hardware_id, report.type, report.firmware):
                assert len(text) <= 32
                assert text.isascii()
        case _:
            assert isinstance(report, OTHERS)


@unhurried
@given(payload=PAYLOADS)
def test_a_message_says_the_same_whatever_was_read_before(payload: bytes) -> None:
    first = reports(payload)
    reports(b"HEARTBEAT 5 77 80 0 -61")
    reports(b"ERROR x")
    assert reports(payload) == first


def said(lines: list[str]) -> list[Said]:
    """Return what lines say one by one, without what a message says once."""
    return [
        report
        for line in lines
        for report in reports(line.encode())
        if not isinstance(report, Relay | AsksTime)
    ]


@unhurried
@given(
    lines=st.lists(st.sampled_from(WHOLE_LINES), min_size=1, max_size=8),
    ends=st.lists(st.sampled_from(["", "\n", "\r\n", "\n\n"]), min_size=8, max_size=8),
)
def test_joined_lines_say_what_each_says_alone(
    lines: list[str], ends: list[str]
) -> None:
    text = "".join(f"{line}{end}" for line, end in zip(lines, ends, strict=False))
    together = reports(text.encode())
    assert [
        each for each in together if not isinstance(each, Relay | AsksTime)
    ] == said(lines)
    assert together.count(Relay()) == 1
    asked = "GET_DATETIME" in lines
    assert sum(isinstance(each, AsksTime) for each in together) == asked


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("line", WHOLE_LINES)
def test_a_line_cut_anywhere_never_costs_the_line_after_it(line: str, end: str) -> None:
    assert said(WHOLE_LINES)
    for cut in some(line[:length] for length in range(len(line))):
        for after in WHOLE_LINES:
            is_end = cut.endswith(("REBOOT_", "RESET_", "DELETED_"))
            if not end and is_end and after.startswith("NODE "):
                continue  # nobody can tell that from the end of REBOOT_NODE
            together = said([f"{cut}{end}{after}"])
            alone = said([after])
            assert together[len(together) - len(alone) :] == alone, cut


SLOTS = st.fixed_dictionaries(
    {
        "hour": st.integers(0, 23),
        "minute": st.integers(0, 59),
        "duration": st.integers(1, 65535),
        "days": st.integers(1, 127),
        "valve": st.integers(0, 63),
    }
)
GOOD: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "open_valve": st.fixed_dictionaries(
        {"valve": st.integers(0, 63), "duration": st.integers(1, 7200)}
    ),
    "close_valve": st.fixed_dictionaries({"valve": st.integers(0, 63)}),
    "set_schedule": st.builds(
        lambda slot, row: {"slot": slot, **row}, st.integers(0, 99), SLOTS
    ),
    "remove_schedule": st.fixed_dictionaries({"slot": st.integers(0, 99)}),
    "set_plan": st.lists(SLOTS, max_size=10).flatmap(
        lambda slots: st.integers(max(1, len(slots)), 12).map(
            lambda clear: {"clear": clear, "slots": slots}
        )
    ),
    "set_wake_interval": st.fixed_dictionaries({"seconds": st.integers(10, 3600)}),
    "set_datetime": st.just({}),
    "curtain": st.fixed_dictionaries(
        {"action": st.sampled_from(["open", "close", "stop", "calibrate"])}
    ),
    "reboot": st.just({}),
    "factory_reset": st.just({"confirm": True}),
}
HUB_READS = re.compile(
    r"SET_SCHEDULE 5 \d+ \d+:\d\d \d+ \d+ \d+\n"
    r"|REMOVE_SCHEDULE 5 \d+\n"
    r"|SET_WAKE_INTERVAL 5 \d+\n"
    r"|SET_DATETIME 5 \d+ \d+ \d+ [0-6] \d+ \d+ \d+\n"
    r"|SEND_ACTUATOR 5 (1 1 \d+ \d+|1 0 \d+|4 [0145] 0)\n"
    r"|(REBOOT|FACTORY_RESET)_NODE 5\n"
)


def a_command(kind: str, params: dict[str, Any]) -> Command:
    return command_for(["5"], kind, params, command_class=CommandClass.LATEST)


def told(command: Command, step: int, wall: float) -> str:
    sending = Sending(command=command, node="5", wall=wall, step=step)
    (publication,) = WIRE.publications(SITE, sending)
    assert publication.topic == "valvehub/tx"
    return publication.payload


@unhurried
@given(data=st.data(), kind=st.sampled_from(sorted(GOOD)), wall=st.floats(0, 4e9))
def test_any_good_command_goes_down_as_lines_that_a_hub_reads(
    data: st.DataObject, kind: str, wall: float
) -> None:
    command = a_command(kind, WIRE.check(kind, data.draw(GOOD[kind])))
    for number, step in enumerate(some(WIRE.steps(NOWHERE, command, "5", {}))):
        line = told(command, number, wall)
        assert HUB_READS.fullmatch(line)
        assert len(line) <= 64
        assert "ERROR" in step.taken_on
        answer = line.split()[0].removeprefix("SEND_")
        assert any(taken.startswith(f"QUEUED {answer}") for taken in step.taken_on)


@unhurried
@given(
    kind=st.sampled_from(sorted(GOOD)) | st.text(),
    params=st.dictionaries(
        st.sampled_from(
            ["valve", "duration", "slot", "clear", "slots", "seconds", "action", "days"]
        )
        | st.text(),
        st.none()
        | st.booleans()
        | st.integers(0, 60)
        | st.integers()
        | st.floats()
        | st.text()
        | st.lists(SLOTS | st.integers(), max_size=3),
    ),
)
def test_any_params_are_taken_or_refused_in_bounds(
    kind: str, params: dict[str, Any]
) -> None:
    try:
        checked = WIRE.check(kind, params)
    except InvalidCommand as refused:
        words = refused.placeholders.values()
        assert all(len(text) <= 100 and text.isprintable() for text in words)
        return
    assert WIRE.check(kind, checked) == checked
