"""What the hub says, and under which topics and names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    AsksTime,
    Forgot,
    Relay,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Malformed,
    Message,
    Publication,
)
from tests.protocols.valve_hub.reading import NOON, RX, WIRE, reports


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
