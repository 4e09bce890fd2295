"""What nodes that keep the plan themselves can be given to keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.meal import (
    Meal,
    Override,
    Place,
    Rule,
    Sun,
)
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from custom_components.mqtt_dispatch.planning.node_plans import check_node_plan
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.station import assembled

WALL = datetime(2026, 7, 20, 12, tzinfo=UTC).timestamp()
"""A Monday."""
HUB, PETNET = PROTOCOLS["valve_hub"], PROTOCOLS["petnet"]
PARAMS = {"valve_hub": {"valve": 0, "duration": 60}, "petnet": {"portions": 2}}
OTHER = {"valve_hub": {"valve": 0, "duration": 90}, "petnet": {"portions": 3}}
KINDS = {"valve_hub": "open_valve", "petnet": "feed"}


def refused(protocol: str, *meals: Meal, slots: int = 2) -> str | None:
    """Return why such a plan is refused, if it is."""
    spoken = PROTOCOLS[protocol]
    fields: dict[str, Any] = {"slots": slots} if protocol == "valve_hub" else {}
    site = Site(prefix="x", nodes={"5": fields})
    station = assembled(spoken, lambda: site, {}, Place(UTC), "Test")
    assert spoken.planning is not None
    try:
        check_node_plan(spoken.planning, site, station, meals, WALL)
    except InvalidCommand as invalid:
        return invalid.code
    return None


def a_meal(protocol: str, meal_id: str, rule: Rule, **fields: Any) -> Meal:
    return Meal(
        id=meal_id,
        name="",
        rule=rule,
        params=PARAMS[protocol],
        **{"kind": KINDS[protocol]} | fields,
    )


def two_runs(**fields: Any) -> tuple[Meal, Meal]:
    """Return as many lines as fit, one of them otherwise on some dates."""
    return (
        a_meal("valve_hub", "1", new_rule(time="06:00"), **fields),
        a_meal("valve_hub", "2", new_rule(time="07:00")),
    )


@pytest.mark.parametrize("protocol", ["valve_hub", "petnet"])
class TestARule:
    def test_by_the_sun_is_refused(self, protocol: str) -> None:
        meal = a_meal(protocol, "1", new_rule(sun=Sun.SUNRISE))
        assert refused(protocol, meal) == "plan_no_sun"

    def test_by_the_sun_is_home_assistant_s_where_it_runs_it(
        self, protocol: str
    ) -> None:
        meal = a_meal(protocol, "1", new_rule(sun=Sun.SUNRISE), kind="reboot")
        assert refused(protocol, meal) is None

    def test_with_a_first_and_a_last_date_is_taken(self, protocol: str) -> None:
        rule = new_rule(time="06:00", first=date(2026, 8, 1), until=date(2026, 8, 9))
        assert refused(protocol, a_meal(protocol, "1", rule)) is None


@pytest.mark.parametrize(
    "rule",
    [
        new_rule(time="06:00", weekdays=["mon"]),
        new_rule(time="06:00", every=2, first=date(2026, 7, 21)),
    ],
)
def test_what_is_not_on_each_day_is_refused_where_nodes_run_it_on_each(
    rule: Rule,
) -> None:
    assert refused("petnet", a_meal("petnet", "1", rule)) == "plan_daily_only"
    assert refused("valve_hub", a_meal("valve_hub", "1", rule)) is None


class TestThePlaces:
    def test_are_enough_for_as_many_lines(self) -> None:
        assert refused("valve_hub", *two_runs()) is None

    def test_are_not_enough_for_one_more(self) -> None:
        more = a_meal("valve_hub", "3", new_rule(time="08:00"))
        assert refused("valve_hub", *two_runs(), more) == "plan_too_long"

    @pytest.mark.parametrize("day", ["2026-07-22", "2027-03-01"])
    def test_are_not_enough_for_a_date_that_is_otherwise_some_day(
        self, day: str
    ) -> None:
        changed = {day: Override(params=OTHER["valve_hub"])}
        assert refused("valve_hub", *two_runs(overrides=changed)) == "plan_too_long"

    def test_count_what_is_skipped_for_it_may_be_put_back(self) -> None:
        changed = {"2026-07-22": Override(skipped=True, time="05:00")}
        assert refused("valve_hub", *two_runs(overrides=changed)) == "plan_too_long"

    def test_are_enough_for_a_skip(self) -> None:
        skipped = {"2026-07-22": Override(skipped=True)}
        assert refused("valve_hub", *two_runs(overrides=skipped)) is None

    def test_are_enough_where_the_one_ends_before_the_other_begins(self) -> None:
        first, second = two_runs()
        ended = replace(first.rule, until=date(2026, 8, 1))
        begun = a_meal(
            "valve_hub", "3", new_rule(time="08:00", first=date(2026, 8, 20))
        )
        first = replace(first, rule=ended)
        assert refused("valve_hub", first, second, begun) is None

    def test_are_not_enough_where_both_are_of_one_week(self) -> None:
        first, second = two_runs()
        ended = replace(first.rule, until=date(2026, 8, 1))
        begun = a_meal("valve_hub", "3", new_rule(time="08:00", first=date(2026, 8, 3)))
        first = replace(first, rule=ended)
        assert refused("valve_hub", first, second, begun) == "plan_too_long"

    def test_are_taken_all_the_time_by_what_is_seldom(self) -> None:
        rule = new_rule(time="08:00", every=30, first=date(2026, 7, 1))
        more = a_meal("valve_hub", "3", rule)
        assert refused("valve_hub", *two_runs(), more) == "plan_too_long"

    def test_are_enough_for_two_dates_in_the_place_of_others(self) -> None:
        weekly = new_rule(time="06:00", weekdays=["wed"])
        changed = {
            "2026-07-22": Override(params=OTHER["valve_hub"]),
            "2026-08-26": Override(params={"valve": 0, "duration": 120}),
        }
        meal = a_meal("valve_hub", "1", weekly, overrides=changed)
        assert refused("valve_hub", meal, two_runs()[1]) is None
