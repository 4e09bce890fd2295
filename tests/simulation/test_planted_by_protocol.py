"""Bugs planted on purpose in what each protocol adds: the simulation sees each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.delivery.endings import Endings
from custom_components.mqtt_dispatch.engine.delivery.repeats import Repeats
from custom_components.mqtt_dispatch.engine.plan.desired import Desired
from custom_components.mqtt_dispatch.engine.plan.node_lines import Cycle
from custom_components.mqtt_dispatch.engine.scheduling.readiness import NodeStatus
from custom_components.mqtt_dispatch.protocols.esp32_cam import images
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import ImagePart
from custom_components.mqtt_dispatch.protocols.messages import Message
from custom_components.mqtt_dispatch.protocols.petnet import reports as petnet_reports
from custom_components.mqtt_dispatch.protocols.profiled.following.heard import (
    NodeWords,
    Watch,
)
from custom_components.mqtt_dispatch.protocols.valve_hub import plan as valve_hub_plan
from custom_components.mqtt_dispatch.runtime import publisher
from custom_components.mqtt_dispatch.runtime.driver import Driver
from custom_components.mqtt_dispatch.runtime.inbox import Inbox
from simulation.cli import run_seed

pytestmark = pytest.mark.slow

SEEDS = {
    "esp32_cam": range(1, 13),
    "valve_hub": range(1, 13),
    "greenhouse": range(1, 25),
    "petnet": range(1, 7),
    "zigbee2mqtt": range(1, 13),
}


def broken_promises(
    protocol: str, seeds: Collection[int] = ()
) -> tuple[Counter[int], str]:
    """Return how often each promise was broken, and all that was said of it."""
    found = [
        violation
        for seed in seeds or SEEDS[protocol]
        for _, violation in run_seed(seed, 1, 1.0, protocol)[1].violations
    ]
    return Counter(one.promise for one in found), "\n".join(map(str, found))


@pytest.mark.parametrize("protocol", ["valve_hub", "petnet"])
def test_a_resend_by_the_mqtt_client_is_seen(
    protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not broken_promises(protocol)[0]
    monkeypatch.setattr(publisher, "qos_of", lambda _: 1)

    promises, said = broken_promises(protocol)

    assert promises[2]
    assert "was sent by the client again" in said


@pytest.mark.parametrize("protocol", ["valve_hub", "petnet"])
def test_a_plan_without_what_is_otherwise_on_a_date_is_seen(
    protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cycle, "lines", lambda _, meal: (meal,))

    promises, said = broken_promises(protocol)

    assert promises[5]
    assert "and should hold" in said


# esp32_cam


def test_a_deadline_that_wakes_nobody_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Driver, "_deadline_reached", lambda _: None)

    promises, said = broken_promises("esp32_cam")

    assert promises[4]
    assert "what was due was done" in said


def test_an_image_that_is_not_the_one_that_was_sent_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take = images.Images.take

    def miscount(self: Any, report: Any, now: Any) -> Any:
        if isinstance(report, ImagePart) and report.index == 1:
            report = replace(report, content=bytes(len(report.content)))
        return take(self, report, now)

    monkeypatch.setattr(images.Images, "take", miscount)

    promises, said = broken_promises("esp32_cam")

    assert set(promises) == {3}
    assert "is not what the node sent" in said


def test_a_node_that_gets_no_rest_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NodeStatus, "is_awake", lambda *_: True)

    promises, _ = broken_promises("esp32_cam")

    assert promises


def test_a_message_that_is_lost_between_the_pieces_of_another_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work_on = Inbox._work_on

    def lose(self: Inbox, message: Message, work: Any) -> None:
        work_on(self, message, work)
        if self._unpacking and self._unread and isinstance(self._unread[0], Message):
            self._unread_bytes -= len(self._unread[0].payload)
            self._unread.popleft()

    monkeypatch.setattr(Inbox, "_work_on", lose)

    promises, said = broken_promises("esp32_cam")

    assert promises[4]
    assert "was not read in its turn" in said


def test_messages_that_overtake_a_long_one_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    came = Inbox.came

    def overtake(self: Inbox, message: Message) -> None:
        if self._is_long(message):
            came(self, message)
        else:
            self._read_now(message)

    monkeypatch.setattr(Inbox, "came", overtake)

    promises, said = broken_promises("esp32_cam")

    assert promises[4]
    assert "was not read in its turn" in said


def test_an_inbox_that_ends_with_an_exception_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work_on = Inbox._work_on
    pieces: Counter[Inbox] = Counter()

    def end(self: Inbox, message: Message, work: Any) -> None:
        pieces[self] += 1
        if pieces[self] <= 20:
            work_on(self, message, work)

    monkeypatch.setattr(Inbox, "_work_on", end)

    promises, said = broken_promises("esp32_cam")

    assert promises[4]
    assert "was not read in its turn" in said


# valve_hub


def test_days_that_do_not_move_over_midnight_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day_mask = valve_hub_plan.day_mask
    monkeypatch.setattr(
        valve_hub_plan, "day_mask", lambda weekdays, _=0: day_mask(weekdays)
    )

    promises, said = broken_promises("valve_hub")

    assert set(promises) == {5}
    assert "and should hold" in said


def test_clocks_that_are_set_unnoticed_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = Desired.__module__
    monkeypatch.setattr(f"{module}.next_offset_change", lambda *_: None)

    # Few worlds have clocks set and no other change of the plan after it.
    promises, _ = broken_promises("valve_hub", (155, 228))

    assert set(promises) == {5}


# greenhouse


def test_a_repeat_to_a_node_that_forgot_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Repeats, "may_harm", lambda *_: False)

    promises, said = broken_promises("greenhouse")

    assert set(promises) == {2}
    assert "executed" in said
    assert "2 times" in said


# petnet


def test_a_request_that_is_not_answered_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = petnet_reports._request

    def forget(site: Any, gateway: str, payload: bytes) -> Any:
        answer, *reports = request(site, gateway, payload)
        finished = b"/succeeded" in payload
        return tuple(reports) if finished else (answer, *reports)

    monkeypatch.setattr(petnet_reports, "_request", forget)

    promises, said = broken_promises("petnet")

    assert promises[4]
    assert "was asked at" in said
    assert "and not answered" in said


# zigbee2mqtt


def test_a_valve_that_nobody_closes_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Endings, "_end", lambda *_: None)

    promises, said = broken_promises("zigbee2mqtt", range(25, 41))

    assert promises[4]
    assert "is left open" in said


def test_what_was_so_before_a_break_taken_for_so_after_it_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(NodeWords, "broken_off", lambda *_, **__: None)

    promises, said = broken_promises("zigbee2mqtt")

    assert promises[3]
    assert "was told over" in said


def test_a_count_that_need_not_grow_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watch, "_grew_by", lambda *_, **__: True)

    promises, said = broken_promises("zigbee2mqtt", range(1, 41))

    assert promises[3]
    assert "and was not executed" in said
