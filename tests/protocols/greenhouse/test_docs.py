"""What the page for owners of greenhouse nodes says is so."""

from __future__ import annotations

from pathlib import Path
import re

from custom_components.mqtt_dispatch.protocols.greenhouse.node_types import NODE_TYPES
from custom_components.mqtt_dispatch.protocols.greenhouse.signing import signature
from simulator.greenhouse.wire import read_object, signature as of_a_node

from .samples import SECRET, WIRE, a_command, sent

PAGE = (Path(__file__).parents[3] / "docs" / "greenhouse.md").read_text(
    encoding="utf-8"
)


def worked_example() -> tuple[str, str]:
    """Return what is signed and what is sent."""
    signed, told = re.findall(r"```json\n(.+)\n```", PAGE)
    return signed, told


def test_the_worked_example_is_what_is_sent() -> None:
    _, told = worked_example()
    command = a_command("run_pump", {"channel": "pump_acid", "duration_ms": 2500})
    (publication,) = sent(command)
    assert publication.payload == told
    assert f"`{publication.topic}`" in PAGE


def test_the_worked_example_says_what_is_signed() -> None:
    signed, told = worked_example()
    unsigned = read_object(signed.encode())
    sig = signature(unsigned, SECRET)
    assert read_object(told.encode()) == {**unsigned, "sig": sig}
    assert f"printf '%s' '{signed}' |\n  openssl dgst -sha256 -hmac {SECRET}" in PAGE


def test_a_node_takes_the_worked_example() -> None:
    content = read_object(worked_example()[1].encode())
    assert of_a_node(content, SECRET) == content["sig"]


def test_it_names_every_kind_and_type() -> None:
    named = {*re.findall(r"`([a-z_]+)`", PAGE)}
    assert {*WIRE.kinds, *NODE_TYPES} <= named
