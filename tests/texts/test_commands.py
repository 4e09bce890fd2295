"""What is said of a command: which one, what was given with it, and of when it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    TimelineEntry,
)
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    MealDate,
    Rule,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.texts.commands import describe_command

from ..conftest import SetUp
from ..nodes import speak_german
from ..others import GLASSHOUSE, ORCHARD

EIGHT = 1_779_980_400.0
"""2026-05-28, 08:00:00 in the time zone of the tests; that is today."""
THE_DAY_BEFORE = EIGHT - 86_400

pytestmark = pytest.mark.usefixtures("freezer")


def command(
    kind: str,
    params: Mapping[str, Any],
    *,
    cause: Cause = Cause.ACTION,
    created_at: float = EIGHT,
    **given: Any,
) -> Command:
    return Command(
        **{
            "id": 3,
            "kind": kind,
            "params": params,
            "command_class": CommandClass.ONCE,
            "created_at": created_at,
            "expires_at": None,
            "deliveries": (Delivery("1"),),
            "timeline": (TimelineEntry(created_at, CommandState.QUEUED, cause),),
            **given,
        }
    )


FEED = {"portions": 3, "hopper": 1, "bowl": 1, "pet": 0}
MEAL: dict[str, Any] = {
    "cause": Cause.MEAL,
    "meal": MealDate("1", "2026-05-28T07:30"),
}


@pytest.mark.parametrize(
    ("about", "english", "german"),
    [
        (
            command("feed", FEED),
            "Feed: 3 portions (#3), ordered at 08:00:00",
            "Füttern: 3 Portionen (#3), erteilt um 08:00:00",
        ),
        (
            command("feed", {**FEED, "portions": 1, "hopper": 2, "pet": 7}),
            "Feed: 1 portion, Hopper: 2, Pet: 7 (#3), ordered at 08:00:00",
            "Füttern: 1 Portion, Vorratsbehälter: 2, Tier: 7 (#3), erteilt um 08:00:00",
        ),
        (
            command("reboot", {}, created_at=THE_DAY_BEFORE),
            "Reboot (#3), ordered on 2026-05-27 at 08:00:00",
            "Neu starten (#3), erteilt am 27.05.2026 um 08:00:00",
        ),
        (
            command("operate", {"op": "dc", "on": True}),
            "Move a motor: Motor: DC motor, On: yes (#3), ordered at 08:00:00",
            "Motor bewegen: Motor: Gleichstrommotor, Ein: ja (#3), erteilt um 08:00:00",
        ),
        # Of what holds names and values only the names: there may be passwords.
        (
            command("operate", {"op": {"wifi": "secret"}, "on": None}),
            "Move a motor: Motor: wifi, On: null (#3), ordered at 08:00:00",
            "Motor bewegen: Motor: wifi, Ein: null (#3), erteilt um 08:00:00",
        ),
        # A meal is that meal and its time, and not when it was ordered.
        (
            command("feed", FEED, **MEAL),
            "Breakfast: 3 portions (#3), planned at 07:30",
            "Breakfast: 3 Portionen (#3), geplant um 07:30",
        ),
        (
            command(
                "feed", FEED, **{**MEAL, "meal": MealDate("9", "2026-05-27T07:30")}
            ),
            "Meal: 3 portions (#3), planned on 2026-05-27 at 07:30",
            "Mahlzeit: 3 Portionen (#3), geplant am 27.05.2026 um 07:30",
        ),
        # A person may give a key that looks so.
        (
            command("feed", FEED, idempotency_key="meal:1:2026-05-28T07:30"),
            "Feed: 3 portions (#3), ordered at 08:00:00",
            "Füttern: 3 Portionen (#3), erteilt um 08:00:00",
        ),
        # What a node is too new or too old for has no words.
        (
            command("dance", {"steps": 2, "to": "`x`\n"}),
            "dance: steps: 2, to: `x`� (#3), ordered at 08:00:00",
            "dance: steps: 2, to: `x`� (#3), erteilt um 08:00:00",
        ),
    ],
)
async def test_a_command_is_told_in_the_words_of_a_person(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    about: Command,
    english: str,
    german: str,
) -> None:
    coordinator.handle(
        PutMeal(
            Meal("1", "Breakfast", Rule("07:30", frozenset(WEEKDAYS)), {"portions": 3})
        )
    )
    assert describe_command(coordinator, about) == english

    await speak_german(hass)
    assert describe_command(coordinator, about) == german


async def test_what_finishes_a_meal_is_of_that_meal(
    coordinator: DispatchCoordinator,
) -> None:
    rest = command("feed", FEED, id=4, finishes=3, meal=MEAL["meal"])

    assert describe_command(coordinator, rest) == (
        "Meal: 3 portions (#4), planned at 07:30"
    )


@pytest.mark.parametrize(
    ("station", "about", "german"),
    [
        (
            GLASSHOUSE,
            command("dose", {"channel": "pump_acid", "ml": 2.5}),
            "Dosieren: Kanal: Pump acid, Menge: 2,5 ml (#3), erteilt um 08:00:00",
        ),
        (
            GLASSHOUSE,
            command("run_pump", {"channel": "pump_acid", "duration_ms": 500}),
            (
                "Pumpe laufen lassen: Kanal: Pump acid, Dauer: 0,5 s (#3),"
                " erteilt um 08:00:00"
            ),
        ),
        (
            ORCHARD,
            command("open_valve", {"valve": 0, "duration": 600}),
            "Ventil öffnen: Ventil: 0, Dauer: 10 min (#3), erteilt um 08:00:00",
        ),
        (
            ORCHARD,
            command("open_valve", {"valve": 0, "duration": 90}),
            "Ventil öffnen: Ventil: 0, Dauer: 90 s (#3), erteilt um 08:00:00",
        ),
        (
            ORCHARD,
            command("set_plan", {"clear": 8, "slots": [{"hour": 6}]}),
            (
                "Plan setzen: Plätze des Plans: 8, Plan: 1 Eintrag (#3),"
                " erteilt um 08:00:00"
            ),
        ),
        (
            ORCHARD,
            command("factory_reset", {"confirm": True}),
            "Auf Werkseinstellungen setzen (#3), erteilt um 08:00:00",
        ),
    ],
)
async def test_numbers_have_units_and_lists_are_counted(
    hass: HomeAssistant,
    set_up: SetUp,
    station: dict[str, Any],
    about: Command,
    german: str,
) -> None:
    entry: MockConfigEntry = await set_up(**station)
    await speak_german(hass)

    assert describe_command(entry.runtime_data, about) == german


@pytest.mark.parametrize(
    ("kind", "params", "told"),
    [
        (
            "update_firmware",
            {"url": "https://me:pass@example.com/fw.bin?token=abc#x", "version": "2"},
            (
                "Update the firmware: Address of the firmware: https://example.com/fw.bin,"
                " Version: 2 (#3), ordered at 08:00:00"
            ),
        ),
        (
            "update_config",
            {"values": {"wifi_password": "hush", "quality": 3}},
            (
                "Update the configuration: Values: wifi_password, quality (#3),"
                " ordered at 08:00:00"
            ),
        ),
    ],
)
async def test_what_may_let_somebody_in_is_not_told(
    coordinator: DispatchCoordinator,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    params: dict[str, Any],
    told: str,
) -> None:
    monkeypatch.setattr(coordinator, "protocol", PROTOCOLS["esp32_cam"])

    assert describe_command(coordinator, command(kind, params)) == told
