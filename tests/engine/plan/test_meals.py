"""Meals: at which instant each is fed, once, whatever clocks and zones do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING
from datetime import date
from itertools import islice
import json
import math
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.meal import (
    Override,
    Place,
    Sun,
)
from custom_components.mqtt_dispatch.engine.plan.meals import (
    MealError,
    as_json,
    meal_from_json,
    new_meal,
    new_rule,
)
from custom_components.mqtt_dispatch.engine.plan.recurrence import (
    Occurrence,
    next_occurrence,
    occurrences,
)
from tests.engine.plan.meal_samples import (
    BERLIN,
    DAY,
    HOUR,
    LATE,
    NOTHING,
    Came,
    Planned,
    a_meal,
    begun,
    nominals,
    utc,
)

# What a meal may be

HERE = Place(BERLIN)


@pytest.mark.parametrize(
    ("given_time", "kept"),
    [
        ("00:00", "00:00"),
        ("08:05", "08:05"),
        ("23:59", "23:59"),
        ("08:00:00", "08:00"),
    ],
)
def test_a_time_is_kept_to_the_minute(given_time: str, kept: str) -> None:
    assert a_meal(given_time).rule.time == kept


@pytest.mark.parametrize(
    "time",
    [
        "25:00",
        "24:00",
        "12:60",
        "8:00pm",
        "8:00",
        "08:00:30",
        "08:00:00:00",
        "0800",
        " 08:00",
        "08:00\n",
        "\u0660\u0668:00",
        "",
    ],
)
def test_no_time_of_a_day_is_refused_with_its_reason(time: str) -> None:
    with pytest.raises(MealError) as refused:
        a_meal(time)
    assert (refused.value.code, refused.value.placeholders) == (
        "invalid_time",
        {"time": time},
    )


@pytest.mark.parametrize(
    ("weekdays", "said"),
    [([], ""), (["mon", "Tue"], "mon, Tue"), (["monday"], "monday"), (["0"], "0")],
)
def test_wrong_weekdays_are_refused_with_their_reason(
    weekdays: list[str], said: str
) -> None:
    with pytest.raises(MealError) as refused:
        a_meal(weekdays=weekdays)
    assert (refused.value.code, refused.value.placeholders) == (
        "invalid_weekdays",
        {"weekdays": said},
    )


def test_a_meal_keeps_its_params_when_the_caller_changes_his() -> None:
    params = {"portions": 2}
    meal = new_meal(
        meal_id="m",
        name="",
        rule=new_rule(time="08:00", weekdays=["mon"]),
        params=params,
    )
    params["portions"] = 50
    assert meal.params == {"portions": 2}


# When it is fed


def test_the_key_of_an_occurrence_names_the_meal_and_its_local_time() -> None:
    found = next_occurrence(a_meal(), utc("2025-07-01T00:00"), HERE)
    assert found is not None
    assert found.idempotency_key == "meal:breakfast:2025-07-01T08:00"


def test_the_next_occurrence_is_at_local_time() -> None:
    found = next_occurrence(a_meal(), utc("2025-07-01T00:00"), HERE)
    assert found == Occurrence(
        "breakfast", "2025-07-01T08:00", utc("2025-07-01T06:00"), {"portions": 2}
    )


def test_the_next_occurrence_is_after_the_instant_never_at_it() -> None:
    found = next_occurrence(a_meal(), utc("2025-07-01T06:00"), HERE)
    assert found is not None
    assert found.nominal == "2025-07-02T08:00"


def test_only_the_weekdays_of_a_meal_count() -> None:
    meal = a_meal(weekdays=["mon", "sat"])
    found = occurrences(meal, utc("2025-07-01T00:00"), utc("2025-07-15T00:00"), HERE)
    assert nominals(found) == [
        "2025-07-05T08:00",
        "2025-07-07T08:00",
        "2025-07-12T08:00",
        "2025-07-14T08:00",
    ]


def test_a_weekday_is_that_of_the_owner_and_not_of_utc() -> None:
    meal = a_meal("08:00", ["mon"])
    there = Place(ZoneInfo("Pacific/Auckland"))
    found = next_occurrence(meal, utc("2025-07-05T00:00"), there)
    assert found is not None
    assert found.at == utc("2025-07-06T20:00")


def test_occurrences_begin_at_the_start_and_end_before_the_end() -> None:
    found = occurrences(
        a_meal(), utc("2025-07-01T06:00"), utc("2025-07-03T06:00"), HERE
    )
    assert nominals(found) == ["2025-07-01T08:00", "2025-07-02T08:00"]


def test_what_was_dealt_with_is_not_announced_as_next() -> None:
    planned = Planned(a_meal(), "2025-07-01T08:00")
    found = planned.next_of(utc("2025-07-01T05:00"), BERLIN)
    assert found is not None
    assert found.nominal == "2025-07-02T08:00"


def test_a_disabled_meal_does_not_occur() -> None:
    now = utc("2025-07-01T12:00")
    meal = a_meal(enabled=False, begins=now - DAY)
    assert next_occurrence(meal, now, HERE) is None
    assert list(occurrences(meal, now, now + 7 * DAY, HERE)) == []
    assert Planned(meal).come(now, BERLIN) == NOTHING


@pytest.mark.parametrize("start", [-math.inf, -1e15, utc("0002-01-01T00:00"), 0.0])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_calendar_may_ask_for_all_time_and_take_what_it_wants(
    start: float, zone: str
) -> None:
    found = occurrences(a_meal(), start, math.inf, Place(ZoneInfo(zone)))
    assert len(list(islice(found, 1000))) == 1000


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("now", [-1e15, 1e15, math.inf])
def test_an_impossible_clock_breaks_nothing(now: float, zone: str) -> None:
    planned = begun(a_meal(), now, ZoneInfo(zone))
    assert planned.come(now, ZoneInfo(zone)) == NOTHING


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_there_is_no_occurrence_after_the_end_of_the_calendar(zone: str) -> None:
    assert next_occurrence(a_meal(), 1e15, Place(ZoneInfo(zone))) is None


# What is due


def test_a_meal_is_fed_at_its_minute_and_then_no_more() -> None:
    planned = begun(a_meal(), utc("2025-06-30T06:00"), BERLIN)
    assert planned.come(utc("2025-07-01T05:59:59.999"), BERLIN) == NOTHING
    assert planned.come(utc("2025-07-01T06:00"), BERLIN).fed == ["2025-07-01T08:00"]
    assert planned.come(utc("2025-07-01T06:00"), BERLIN) == NOTHING


@pytest.mark.parametrize(
    ("seconds_late", "came"),
    [
        (LATE, Came(["2025-07-01T08:00"], [])),
        (LATE + 0.001, Came([], ["2025-07-01T08:00"])),
    ],
)
def test_a_meal_is_fed_up_to_late_and_missed_beyond(
    seconds_late: float, came: Came
) -> None:
    planned = begun(a_meal(), utc("2025-06-30T06:00"), BERLIN)
    at = utc("2025-07-01T06:00")
    assert planned.come(at + seconds_late, BERLIN) == came
    assert planned.come(at + seconds_late, BERLIN) == NOTHING


def test_days_of_absence_are_missed_and_what_is_just_late_is_fed() -> None:
    planned = begun(a_meal(), utc("2025-06-28T06:00"), BERLIN)
    came = planned.come(utc("2025-07-01T06:10"), BERLIN)
    assert came == Came(["2025-07-01T08:00"], ["2025-06-29T08:00", "2025-06-30T08:00"])


def test_of_a_year_of_absence_the_last_thirty_days_are_told() -> None:
    planned = begun(a_meal(), utc("2024-07-01T06:00"), BERLIN)
    came = planned.come(utc("2025-07-01T12:00"), BERLIN)
    assert came.missed[0] == "2025-06-02T08:00"
    assert came.missed[-1] == "2025-07-01T08:00"
    assert len(came.missed) == 30
    assert planned.come(utc("2025-07-01T12:00"), BERLIN) == NOTHING


def test_a_meal_that_never_began_owes_nothing_for_the_past() -> None:
    planned = Planned(a_meal())
    assert planned.come(utc("2025-07-01T06:10"), BERLIN) == NOTHING
    assert planned.come(utc("2025-07-02T06:10"), BERLIN).fed == ["2025-07-02T08:00"]


# How a meal begins


def test_a_meal_begins_with_its_next_occurrence() -> None:
    planned = begun(a_meal(), utc("2025-07-01T05:59:59"), BERLIN)
    assert planned.come(utc("2025-07-01T06:00"), BERLIN).fed == ["2025-07-01T08:00"]


def test_a_meal_that_begins_just_before_its_minute_is_fed_in_it() -> None:
    at = utc("2025-07-01T06:00")
    planned = begun(a_meal(), math.nextafter(at, 0), BERLIN)
    assert planned.come(at, BERLIN).fed == ["2025-07-01T08:00"]


def test_a_meal_that_begins_in_its_minute_waits_for_the_next_day() -> None:
    planned = begun(a_meal(), utc("2025-07-01T06:00"), BERLIN)
    assert planned.come(utc("2025-07-01T06:00"), BERLIN) == NOTHING


def test_a_meal_that_begins_in_the_second_pass_does_not_owe_the_first() -> None:
    second_pass = utc("2025-10-26T01:10")
    planned = begun(a_meal("02:30"), second_pass, BERLIN)
    assert planned.come(second_pass + HOUR, BERLIN, DAY) == NOTHING


def test_a_meal_that_is_edited_after_the_clock_went_back_is_not_fed_again() -> None:
    planned = Planned(a_meal("08:15"), "2025-07-01T08:15")
    planned.put(a_meal("08:15", ["tue", "wed"]), utc("2025-07-01T05:30"), BERLIN)
    assert planned.come(utc("2025-07-01T06:15"), BERLIN) == NOTHING


def test_what_passed_while_it_was_disabled_is_not_owed() -> None:
    planned = Planned(a_meal(begins=utc("2025-06-01T06:00"), enabled=False))
    planned.put(a_meal(), utc("2025-07-01T06:10"), BERLIN)
    assert planned.come(utc("2025-07-01T06:10"), BERLIN) == NOTHING


def test_a_day_that_is_added_to_a_meal_is_not_owed_for_the_past() -> None:
    planned = Planned(a_meal(weekdays=["sat"], begins=utc("2025-06-01T06:00")))
    planned.come(utc("2025-06-30T06:10"), BERLIN)
    planned.put(a_meal(), utc("2025-07-01T06:10"), BERLIN)
    assert planned.come(utc("2025-07-01T06:10"), BERLIN) == NOTHING


# What is stored


def test_a_meal_survives_storage() -> None:
    meal = new_meal(
        meal_id="m1",
        name="Frühstück",
        rule=new_rule(time="08:00", weekdays=["sun", "mon"]),
        params={"portions": 2, "hopper": 1},
        enabled=False,
        begins=utc("2025-07-01T08:00"),
    )
    assert meal_from_json(json.loads(json.dumps(as_json(meal)))) == meal


def test_weekdays_are_stored_in_their_order() -> None:
    stored = as_json(a_meal(weekdays=["sun", "wed", "mon"]))
    assert stored["rule"]["weekdays"] == ["mon", "wed", "sun"]


STORED = as_json(
    new_meal(
        meal_id="lawn",
        name="Lawn",
        rule=new_rule(sun=Sun.SUNRISE, offset=-45, every=3, first=date(2026, 6, 1)),
        params={"valve": 1, "duration": 90},
        kind="open_valve",
        begins=utc("2025-07-01T08:00"),
        nodes=["2"],
        skipped_until=date(2026, 7, 7),
        overrides={"2026-08-09": Override(time="05:15", params={"duration": 60})},
    )
)


def with_value(stored: dict[str, Any], field: str, value: object) -> dict[str, Any]:
    """Return a stored meal with another value in a field, "rule.every", or without."""
    changed: dict[str, Any] = json.loads(json.dumps(stored))
    holder, (*within, name) = changed, field.split(".")
    for each in within:
        holder = holder[each]
    holder[name] = value
    if value is MISSING:
        del holder[name]
    return changed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 7),
        ("id", None),
        ("name", None),
        ("kind", None),
        ("rule", None),
        ("rule.time", 800),
        ("rule.time", "25:00"),
        ("rule.time", "08:00"),
        ("rule.weekdays", "mon"),
        ("rule.weekdays", {"mon": True}),
        ("rule.weekdays", []),
        ("rule.weekdays", [0]),
        ("rule.weekdays", ["mon", None]),
        ("rule.sun", "noon"),
        ("rule.sun", 1),
        ("rule.offset", None),
        ("rule.offset", 721),
        ("rule.every", 0),
        ("rule.every", 367),
        ("rule.every", "3"),
        ("rule.first", None),
        ("rule.first", "tomorrow"),
        ("rule.first", 20260601),
        ("rule.until", "for ever"),
        ("params", []),
        ("params", None),
        ("params", {"portions": "two"}),
        ("enabled", 1),
        ("enabled", "true"),
        ("begins", 1751349600),
        ("begins", math.nan),
        ("begins", math.inf),
        ("begins", 1e15),
        ("begins", "2025-07-01T08:00"),
        ("nodes", "2"),
        ("nodes", [2]),
        ("if_missed", None),
        ("if_missed", "starve"),
        ("deadline", 0.0),
        ("deadline", 1e9),
        ("deadline", math.nan),
        ("deadline", "soon"),
        ("skipped_until", "for ever"),
        ("skipped_until", 7),
        ("overrides", []),
        ("overrides.2026-08-09.skipped", 1),
        ("overrides.2026-08-09.time", None),
        ("overrides.2026-08-09.time", "5:15"),
        ("overrides.2026-08-09.params", 7),
        ("overrides.2026-08-09.params", {"portions": "two"}),
    ],
)
def test_stored_nonsense_is_refused(field: str, value: object) -> None:
    name = field.rpartition(".")[2].removesuffix("s")
    with pytest.raises(ValueError, match=f"{name}|{re.escape(repr(value))}"):
        meal_from_json(with_value(STORED, field, value))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("rule.until", "2026-05-31", "never_occurs"),
        ("overrides", {"someday": STORED["overrides"]["2026-08-09"]}, "someday"),
        ("overrides.2026-08-09", None, "an override"),
    ],
)
def test_stored_nonsense_of_several_fields_is_refused(
    field: str, value: object, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        meal_from_json(with_value(STORED, field, value))


def fields_in(stored: dict[str, Any], within: str = "") -> Iterator[str]:
    """Yield the way to each field of a stored meal, but for those of its params."""
    for name, value in stored.items():
        yield f"{within}{name}"
        if isinstance(value, dict) and name != "params":
            yield from fields_in(value, f"{within}{name}.")


@pytest.mark.parametrize(
    "field", [one for one in fields_in(STORED) if one != "overrides.2026-08-09"]
)
def test_a_stored_meal_that_lacks_a_field_is_refused(field: str) -> None:
    name = field.rpartition(".")[2].removesuffix("s")
    with pytest.raises(ValueError, match=f"(?i){name}"):
        meal_from_json(with_value(STORED, field, MISSING))


@pytest.mark.parametrize("data", [None, [], "meal", 7])
def test_what_is_no_object_is_no_meal(data: object) -> None:
    with pytest.raises(ValueError, match="a meal"):
        meal_from_json(data)
