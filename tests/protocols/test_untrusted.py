"""Reading what anybody may have sent, where limits are wider than a node's."""

from __future__ import annotations

from datetime import date

import pytest

from custom_components.mqtt_dispatch.protocols.messages import compact_json
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.protocols.untrusted import (
    Unreadable,
    json_object,
    shown,
)

MEGABYTE = 2**20


@pytest.mark.parametrize(
    "payload",
    [
        b'{"x":' + b"[" * 500_000 + b"]" * 500_000 + b"}",
        b"[" * MEGABYTE,
        b'{"x":' * 200_000,
        b'{"x":' + b"9" * 10_000 + b"}",
        b'{"x":-' + b"9" * 10_000 + b"}",
    ],
    ids=["nested", "open lists", "open objects", "digits", "negative digits"],
)
def test_what_python_refuses_to_read_is_no_json(payload: bytes) -> None:
    with pytest.raises(Unreadable, match="not JSON"):
        json_object(payload, MEGABYTE)


def test_a_payload_may_be_as_long_as_its_limit_and_no_longer() -> None:
    payload = b'{"x":1}'
    assert json_object(payload, len(payload)) == {"x": 1}
    with pytest.raises(Unreadable, match="too long"):
        json_object(payload, len(payload) - 1)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("plain text", "plain text"),
        ("", ""),
        ("Napf ä, 猫", "Napf ä, 猫"),
        ("two\nlines\r\x1b[31m", "two�lines��[31m"),
        ("\x00\ud800\u202e", "���"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
        ("no file at https://me:pw@host:80/a?key=1", "no file at https://host:80/a"),
        ("ftp://pw@host and http://h/#key, then", "ftp://host and http://h/ then"),
        ("http://me:" + "x" * 100 + "@host/a", "http://host/a"),
        ("a: b/c?d@e", "a: b/c?d@e"),
        (None, "null"),
        (True, "true"),
        (-51, "-51"),
        (2.5, "2.5"),
        (float("nan"), "NaN"),
        (10**400, "1" + "0" * 98 + "…"),
        ([["deep"]], "[…]"),
        ((1, 2), "[…]"),
        ({"a": 1}, "{…}"),
        (date(2025, 1, 1), "date"),
    ],
)
def test_a_person_sees_one_bounded_line(value: object, seen: str) -> None:
    assert shown(value) == seen


def test_a_number_that_python_does_not_write_out_is_cut_away() -> None:
    assert shown(10**10_000) == "…"


def test_a_payload_is_counted_in_bytes() -> None:
    message = {"name": "ä" * 10}
    payload = compact_json(message, 512)
    size = len(payload.encode())
    assert compact_json(message, size) == payload
    with pytest.raises(InvalidCommand) as refused:
        compact_json(message, size - 1)
    assert refused.value.code == "payload_too_large"
    assert refused.value.placeholders == {"size": str(size), "limit": str(size - 1)}
