"""The one way to write out a command, and its signature."""

from __future__ import annotations

import json
import math

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.protocols.greenhouse.signing import (
    canonical_json,
    signature,
)

EPSILON = 2.0**-52
SECRET = "0123456789abcdef0123456789abcdef"

# value, how it is written out
WRITTEN: list[tuple[object, str]] = [
    # object keys sorted, arrays in order, no spaces
    ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
    ({"b": {"d": 1, "c": 2}, "a": []}, '{"a":[],"b":{"c":2,"d":1}}'),
    ([3, 1, 2], "[3,1,2]"),
    ({"B": 1, "a": 2, "_": 3, "aa": 4, "": 5}, '{"":5,"B":1,"_":3,"a":2,"aa":4}'),
    ({"é": 1, "z": 2, "😀": 3, "￿": 4}, '{"z":2,"é":1,"￿":4,"😀":3}'),
    ({}, "{}"),
    # UTF-8 unescaped, slashes unescaped
    ("é ü 漢 😀", '"é ü 漢 😀"'),
    ("a/b", '"a/b"'),
    ('say "hi" \\ ', '"say \\"hi\\" \\\\ "'),
    ("\b\f\n\r\t\x00\x1f\x7f", '"\\b\\f\\n\\r\\t\\u0000\\u001f\x7f"'),
    # booleans are no numbers
    (True, "true"),
    (False, "false"),
    (None, "null"),
    # whole numbers without a fraction
    (0, "0"),
    (5.0, "5"),
    (-5.0, "-5"),
    (-0.0, "0"),
    (1737979200, "1737979200"),
    (4294967296.0, "4294967296"),
    (2**53, "9007199254740992"),
    (10**20, "100000000000000000000"),
    (1e20, "100000000000000000000"),
    # others with 15 significant digits
    (0.1, "0.1"),
    (-0.5, "-0.5"),
    (5.86, "5.86"),
    (2.5, "2.5"),
    (1e-7, "1e-07"),
    (1.5e-300, "1.5e-300"),
    (0.000123456789012345, "0.000123456789012345"),
    (123456.789012345, "123456.789012345"),
    # also where they are off by the last bit of a double
    (0.1 + 0.2, "0.3"),
    (1.1 + 2.2, "3.3"),
    # or 17 where they are off by more
    (0.3333333333333333, "0.33333333333333331"),
    (1 / 3, "0.33333333333333331"),
    (2 / 3, "0.66666666666666663"),
    (5.8600000000000003 / 3, "1.9533333333333334"),
    (math.pi, "3.1415926535897931"),
    (1e-7 / 3, "3.3333333333333334e-08"),
]


@pytest.mark.parametrize(("value", "written"), WRITTEN)
def test_a_value_is_written_out(value: object, written: str) -> None:
    assert canonical_json(value) == written


@pytest.mark.parametrize(
    "value",
    [math.inf, -math.inf, math.nan, {1: 2}, {"a": {None: 1}}, {1}, b"a", object()],
)
def test_what_is_no_json_is_no_json(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        canonical_json(value)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(ANYTHING)
def test_what_is_written_out_reads_back_but_for_the_last_bit(value: object) -> None:
    assert is_nearly(json.loads(canonical_json(value)), value)


def is_nearly(read: object, meant: object) -> bool:
    """Whether two values are the same but for the last bit of their numbers."""
    match read, meant:
        case bool(), _:
            return read is meant
        case int() | float(), int() | float():
            return read == meant or math.isclose(read, meant, rel_tol=EPSILON)
        case list(), list():
            return len(read) == len(meant) and all(
                is_nearly(*both) for both in zip(read, meant, strict=True)
            )
        case dict(), dict():
            return read.keys() == meant.keys() and all(
                is_nearly(read[key], meant[key]) for key in read
            )
    return read == meant


# message, its signature as openssl makes it
SIGNED: list[tuple[dict[str, object], str]] = [
    (
        {
            "cmd": "run_pump",
            "params": {"duration_ms": 2500},
            "cmd_id": "md-17",
            "ts": 1737979200,
        },
        "465f0354f1896c57b2f8a8ab39b10025e4346e9597e3f105f6e64e2126c6ffee",
    ),
    (
        {
            "cmd": "run_pump",
            "params": {"duration_ms": 2500.0},
            "cmd_id": "md-17",
            "ts": 1737979230,
        },
        "4044fdd2d53426137e54d4c45522bd0d9fa8e31001071faef3b4456f2bba30f5",
    ),
    (
        {"cmd": "dose", "params": {"ml": 0.1}, "cmd_id": "md-17", "ts": 1737979200},
        "8bb7cfce7a52f841570fa0e0b2518d60524b72d3a7293daf6d7a5860171a5655",
    ),
    (
        {
            "ts": 1737979200,
            "params": {"steps": [2, 1], "point": "é/7"},
            "cmd_id": "md-17",
            "cmd": "calibrate",
        },
        "a765af41df25f6855257fc3ee6fdf3433920afe7312ad529e0d18baf9b2726a1",
    ),
]


@pytest.mark.parametrize(("message", "signed"), SIGNED)
def test_a_message_is_signed(message: dict[str, object], signed: str) -> None:
    assert signature(message, SECRET) == signed


def test_a_signature_does_not_count_itself() -> None:
    message, signed = SIGNED[0]
    assert signature({**message, "sig": "0" * 64}, SECRET) == signed
