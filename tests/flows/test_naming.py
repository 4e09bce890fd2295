"""What stations and nodes may be called, and under which prefix they may speak."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.flows.naming import (
    name_error,
    nodes_error,
    prefix_error,
)
from custom_components.mqtt_dispatch.protocols.paired_dispenser.protocol import (
    PAIRED_DISPENSER,
)


@pytest.mark.parametrize("name", ["K", "Küche unten (links)", "x" * 100, "🐈"])
def test_a_good_name_is_taken(name: str) -> None:
    assert name_error(name) is None


@pytest.mark.parametrize(
    "name", ["", "two\nlines", "a\tb", "x" * 101, "\x00", "\ud800"]
)
def test_a_bad_name_is_refused(name: str) -> None:
    assert name_error(name) == "invalid_name"


@pytest.mark.parametrize(
    "prefix", ["d", "home/kitchen feeder/ß", "a$b", "home/$x", "x" * 255, "ü" * 127]
)
def test_a_prefix_that_mqtt_allows_is_taken(prefix: str) -> None:
    assert prefix_error(prefix) is None


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "disp/+",
        "disp/#",
        "a+b",
        "/disp",
        "disp/",
        "/",
        "a//b",
        "$SYS/disp",
        "$share/g/disp",
        "di\x00sp",
        "di\x1bsp",
        "di\x85sp",
        "\ud800",
        "\ufdd0",
        "x" * 256,
        "ü" * 128,
        "x" * 70_000,
    ],
)
def test_any_other_prefix_is_refused(prefix: str) -> None:
    assert prefix_error(prefix) == "invalid_prefix"


@pytest.mark.parametrize("nodes", [["1"], ["1", "2"], ["left", "right", "Ü-3_b"]])
def test_good_nodes_are_taken(nodes: list[str]) -> None:
    assert nodes_error(PAIRED_DISPENSER, nodes) is None


@pytest.mark.parametrize(
    ("nodes", "error"),
    [
        ([], "no_nodes"),
        ([""], "invalid_node"),
        (["1", "2", "1"], "node_twice"),
        (["1", "a b"], "invalid_node"),
        (["1", "a/b"], "invalid_node"),
        (["+"], "invalid_node"),
        (["#"], "invalid_node"),
        (["x" * 65], "invalid_node"),
    ],
)
def test_bad_nodes_are_refused(nodes: list[str], error: str) -> None:
    assert nodes_error(PAIRED_DISPENSER, nodes) == error
