"""The core, the simulated node and the integration keep one contract."""

from __future__ import annotations

import json
from pathlib import Path
import re
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message
from tests.nonempty import some
from tests.protocols.commands import command_for, stored_with
from tests.protocols.vectors import meaning

from .conftest import MakeNode
from .contract import EXAMPLES, Example, answers_in, examples, payload_of, play
from .players import Core, Simulated

WIRE = PROTOCOLS["paired_dispenser"]
SITE = Site(prefix="disp", nodes={"1": {}, "2": {}})
PAGE = Path(__file__).parents[2] / "docs" / "node.md"


def reading_of(topic: str, content: Any) -> list[dict[str, Any]]:
    payload = json.dumps(content).encode()
    message = Message(f"disp/{topic}/1", payload, retain=False, wall=0.0)
    return meaning(*WIRE.report(SITE, message))


@pytest.mark.parametrize("example", examples())
def test_the_core_keeps_it(example: Example, make_node: MakeNode) -> None:
    play(example, Core(make_node(), example.get("work_ends", "success")))


@pytest.mark.parametrize("example", examples())
def test_the_simulated_node_keeps_it(example: Example) -> None:
    play(example, Simulated(example.get("work_ends", "success")))


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("example", examples())
def test_the_core_on_the_board_of_the_simulator_keeps_it(example: Example) -> None:
    play(example, Simulated(example.get("work_ends", "success"), "native"))


def test_the_integration_reads_the_answers_as_they_are_meant() -> None:
    answers = [each for all_of in EXAMPLES for each in answers_in(all_of["steps"])]
    for answer in some(answers):
        assert reading_of(answer["topic"], answer["json"]) == [answer["means"]], answer


def test_the_integration_sends_what_the_examples_tell() -> None:
    ordered = [
        step for each in EXAMPLES for step in each["steps"] if step.get("ordered")
    ]
    for step in some(ordered):
        order = step["ordered"]
        command = command_for(
            ("1", "2"),
            order["kind"],
            WIRE.check(order["kind"], order["params"]),
            command_id=step["told"]["queue_id"],
            expires_at=step["told"].get("expires_at"),
            remembered=stored_with(step["told"]),
        )
        sending = Sending(command=command, node="1", wall=0.0, readings={"fw": "1.0"})
        (published,) = WIRE.publications(SITE, sending)
        assert published.topic == "disp/cmd/1"
        assert published.payload.encode() == payload_of(step)


def test_the_integration_reads_what_the_core_says_of_itself(
    make_node: MakeNode,
) -> None:
    node = make_node()
    said = [*node.power().said]
    node.tell(
        {"queue_id": 17, "target_room": 1, "items": [{"pill_id": 1, "quantity": 1}]}
    )
    said += node.wait(5).said
    node.end_work()
    said += node.do("connect").said
    for topic, content in some(said):
        (report,) = reading_of(topic, content)
        assert report["report"] == "Seen"
        assert report["drops_repeats"] is True
        assert report["readings"] == {"fw": "native"}
    assert reading_of(*said[-1])[0]["last_id"] == 17


def test_each_must_of_the_page_has_an_example_and_each_example_a_must() -> None:
    musts = re.findall(r"^(\d+)\. \*\*", PAGE.read_text(), re.MULTILINE)
    assert [int(each) for each in musts] == sorted({each["must"] for each in EXAMPLES})
