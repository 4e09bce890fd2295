"""Petnet feeders on the wire, with the engine behind them."""

from __future__ import annotations

from datetime import datetime
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal, Rule
from custom_components.mqtt_dispatch.protocols.petnet.commands import hid_of, read_hid
from tests.engine.driver import HOUR, MINUTE

from ..played import Played
from .site import DEVICE, GATEWAY, request

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
MISSED, UNCONFIRMED = CommandState.EXPIRED, CommandState.UNCONFIRMED
BERLIN = ZoneInfo("Europe/Berlin")
NEW_FORM = [
    "schedule_clear",
    "schedule_mod_start",
    "schedule_add",
    "schedule_mod_end",
]
ENTRY_BY_ENTRY = [*NEW_FORM[:3], *NEW_FORM[2:]]


def local(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


class Feeder(Played):
    """One feeder that answers nothing by itself."""

    def __init__(self, at: str = "2026-07-20T07:00", **said: Any) -> None:
        fields = {"gateway": GATEWAY, **said}
        super().__init__(
            "petnet", {DEVICE: fields}, zone="Europe/Berlin", wall=local(at)
        )
        self.tells("hb")

    def tells(self, message: str, *, gateway: str = GATEWAY, **content: Any) -> None:
        told = {"_|deviceHid": DEVICE, "s|msg_type": message, **content}
        self.hear(f"krs.tel.gts.{gateway}", told)

    def fed(self, at: float, source: int = 6, **content: Any) -> None:
        keys = {"i|stime": int(at), "i|src": source, "f|a_g": 6.5, **content}
        self.tells("feed_result", **keys)

    def asks(self, uri: str, body: str = "{}", gateway: str = GATEWAY) -> None:
        self.hear(f"krs.api.gts.{gateway}", request(uri, body=body))

    def check_in(self, gateway: str = GATEWAY) -> None:
        self.asks(f"/api/v1/kronos/gateways/{gateway}/checkin", gateway=gateway)

    def event(
        self,
        command_id: int,
        what: str,
        step: int = 0,
        *,
        body: str = "{}",
        in_one: bool = False,
    ) -> None:
        hid = hid_of(DEVICE, command_id, step, in_one=in_one)
        self.asks(f"/api/v1/core/events/{hid}/{what}", body)

    def plan(self, *times: str) -> None:
        for number, time in enumerate(times, 1):
            meal = Meal(
                id=str(number),
                name=time,
                rule=Rule(time, frozenset(WEEKDAYS)),
                params={"portions": 4},
            )
            self.tell(PutMeal(meal))

    def commands(self) -> list[tuple[str, int, int]]:
        """Return what went down since this was last asked: name, id and step."""
        found = []
        for topic, payload in self.taken():
            if topic.startswith("krs/cmd/"):
                message = json.loads(payload)
                told = read_hid(message["hid"], (DEVICE,))
                assert told is not None
                found.append(
                    (message["parameters"]["command"], told.command_id, told.step)
                )
        return found

    def all_done(self) -> None:
        """Have everything that is under way succeed."""
        while self.engine.ledger.open:
            for name, command_id, step in self.commands():
                assert name
                self.event(command_id, "received", step)
                self.event(command_id, "succeeded", step)

    def take_steps(self, command_id: int) -> list[str]:
        """Have each step of a command succeed; return their names."""
        names: list[str] = []
        while told := self.commands():
            for name, told_id, step in told:
                assert told_id == command_id
                names.append(name)
                self.event(command_id, "received", step)
                self.event(command_id, "succeeded", step)
        return names

    def refuse_the_list(self, *times: str) -> int:
        """Plan meals, and have the list of all of them fail; return the command."""
        self.plan(*times)
        (offset,) = self.of_kind("set_utc_offset")
        self.event(offset.id, "received")
        self.event(offset.id, "succeeded")
        schedule = self.of_kind("set_schedule")[-1]
        for step in range(2):
            self.event(schedule.id, "received", step)
            self.event(schedule.id, "succeeded", step)
        self.commands()
        self.event(schedule.id, "received", 2, in_one=len(times) != 1)
        body = '{"error":"bad_list"}'
        self.event(schedule.id, "failed", 2, body=body, in_one=len(times) != 1)
        self.commands()
        return schedule.id

    def of_kind(self, kind: str) -> list[Command]:
        ledger = self.engine.ledger
        found = {**ledger.closed, **ledger.open}
        return [each for _, each in sorted(found.items()) if each.kind == kind]

    def meals(self) -> list[CommandState]:
        return [
            each.state
            for each in self.of_kind("feed")
            if each.timeline[0].cause is Cause.MEAL
        ]


@pytest.fixture
def feeder() -> Feeder:
    """A feeder with old firmware that was heard, at seven o'clock."""
    return Feeder()


def test_a_feed_is_followed_by_its_events(feeder: Feeder) -> None:
    feed = feeder.put("feed", DEVICE, portions=2)
    feeder.event(feed, "received")
    assert feeder.state(feed) is ACCEPTED
    feeder.event(feed, "succeeded")
    feeder.event(feed, "failed", body='{"error":"late"}')
    assert feeder.state(feed) is SUCCEEDED


def test_a_feed_that_failed_says_why(feeder: Feeder) -> None:
    feed = feeder.put("feed", DEVICE, portions=2)
    feeder.event(feed, "failed", body='{"error":"jammed"}')
    assert feeder.delivery(feed, DEVICE).reason == "jammed"
    assert feeder.state(feed) is FAILED


def test_promise_2_a_feed_that_nobody_answers_is_not_sent_again(
    feeder: Feeder,
) -> None:
    feed = feeder.put("feed", DEVICE, portions=2)
    for _ in range(20):
        feeder.tells("hb")
        feeder.advance(MINUTE)
    assert len(feeder.commands()) == 1
    assert feeder.state(feed) is UNCONFIRMED


def test_a_request_is_answered_whatever_waits(feeder: Feeder) -> None:
    for _ in range(500):
        feeder.put("feed", DEVICE, portions=1)
    feeder.taken()
    feeder.asks("/api/v1/unheard/of")
    ((topic, payload),) = feeder.taken()
    assert topic == f"krs/api/stg/{GATEWAY}"
    assert json.loads(payload)["parameters"] == {"status": "OK"}


class TestTheSchedule:
    @pytest.mark.parametrize("stops_at", range(4))
    def test_that_stops_in_the_middle_begins_anew(self, stops_at: int) -> None:
        feeder = Feeder(firmware="2.7.1")
        feeder.plan("08:00", "18:00")
        (offset,) = feeder.of_kind("set_utc_offset")
        feeder.event(offset.id, "succeeded")
        feeder.all_done()

        feeder.check_in()
        feeder.commands()
        schedule = feeder.of_kind("set_schedule")[-1].id
        for step in range(stops_at):
            feeder.event(schedule, "received", step)
        feeder.commands()
        feeder.advance(MINUTE / 2)
        (again,) = feeder.commands()
        assert again == ("schedule_clear", schedule, 0)
        names = [again[0]]
        for step in range(4):
            feeder.event(schedule, "received", step)
            names += [name for name, *_ in feeder.commands()]
            feeder.event(schedule, "succeeded", step)
        assert names == NEW_FORM
        assert feeder.state(schedule) is SUCCEEDED

    def test_goes_down_entry_by_entry_once_a_list_was_refused(self) -> None:
        feeder = Feeder(firmware="2.7.1")
        schedule = feeder.refuse_the_list("08:00", "18:00")
        assert feeder.state(schedule) is SENT
        assert feeder.commands() == []
        feeder.advance(MINUTE / 2)
        assert feeder.take_steps(schedule) == ENTRY_BY_ENTRY
        assert feeder.state(schedule) is SUCCEEDED

        feeder.check_in()
        again = feeder.of_kind("set_schedule")[-1].id
        assert again != schedule
        assert feeder.take_steps(again) == ENTRY_BY_ENTRY

    def test_failed_where_a_single_entry_was_refused(self) -> None:
        feeder = Feeder(firmware="2.7.1")
        schedule = feeder.refuse_the_list("08:00")
        assert feeder.state(schedule) is FAILED

    def test_failed_where_the_feeder_refuses_it_either_way(self) -> None:
        feeder = Feeder(firmware="2.7.1")
        schedule = feeder.refuse_the_list("08:00", "18:00")
        feeder.advance(MINUTE / 2)
        feeder.event(schedule, "failed", 0, body='{"error":"no"}')
        assert feeder.delivery(schedule, DEVICE).reason == "no"
        assert feeder.state(schedule) is FAILED

    def test_goes_down_anew_at_a_check_in(self, feeder: Feeder) -> None:
        feeder.plan("08:00")
        feeder.all_done()
        feeder.check_in()
        assert [name for name, *_ in feeder.commands()] == ["schedule"]

    def test_goes_down_when_the_gateway_checks_in_through_which_it_speaks_now(
        self, feeder: Feeder
    ) -> None:
        feeder.plan("08:00")
        feeder.all_done()
        feeder.tells("hb", gateway="new")
        feeder.check_in()
        assert feeder.commands() == []
        feeder.check_in("new")
        ((topic, _), _) = sorted(feeder.taken(), reverse=True)
        assert topic == "krs/cmd/stg/new"

    def test_goes_down_when_it_holds_none(self, feeder: Feeder) -> None:
        feeder.plan("08:00")
        feeder.all_done()
        feeder.tells("hash", **{"s|local_md5": "9e107d9d"})
        assert feeder.commands() == []
        feeder.tells("hash", local_md5="")
        assert [name for name, *_ in feeder.commands()] == ["schedule"]

    def test_takes_the_form_of_the_firmware_that_becomes_known(self) -> None:
        old, new = Feeder(), Feeder(firmware="v2.5.1-beta")
        for feeder in (old, new):
            feeder.plan("08:00", "18:00")
            (offset,) = feeder.of_kind("set_utc_offset")
            feeder.event(offset.id, "succeeded")
        assert [name for name, *_ in old.commands()][-1] == "schedule"
        assert [name for name, *_ in new.commands()][-1] == "schedule_clear"


@pytest.mark.parametrize(
    ("night", "change", "before", "after"),
    [
        ("2026-03-28T20:00", "2026-03-29T03:00", 3600, 7200),
        ("2026-10-24T20:00", "2026-10-25T02:00", 7200, 3600),
    ],
)
def test_the_offset_goes_down_within_a_second_of_the_change_of_clocks(
    night: str, change: str, before: int, after: int
) -> None:
    feeder = Feeder(at=night)
    feeder.plan("08:00")
    feeder.all_done()
    seconds = [each.params["seconds"] for each in feeder.of_kind("set_utc_offset")]
    assert seconds == [before]

    at = datetime.fromisoformat(change).replace(tzinfo=BERLIN, fold=1).timestamp()
    feeder.advance(at - feeder.now.wall - 1)
    assert len(feeder.of_kind("set_utc_offset")) == 1
    feeder.advance(2)
    assert feeder.of_kind("set_utc_offset")[-1].params == {"seconds": after}
    assert len(feeder.of_kind("set_schedule")) == 1


class TestAMeal:
    @pytest.mark.parametrize("off", [-300, -299, 0, 299])
    def test_is_dispensed_within_five_minutes_of_its_time(
        self, feeder: Feeder, off: int
    ) -> None:
        feeder.plan("08:00")
        feeder.all_done()
        at = local("2026-07-20T08:00") + off
        feeder.advance(at - feeder.now.wall)
        feeder.fed(at)
        feeder.fed(at)
        feeder.advance(HOUR)
        assert feeder.meals() == [SUCCEEDED]

    @pytest.mark.parametrize(
        ("off", "source"), [(-301, 6), (301, 6), (0, 4), (0, 5), (0, 7)]
    )
    def test_is_missed_whatever_else_was_fed(
        self, feeder: Feeder, off: int, source: int
    ) -> None:
        feeder.plan("08:00")
        feeder.all_done()
        at = local("2026-07-20T08:00") + off
        feeder.advance(at - feeder.now.wall)
        feeder.fed(at, source)
        feeder.advance(HOUR)
        assert feeder.meals() == [MISSED]

    def test_failed_where_the_feeder_says_so(self, feeder: Feeder) -> None:
        feeder.plan("08:00")
        feeder.all_done()
        feeder.advance(HOUR)
        failed: dict[str, Any] = {"b|fail": True, "s|err": "jammed"}
        feeder.fed(feeder.now.wall, **failed)
        feeder.advance(HOUR)
        assert feeder.meals() == [FAILED]

    @pytest.mark.parametrize(
        ("time", "fed"),
        [("00:02", "2026-07-20T23:58"), ("23:58", "2026-07-21T00:02")],
    )
    def test_is_the_one_on_the_other_side_of_midnight(
        self, time: str, fed: str
    ) -> None:
        feeder = Feeder(at="2026-07-20T23:50")
        feeder.plan(time)
        feeder.all_done()
        feeder.advance(local(fed) - feeder.now.wall)
        feeder.fed(feeder.now.wall)
        feeder.advance(HOUR)
        assert feeder.meals() == [SUCCEEDED]
