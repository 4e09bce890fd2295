"""The numbers of a station: those that its nodes heed, and where they are common."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.station import is_common
from tests.nonempty import some

from ..conftest import SetUp
from ..forms import Filled, options
from ..others import GARDEN, GLASSHOUSE, ORCHARD, PETS, Station

OF_ALL = [
    *("retry_delay", "attempts", "hold"),
    *("max_open", "history_days", "failures_in_a_row"),
]


@pytest.mark.parametrize(
    ("station", "asked"),
    [
        # No camera need acknowledge anything: there is nothing to be waited for.
        (GARDEN, ["done_timeout", *OF_ALL]),
        (ORCHARD, OF_ALL),
        (
            GLASSHOUSE,
            ["accept_timeout", "done_timeout", *OF_ALL],
        ),
    ],
)
async def test_nodes_that_neither_feed_nor_tell_readiness_are_asked_about_sending(
    hass: HomeAssistant, set_up: SetUp, station: Station, asked: list[str]
) -> None:
    entry = await set_up(**station)

    flow = Filled(hass.config_entries.options, "options")
    await flow.start(entry.entry_id)
    between = ["pictures"] if station is GARDEN else []
    assert flow.result["menu_options"] == ["sending", *between, "screens"]

    await flow.answer(next_step_id="sending")
    assert [str(name) for name in flow.result["data_schema"].schema] == asked


async def test_a_feeder_that_keeps_its_plan_is_not_asked_how_late_a_meal_may_be(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(**PETS)
    flow = Filled(hass.config_entries.options, "options")
    await flow.start(entry.entry_id)
    assert flow.result["menu_options"] == ["sending", "feeding", "screens"]

    form = await options(hass, entry, "feeding")

    assert [str(name) for name in form.result["data_schema"].schema] == [
        "feed_expires_in",
        "feeds_waiting",
        "feeds_per_hour",
        "portions_per_day",
        "minimum_gap",
        "portion_grams",
        "food",
    ]


CHANGED: dict[str, Any] = {
    "accept_timeout": 7,
    "done_timeout": 8,
    "retry_delay": 9,
    "attempts": 4,
}


@pytest.mark.parametrize("station", [GARDEN, ORCHARD, GLASSHOUSE, PETS])
async def test_a_kind_with_a_number_of_its_own_keeps_it(
    hass: HomeAssistant, set_up: SetUp, station: Station
) -> None:
    entry = await set_up(**station, options=CHANGED)

    protocol = PROTOCOLS[station["protocol"]]
    for kind, policy in some(entry.runtime_data.engine.station.policies.items()):
        usual = protocol.kinds[kind].policy
        for name, number in CHANGED.items():
            expected = number if is_common(usual, name) else getattr(usual, name)
            assert getattr(policy, name) == expected, (kind, name)


async def test_what_must_be_done_is_never_given_up(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    entry = await set_up(**ORCHARD, options=CHANGED)

    policies = entry.runtime_data.engine.station.policies

    assert policies["close_valve"].attempts is None
    assert policies["set_plan"].attempts == 4
    assert policies["open_valve"].done_timeout == 30 * 60
