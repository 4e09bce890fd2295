"""The wire of Petnet and the simulated feeders, each read from the same page, agree."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandClass,
    Delivery,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Dispensed,
    Done,
    Failed,
    Needs,
    Readings,
)
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Malformed,
    Message,
    Publication,
)
from custom_components.mqtt_dispatch.protocols.petnet.protocol import PETNET
from simulator import node as simulated
from simulator.faults import order_from_text
from simulator.petnet.faults import FAULTS
from simulator.petnet.gateway import Gateway
from simulator.petnet.wire import Settings
from tests.nonempty import some
from tests.protocols.commands import NOWHERE

from .bench import DEVICE, GATEWAY, START

SITE = Site(prefix="krs", nodes={DEVICE: {"gateway": GATEWAY}})
PLAN = {
    "entries": [
        {"id": "1", "time": "08:00", "portions": 4, "active": True},
        {"id": "2", "time": "18:00", "portions": 1, "active": False},
    ]
}


class Talk:
    """A feeder and its server: whatever it says is read, whatever is answered goes."""

    def __init__(self, *, stepwise: bool) -> None:
        self.now = START
        self.reports: list[Any] = []
        self.executed: list[str] = []
        self.readings: dict[str, str | float] = {"fw": "2.7.1"} if stepwise else {}
        self.gateway = Gateway(
            GATEWAY, (DEVICE,), Settings("krs", stepwise), memory=None, now=START
        )
        self.run(0)

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while (at := self.gateway.next_deadline()) is not None and at <= end:
            self.now = at
            self._note(self.gateway.advance(at))
        self.now = end

    def order(self, text: str) -> None:
        order = order_from_text(text, [DEVICE], FAULTS)
        self._note(self.gateway.order(order, self.now))

    def command(self, kind: str, params: dict[str, Any]) -> list[Any]:
        """Send all steps of a command, each after the one before was accepted."""
        command = Command(
            id=17,
            kind=kind,
            params=PETNET.check(kind, params),
            command_class=CommandClass.ONCE,
            created_at=0.0,
            expires_at=None,
            deliveries=(Delivery(DEVICE),),
        )
        before = len(self.reports)
        readings: Readings = self.readings
        for step in range(len(PETNET.steps(NOWHERE, command, DEVICE, readings))):
            sending = Sending(
                command=command, node=DEVICE, wall=0, step=step, readings=readings
            )
            self._publish(PETNET.publications(SITE, sending))
            if Accepted(DEVICE, 17, step=step) not in self.reports[before:]:
                break
        self.run(10)
        return self.answers(before)

    def answers(self, since: int = 0) -> list[Any]:
        return [
            report
            for report in self.reports[since:]
            if isinstance(report, Accepted | Done | Failed)
        ]

    def _publish(self, publications: tuple[Publication, ...]) -> None:
        for each in publications:
            self._note(
                self.gateway.receive(each.topic, each.payload.encode(), self.now)
            )

    def _note(self, effects: list[simulated.Effect]) -> None:
        for effect in effects:
            match effect:
                case simulated.Message():
                    self._hear(effect)
                case simulated.Executed():
                    self.executed.append(effect.kind)
                case simulated.Connect():
                    self._note(self.gateway.on_connect(self.now))

    def _hear(self, message: simulated.Message) -> None:
        came = Message(message.topic, message.payload, message.retain, self.now)
        found = PETNET.report(SITE, came)
        self.reports += [each for each in found if not isinstance(each, Publication)]
        self._publish(tuple(each for each in found if isinstance(each, Publication)))


@pytest.fixture(params=[False, True], ids=["old", "new"])
def talk(request: pytest.FixtureRequest) -> Talk:
    return Talk(stepwise=request.param)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("feed", {"portions": 1}),
        ("feed", {"portions": 32}),
        ("set_button", {"enable": False}),
        ("set_utc_offset", {"seconds": -18000}),
        (
            "set_budget",
            {
                "recipe": "E000001",
                "tbsp_per_feeding": 1,
                "g_per_tbsp": 7,
                "budget_tbsp": 3,
            },
        ),
        ("reboot", {}),
    ],
)
def test_a_command_is_accepted_and_done(
    talk: Talk, kind: str, params: dict[str, Any]
) -> None:
    assert talk.command(kind, params) == [
        Accepted(DEVICE, 17, step=0),
        Done(DEVICE, 17, step=0),
    ]
    assert len(talk.executed) == 1
    assert talk.gateway.unanswered == 0


@pytest.mark.parametrize("plan", [PLAN, {"entries": []}])
def test_a_schedule_is_held_in_whatever_form_the_firmware_takes(
    talk: Talk, plan: dict[str, Any]
) -> None:
    answers = talk.command("set_schedule", plan)
    steps = len(answers) // 2
    assert steps == (4 if "fw" in talk.readings else 1)
    assert {answer.step for answer in answers if isinstance(answer, Done)} == set(
        range(steps)
    )
    assert not any(isinstance(answer, Failed) for answer in answers)


def test_a_meal_of_the_schedule_is_told_as_planned(talk: Talk) -> None:
    talk.command("set_schedule", PLAN)
    talk.run(9 * 3600)
    assert [each for each in talk.reports if isinstance(each, Dispensed)] == [
        Dispensed(
            node=DEVICE, started_at=START + 8 * 3600, planned=True, grams=28, reason=""
        )
    ]


def test_a_feed_that_fails_says_why_twice(talk: Talk) -> None:
    talk.order("fail=motor_stalled")
    assert talk.command("feed", {"portions": 2})[-1] == Failed(
        DEVICE, 17, "motor_stalled", step=0
    )
    (told,) = (each for each in talk.reports if isinstance(each, Dispensed))
    assert (told.planned, told.reason, told.grams) == (False, "motor_stalled", 0)


def test_a_start_asks_for_the_schedule_and_so_does_having_none(talk: Talk) -> None:
    needs = [each for each in talk.reports if isinstance(each, Needs)]
    assert needs == [Needs(DEVICE, "set_schedule")] * 2


def test_a_schedule_that_stopped_in_the_middle_is_asked_for_and_stopped() -> None:
    talk = Talk(stepwise=True)
    talk.order("die=syncing,seconds=5")
    assert not any(answer.step == 3 for answer in talk.command("set_schedule", PLAN))
    assert isinstance(talk.reports[-1], Needs)
    assert talk.command("set_schedule", PLAN)[-1] == Done(DEVICE, 17, step=3)


def test_nothing_it_says_is_malformed_even_where_it_is_no_utf_8(talk: Talk) -> None:
    talk.order("trace=now")
    talk.order("spelling=upper")
    talk.run(3600)
    assert not any(isinstance(each, Malformed) for each in some(talk.reports))
