"""What commands for a camera may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.params import InvalidCommand

from .writing import WIRE, sent

CRON = "30 17 * * *"


def test_what_is_too_long_for_a_node_is_refused() -> None:
    values = {f"key_{number}": "x" * 200 for number in range(6)}
    with pytest.raises(InvalidCommand) as refused:
        sent("update_config", {"values": values})
    assert refused.value.code == "payload_too_large"
    assert refused.value.placeholders["limit"] == "1024"


NO_VALUES: tuple[Any, ...] = ({}, [], "a", None, 1, {f"k{n}": n for n in range(33)})
NOT_PLAIN: tuple[Any, ...] = (
    [],
    {},
    {"b": 1},
    float("nan"),
    float("inf"),
    2**63,
    "x" * 257,
)

# kind, params, code, field
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("capture_image", {"flash": True}, "unknown_field", "flash"),
    ("send_image", {}, "missing_field", "image_name"),
    *(
        ("send_image", {"image_name": name}, "invalid_text", "image_name")
        for name in ("", "x" * 129, "a\nb", "bär.jpg", 7, None)
    ),
    ("set_wake_schedule", {}, "missing_field", "cron"),
    *(
        ("set_wake_schedule", {"cron": cron}, "invalid_cron", "cron")
        for cron in (
            "",
            "30 17 * *",
            "0 30 17 * * *",
            "30 17 * * ;",
            "@daily",
            "30;17;*;*;*",
            "5:30 * * * *",
            17,
            None,
            ["30", "17", "*", "*", "*"],
            "1 " * 4 + "1" * 65,
        )
    ),
    ("update_firmware", {}, "missing_field", "url"),
    *(
        ("update_firmware", {"url": url}, "invalid_url", "url")
        for url in (
            "",
            "cam.bin",
            "ftp://example.org/cam.bin",
            "https://",
            "https:///cam.bin",
            "https://[::1/cam.bin",
            "https://example.org/cam .bin",
            "https://example.org/ä.bin",
            "https://example.org/\n",
            "https://example.org/" + "x" * 500,
            "https://me:pass/word@example.org/cam.bin",
            "https://example.org:0/cam.bin",
            7,
            None,
        )
    ),
    *(
        (
            "update_firmware",
            {"url": "https://example.org/cam.bin", "version": version},
            "invalid_text",
            "version",
        )
        for version in ("", "x" * 65, 2, "2\n")
    ),
    ("ping", {"id": 1}, "unknown_field", "id"),
    ("reboot", {"hard": True}, "unknown_field", "hard"),
    ("update_config", {}, "missing_field", "values"),
    *(
        ("update_config", {"values": values}, "invalid_values", "values")
        for values in NO_VALUES
    ),
    *(
        ("update_config", {"values": {name: True}}, "unknown_field", name)
        for name in (
            "device_id",
            "capture_image",
            "send_image",
            "send_all_pending",
            "missing_chunks",
            "next_wake",
            "reboot",
            "firmware_url",
            "ping",
        )
    ),
    *(
        ("update_config", {"values": {"a": value}}, "invalid_values", "a")
        for value in NOT_PLAIN
    ),
    ("update_config", {"values": {"": 1}}, "unknown_field", ""),
    ("feed", {"portions": 1}, "unknown_kind", ""),
]


@pytest.mark.parametrize(("kind", "params", "code", "field"), REFUSED)
def test_bad_params_are_refused(
    kind: str, params: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check(kind, params)
    named = refused.value.placeholders.get("field", "")
    assert (refused.value.code, named) == (code, field)


@pytest.mark.parametrize("values", [{1: 2}, {None: 2}, {"x" * 65: 1}, {"a\nb": 1}])
def test_a_value_needs_a_name(values: dict[Any, Any]) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check("update_config", {"values": values})
    assert refused.value.code == "unknown_field"


@pytest.mark.parametrize(
    ("cron", "checked"),
    [
        (CRON, CRON),
        ("  30  17 *\t* * ", CRON),
        ("*/15 6-20 * * MON-FRI", "*/15 6-20 * * MON-FRI"),
        ("0 12 L * 1#2", "0 12 L * 1#2"),
        ("0,30 8 1 jan,jul *", "0,30 8 1 jan,jul *"),
    ],
)
def test_any_cron_expression_of_five_parts_is_taken(cron: str, checked: str) -> None:
    assert WIRE.check("set_wake_schedule", {"cron": cron}) == {"cron": checked}
