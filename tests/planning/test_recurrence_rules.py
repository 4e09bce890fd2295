"""What recurs is read as it is written in iCalendar's words, or refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.events import Refused
from custom_components.mqtt_dispatch.engine.model.meal import Rule
from custom_components.mqtt_dispatch.engine.plan.recurrence import fits
from custom_components.mqtt_dispatch.planning.recurrence_rules import (
    rrule_of,
    rule_of,
    says_the_same,
)

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 6, 2)
DINNER = datetime(2026, 6, 2, 18, tzinfo=BERLIN)
END = date(2026, 6, 30)
SUNDAYS = frozenset({"sun"})
TUE_AND_FRI = frozenset({"tue", "fri"})


def read(rrule: str | None) -> Rule:
    """Return what recurs like that from the dinner of this Tuesday on."""
    return rule_of(rrule, DINNER, TUESDAY, BERLIN)


def dates(rule: Rule) -> list[date]:
    """Return on which dates of the weeks to come it is."""
    days = (TUESDAY + timedelta(days=each) for each in range(70))
    return [day for day in days if fits(rule, day)]


@pytest.mark.parametrize(
    ("rule", "rrule"),
    [
        (Rule("18:00"), "FREQ=DAILY"),
        (Rule("18:00", TUE_AND_FRI), "FREQ=WEEKLY;BYDAY=TU,FR"),
        (Rule("18:00", every=3, first=TUESDAY), "FREQ=DAILY;INTERVAL=3"),
        (Rule("18:00", every=7, first=TUESDAY), "FREQ=WEEKLY;BYDAY=TU"),
        (Rule("18:00", every=14, first=TUESDAY), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        (
            Rule("18:00", SUNDAYS, every=2, first=TUESDAY),
            "FREQ=DAILY;INTERVAL=2;BYDAY=SU",
        ),
        (Rule("18:00", until=END), "FREQ=DAILY;UNTIL=20260630T180000"),
        (
            Rule("18:00", every=7, first=TUESDAY, until=END),
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630T180000",
        ),
    ],
)
def test_what_is_written_is_read_as_the_same_dates(rule: Rule, rrule: str) -> None:
    assert rrule_of(rule) == rrule
    assert dates(read(rrule)) == dates(rule) != []
    assert says_the_same(rrule, rule)


def test_what_is_once_does_not_recur() -> None:
    once = read(None)
    assert dates(once) == [TUESDAY]
    assert rrule_of(once) is None


@pytest.mark.parametrize(
    "rrule",
    [
        # Which of its two ends would count, nobody says.
        "FREQ=DAILY;COUNT=3;UNTIL=20260604",
        "INTERVAL=2",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=",
        "FREQ=DAILY;UNTIL=2026-06-04",
        "FREQ=DAILY;UNTIL=20260631",
        "FREQ=DAILY;UNTIL=20260604T256000",
    ],
)
def test_what_says_no_dates_is_refused_and_repeated(rrule: str) -> None:
    with pytest.raises(Refused) as refused:
        read(rrule)
    assert refused.value.code == "unsupported_recurrence"
    assert refused.value.placeholders == {"rule": rrule}


@pytest.mark.parametrize(
    ("rrule", "rule", "same"),
    [
        (
            "BYDAY=FR,TU;WKST=MO;INTERVAL=1;FREQ=WEEKLY",
            Rule("18:00", TUE_AND_FRI),
            True,
        ),
        ("FREQ=WEEKLY;BYDAY=TU", Rule("18:00", TUE_AND_FRI), False),
        # Who moves a meal leaves the moment of its end as it was.
        ("FREQ=DAILY;UNTIL=20260630T200000", Rule("18:00", until=END), True),
        ("FREQ=DAILY;UNTIL=20260630", Rule("18:00", until=END), True),
        ("FREQ=DAILY;UNTIL=20260629T180000", Rule("18:00", until=END), False),
        ("FREQ=DAILY", Rule("18:00", until=END), False),
        # What meals do not understand is something else, however it begins.
        ("FREQ=DAILY;BYHOUR=18", Rule("18:00"), False),
        ("FREQ=DAILY;FREQ=DAILY", Rule("18:00"), False),
        (None, Rule("18:00"), False),
        (None, Rule("18:00", first=TUESDAY, until=TUESDAY), True),
        ("FREQ=DAILY", Rule("18:00", first=TUESDAY, until=TUESDAY), False),
    ],
)
def test_only_what_recurs_otherwise_is_a_change(
    rrule: str | None, rule: Rule, same: bool
) -> None:
    assert says_the_same(rrule, rule) is same
