"""Any params and values, on their way to a camera."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, strategies as st

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.protocols.base import Instructing, Sending
from custom_components.mqtt_dispatch.protocols.esp32_cam.images import MOST_PARTS
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from tests.protocols.commands import NOWHERE

from ..commands import command_for
from .fuzzing import ANYTHING, MAC, MESSAGES, NODE, SITE, WALL, WIRE, read, unhurried


def sent(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return what a node reads, having seen that it can."""
    command = command_for([NODE], kind, params, command_class=CommandClass.REPEAT)
    told = {"family": "own", "spelled": MAC}
    (publication,) = WIRE.publications(
        SITE, Sending(command=command, node=NODE, wall=WALL, readings=told)
    )
    assert publication.topic == f"device/{MAC}/cmd"
    assert len(publication.payload.encode()) <= 1024
    content = json.loads(publication.payload)
    assert isinstance(content, dict)
    assert content.pop("device_id") == MAC
    assert len(WIRE.steps(NOWHERE, command, NODE, {})) == 1
    return content


@unhurried
@given(
    kind=st.sampled_from([*WIRE.kinds]) | st.text(),
    params=st.dictionaries(
        st.sampled_from(["image_name", "cron", "url", "version", "values"]) | st.text(),
        ANYTHING | st.sampled_from(["* * * * *", "https://a.b/c"]) | MESSAGES,
        max_size=2,
    ),
)
@example("k" * 10_000, {})
@example("reboot", {"\ud800" * 10_000: 1})
@example("update_config", {"values": {"\ud800": "\ud800"}})
@example("update_config", {"values": {"a": 10**400}})
def test_any_params_are_taken_or_refused_in_bounds(
    kind: str, params: dict[str, Any]
) -> None:
    try:
        checked = WIRE.check(kind, params)
        content = sent(kind, checked)
    except InvalidCommand as refused:
        words = refused.placeholders.values()
        assert all(len(text) <= 100 and text.isprintable() for text in words)
        return
    assert WIRE.check(kind, checked) == checked, "checked params stay as they are"
    if kind == "update_config":
        assert content == checked["values"]
    else:
        assert len(content) == 1


VALUES = st.dictionaries(
    # No command is called that: its name would be refused.
    st.text(st.characters(categories=["L", "N"]), max_size=7).map("q{}".format),
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    min_size=1,
    max_size=8,
)


@unhurried
@given(values=VALUES)
def test_any_good_configuration_arrives_as_it_was_meant(values: dict[str, Any]) -> None:
    assert sent("update_config", {"values": values}) == values


@unhurried
@given(
    instruction=st.sampled_from(
        [Instruction.SEND_PARTS, Instruction.KEEP_AWAKE, Instruction.SLEEP]
    ),
    name=st.text(max_size=128),
    missing=st.lists(st.integers(0, MOST_PARTS), unique=True),
    readings=st.fixed_dictionaries(
        {},
        optional={
            "family": st.sampled_from(["own", "shared"]),
            "spelled": st.sampled_from([MAC, NODE]),
            "device_id": st.sampled_from([MAC, NODE]),
        },
    ),
)
def test_any_reply_is_our_own_echo_when_it_comes_back(
    instruction: Instruction,
    name: str,
    missing: list[int],
    readings: dict[str, str | float],
) -> None:
    instructing = Instructing(
        node=NODE,
        message=ImageInstruction(instruction, name, tuple(missing)),
        readings=readings,
        wall=WALL,
    )
    replies = WIRE.instruct(SITE, instructing)
    said = [reply for reply in replies if reply.topic.endswith("/ack")]
    assert 1 <= len(said) <= 2
    for reply in said:
        assert read(reply.topic, reply.payload.encode()) == ()
