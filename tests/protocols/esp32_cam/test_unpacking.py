"""Long parts of images are read as short ones are, in pieces."""

from __future__ import annotations

from base64 import b64encode
import json
from typing import Any

from hypothesis import example, given, strategies as st
import pytest

from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.esp32_cam.unpacking import LONG, unpacked
from custom_components.mqtt_dispatch.protocols.messages import Malformed, Message

from .site import MAC, WIRE

SITE = Site(prefix="device", nodes={MAC.replace(":", "").upper(): {}})
TOPIC = f"ESP32CAM/{MAC}/data"
CONTENT = bytes(range(256)) * 300


def quick(payload: bytes) -> tuple[bytes, int]:
    """Return what is unpacked, and in how many pieces."""
    pieces, work = 0, unpacked(payload)
    while True:
        try:
            next(work)
        except StopIteration as finished:
            return finished.value, pieces
        pieces += 1


def a_part(payload: object, **more: Any) -> bytes:
    content = {"image_name": "a.jpg", "chunk_id": 3, "payload": payload}
    return json.dumps({**content, **more}).encode()


def read(payload: bytes) -> Any:
    return WIRE.report(SITE, Message(TOPIC, payload, False, 1_780_000_000))


@pytest.mark.parametrize(
    "separators", [(",", ":"), (", ", ": "), (" , ", " : "), (",\n", ":\t")]
)
@pytest.mark.parametrize("key", ["payload", "payload_b64"])
def test_a_list_of_numbers_says_what_it_said_and_is_quicker_to_read(
    key: str, separators: tuple[str, str]
) -> None:
    content = {"image_name": "a.jpg", "chunk_id": 3, key: [*CONTENT], "humidity": 50}
    payload = json.dumps(content, separators=separators).encode()
    result, pieces = quick(payload)
    assert pieces > 10
    assert json.loads(result) == {**content, key: b64encode(CONTENT).decode()}
    assert read(result) == read(payload)


def test_base64_stays_as_it_is() -> None:
    payload = a_part(b64encode(CONTENT).decode())
    assert quick(payload) == (payload, 0)
    assert not any(isinstance(said, Malformed) for said in read(payload))
    assert read(payload)


@pytest.mark.parametrize(
    "wrong",
    [
        *("1.5", "-1", "256", "true", "null", '"1"', "[1]", "{}", "1e2", "01", "+1"),
        *("", "1,,2", "1 2"),
    ],
)
@pytest.mark.parametrize("before", [0, 40_000])
def test_what_is_no_list_of_bytes_is_refused_as_before(wrong: str, before: int) -> None:
    numbers = ",".join(["7"] * before + [wrong, "7"])
    payload = a_part([]).replace(b"[]", f"[{numbers}]".encode())
    result, _ = quick(payload)
    assert result == payload
    assert isinstance(read(payload)[0], Malformed)


@example(b"[0]", b"")
@given(st.binary(max_size=300), st.sampled_from([b"", a_part([1, 2]), a_part("AA==")]))
def test_whatever_comes_is_unpacked_to_what_says_the_same(
    junk: bytes, part: bytes
) -> None:
    for payload in (junk, part + junk, junk + part, part[:20] + junk + part[20:]):
        assert read(quick(payload)[0]) == read(payload)


def test_so_much_of_anything_else_is_refused_without_being_read() -> None:
    assert read(a_part("AA==", more=[1] * LONG)) == (Malformed("too long"),)
    assert read(a_part("AA==", more=["x" * LONG])) != (Malformed("too long"),)


def test_each_piece_is_as_short_as_what_is_read_at_once() -> None:
    payload = a_part(([*CONTENT] * 2)[:110_000])
    assert 400_000 < len(payload) < WIRE.max_report_bytes
    _, pieces = quick(payload)
    assert len(payload) / pieces < LONG
