"""Whoever may publish may announce anything; only a station is offered."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.mqtt_dispatch.flows.announcement import (
    Announcement,
    read_announcement,
)
from custom_components.mqtt_dispatch.protocols.paired_dispenser.protocol import (
    PAIRED_DISPENSER,
)

BARN: dict[str, Any] = {
    "station": "Barn",
    "protocol": "paired_dispenser",
    "prefix": "barn",
    "nodes": ["1", "left"],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("encoding", [str, str.encode])
def test_an_announcement_is_understood(encoding: Any) -> None:
    assert read_announcement(encoding(json.dumps(BARN))) == Announcement(
        "Barn", PAIRED_DISPENSER, "barn", ("1", "left")
    )


def test_nodes_may_be_numbers() -> None:
    found = read_announcement(json.dumps({**BARN, "nodes": [1, "left", 2]}))
    assert found is not None
    assert found.nodes == ("1", "left", "2")


def test_what_a_newer_firmware_adds_does_not_matter() -> None:
    assert read_announcement(json.dumps({**BARN, "fw": "2.0"})) is not None


@pytest.mark.parametrize(
    "payload",
    [
        "",
        b"",
        "{",
        "[]",
        "null",
        '"Barn"',
        "\ud800",
        b"\xff",
        "[" * 10_000,
        "{}",
        json.dumps({**BARN, "more": "x" * 2048}),
    ],
)
def test_what_is_no_announcement_is_none(payload: str | bytes) -> None:
    assert read_announcement(payload) is None


@pytest.mark.parametrize("field", BARN)
def test_a_field_that_is_missing_makes_it_none(field: str) -> None:
    rest = {key: value for key, value in BARN.items() if key != field}
    assert read_announcement(json.dumps(rest)) is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("station", ""),
        ("station", None),
        ("station", ["Barn"]),
        ("station", "two\nlines"),
        ("station", "x" * 101),
        ("protocol", "telepathy"),
        ("protocol", None),
        ("protocol", ["paired_dispenser"]),
        ("prefix", 7),
        ("prefix", "barn/#"),
        ("prefix", "/barn"),
        ("prefix", "\ud800"),
        ("nodes", []),
        ("nodes", "12"),
        ("nodes", {"1": "2"}),
        ("nodes", ["1", "1"]),
        ("nodes", ["1", 1]),
        ("nodes", ["1", None]),
        ("nodes", [True]),
        ("nodes", [1.0]),
        ("nodes", ["a/b"]),
    ],
)
def test_a_field_that_is_wrong_makes_it_none(field: str, wrong: object) -> None:
    assert read_announcement(json.dumps({**BARN, field: wrong})) is None


@given(st.sampled_from(list(BARN)), JSON)
def test_no_field_makes_it_raise(field: str, value: object) -> None:
    read_announcement(json.dumps({**BARN, field: value}))


@given(st.binary() | st.text(st.characters()))
def test_no_payload_makes_it_raise(payload: str | bytes) -> None:
    read_announcement(payload)
