"""What answers of greenhouse nodes say of commands."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    AsksTime,
    Busy,
    Done,
    Failed,
    Rejected,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Said

from .samples import HOME, NODE, a_site, reports


def answered(answer: str, channel: str = "pump_acid") -> tuple[Said, ...]:
    """Return what is left of an answer when its node is known to be heard."""
    topic = f"{HOME}/{channel}/command_response"
    _, *said = reports(topic, f'{{"cmd_id":"md-17",{answer}}}')
    return tuple(said)


# an answer, what it says
ANSWERS: list[tuple[str, Said]] = [
    ('"status":"ACK"', Accepted(NODE, 17)),
    ('"status":"DONE","details":{}', Done(NODE, 17)),
    ('"status":"NO_EFFECT"', Done(NODE, 17)),
    ('"status":"TIMEOUT"', Failed(NODE, 17, "TIMEOUT")),
    (
        '"status":"ERROR","error_code":"pump_fault","error_message":"no current"',
        Failed(NODE, 17, "pump_fault: no current"),
    ),
    ('"status":"ERROR","error_code":7,"error_message":""', Failed(NODE, 17, "ERROR")),
    ('"status":"ERROR","message":"stuck"', Failed(NODE, 17, "stuck")),
    (
        '"status":"ERROR","error_code":"x","details":{"note":"look"}',
        Failed(NODE, 17, "x: look"),
    ),
    (
        '"status":"ERROR","error_code":"unknown_command"',
        Failed(NODE, 17, "unknown_command", for_good=True),
    ),
    (
        '"status":"INVALID","details":{"error_message":"Unknown command: x"}',
        Failed(NODE, 17, "Unknown command: x", for_good=True),
    ),
    (
        '"status":"INVALID","details":{"error":"no such pump"}',
        Rejected(NODE, 17, "no such pump", after_all=True),
    ),
    ('"status":"BUSY"', Busy(NODE, 17, after_all=True)),
]


@pytest.mark.parametrize(("answer", "said"), ANSWERS)
def test_an_answer_says_what_became_of_a_command(answer: str, said: Said) -> None:
    assert answered(answer) == (said,)


@pytest.mark.parametrize(
    ("cmd_id", "said"),
    [("md-17", (Busy(NODE, 17, after_all=True),)), ("md-17-x", ())],
)
def test_an_answer_of_a_node_that_does_not_know_the_time_asks_for_it(
    cmd_id: str, said: tuple[Said, ...]
) -> None:
    """It goes before the word that the node is there, lest it is answered twice."""
    refusal = f'{{"cmd_id":"{cmd_id}","status":"ERROR","error_code":"time_not_synced"}}'
    asked, heard, *rest = reports(f"{HOME}/system/command_response", refusal)
    assert asked == AsksTime()
    assert isinstance(heard, Seen)
    assert (*rest,) == said


PUMP = a_site(type="pump")
SEED_PUMP = a_site(type="pump", generation="seed")


@pytest.mark.parametrize(
    ("site", "more", "said"),
    [
        (PUMP, ',"health":{"running":true}', (Accepted(NODE, 17),)),
        (PUMP, ',"details":{"queued":true}', (Accepted(NODE, 17),)),
        (PUMP, ',"ts":1737979200000', ()),
        (SEED_PUMP, ',"ts":12', (Accepted(NODE, 17),)),
        (a_site(type="ph"), ',"ts":1737979200000', (Accepted(NODE, 17),)),
    ],
)
def test_a_mere_acknowledgement_of_a_pump_node_answers_a_repeat(
    site: Site, more: str, said: tuple[Said, ...]
) -> None:
    """So it says that the node knows the id, and not that a pump runs."""
    answer = f'{{"cmd_id":"md-17","status":"ACK"{more}}}'
    topic = f"{HOME}/pump_acid/command_response"
    assert reports(topic, answer, site=site)[1:] == said


def test_an_answer_to_a_command_that_was_sent_anew_is_of_that_command() -> None:
    topic = f"{HOME}/pump_acid/command_response"
    answer = '{"cmd_id":"md-17-1737979230","status":"DONE"}'
    assert reports(topic, answer)[1:] == (Done(NODE, 17),)


def test_an_answer_to_what_was_said_beside_a_command_says_nothing_of_it() -> None:
    topic = f"{HOME}/system/command_response"
    assert len(reports(topic, '{"cmd_id":"md-17-x","status":"ERROR"}')) == 1


class TestWhatAnAnswerTellsOfAChannel:
    def test_comes_after_what_it_says_of_the_command(self) -> None:
        done, told = answered('"status":"DONE","details":{"state":1}', "inlet")
        assert done == Done(NODE, 17)
        assert isinstance(told, Seen)
        assert told.readings == {"inlet/state": "open", "inlet/assumed": "no"}

    @pytest.mark.parametrize(
        "details",
        [
            '{"metric_type":"PH","value":6.1}',
            '{"probe":{"metric_type":"PH","value":6.1}}',
        ],
    )
    def test_is_what_a_sensor_measured(self, details: str) -> None:
        _, told = answered(f'"status":"DONE","details":{details}', "ph_sensor")
        assert isinstance(told, Seen)
        assert told.readings == {"ph_sensor/ph": 6.1}

    def test_is_a_snapshot_of_all(self) -> None:
        snapshot = '{"inlet":true,"lamp":false,"nobody":true,"ph_sensor":"?"}'
        answer = f'"status":"DONE","details":{{"snapshot":{snapshot}}}'
        _, told = answered(answer, "storage_state")
        assert isinstance(told, Seen)
        assert told.readings == {
            "inlet/state": "open",
            "inlet/assumed": "no",
            "lamp/state": "off",
            "lamp/assumed": "no",
        }

    @pytest.mark.parametrize("details", ["[1]", '{"state":"bright","value":-1}', "7"])
    def test_is_nothing_where_it_makes_no_sense(self, details: str) -> None:
        assert answered(f'"status":"DONE","details":{details}', "lamp") == (
            Done(NODE, 17),
        )
