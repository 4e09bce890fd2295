"""`get_metrics`: what it counts, over which time, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.engine.model.command import CommandState

from ..calls import Act, actions_of, fed, feed_in_doubt
from ..nodes import CONVEYOR_SECONDS, Nodes, pass_time
from .commands import AGAIN, DONE, FAILED, SENT, TOOK, command
from .remembering import remembered, unreadable

NOTHING = {"median": None, "p95": None}


def ago(days: float) -> float:
    """Return the moment so many days ago, in unix seconds."""
    return (dt_util.utcnow() - timedelta(days=days)).timestamp()


async def test_a_station_without_commands_has_figures_of_nothing(act: Act) -> None:
    answer = await act("get_metrics")

    assert answer["ordered"] == 0
    assert answer["success_rate"] is None
    assert answer["done_after"] == NOTHING
    assert answer["kinds"] == answer["nodes"] == {}


async def test_what_has_just_ended_counts_before_the_history_has_it(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> None:
    await fed(hass, freezer, kitchen.runtime_data, nodes, act)
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    await feed_in_doubt(hass, freezer, kitchen, nodes)

    answer = await act("get_metrics", days=1)

    assert (answer["ordered"], answer["succeeded"], answer["unconfirmed"]) == (2, 1, 1)
    assert answer["success_rate"] == 100.0
    assert answer["kinds"]["feed"]["ordered"] == 2
    assert answer["nodes"]["1"]["kinds"]["feed"]["succeeded"] == 1
    assert answer["nodes"].keys() == {"1", "2"}


async def test_days_are_counted_back_from_now_or_from_the_end(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    act: Act,
) -> None:
    ages = (0.5, 3, 6.9, 20, 40)
    await remembered(
        hass,
        kitchen.entry_id,
        *(
            command(number, SENT, TOOK, DONE, at=ago(age))
            for number, age in enumerate(ages, start=1)
        ),
    )

    async def ordered(**fields: Any) -> int:
        number: int = (await act("get_metrics", **fields))["ordered"]
        return number

    now = dt_util.now()
    assert await ordered() == 3
    assert await ordered(days=1) == 1
    assert await ordered(days="30") == 4
    assert await ordered(since=now - timedelta(days=100)) == 5
    assert await ordered(since="2000-01-01", until=now - timedelta(days=5)) == 3
    assert await ordered(until=(now - timedelta(days=19)).isoformat(), days=2) == 1
    assert await ordered(since=now.date()) == 1
    assert await ordered(since=now.replace(tzinfo=None) - timedelta(hours=13)) == 1


async def test_a_node_or_a_kind_by_itself(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    act: Act,
) -> None:
    did = command(1, SENT, DONE, nodes=("1", "2"), at=ago(1))
    failed = command(2, SENT, AGAIN, FAILED, nodes=("2",), kind="ping", at=ago(2))
    failed = replace(failed, state=CommandState.FAILED)
    await remembered(hass, kitchen.entry_id, did, failed)

    of_first = await actions_of(hass, kitchen, "1")("get_metrics")
    of_second = await act("get_metrics", node="2")
    pings = await act("get_metrics", kind="ping")

    assert (of_first["ordered"], of_first["failed"]) == (1, 0)
    assert of_first["nodes"].keys() == {"1"}
    assert (of_second["ordered"], of_second["sent_again"]) == (2, 1)
    assert (pings["ordered"], pings["failed"]) == (1, 1)
    assert pings["kinds"].keys() == {"ping"}
    assert (await act("get_metrics", node="gone"))["ordered"] == 0


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"days": 0}, "invalid_number"),
        ({"days": 3661}, "invalid_number"),
        ({"since": "yesterday"}, "invalid_past"),
        ({"since": "2026-13-45 00:00"}, "invalid_past"),
        ({"until": 5}, "invalid_past"),
        ({"until": "9999-12-31T23:59:59-23:00"}, "invalid_past"),
        ({"until": "1969-12-31T00:00:00+00:00"}, "invalid_past"),
        ({"days": 2, "since": "2026-05-01"}, "days_or_since"),
        ({"since": "2026-05-02", "until": "2026-05-01"}, "empty_period"),
        ({"since": "2026-05-02", "until": "2026-05-02"}, "empty_period"),
        ({"since": "2099-01-01"}, "empty_period"),
    ],
)
async def test_what_is_no_time_that_has_been_is_refused(
    act: Act, fields: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("get_metrics", **fields)
    assert refused.value.translation_key == refusal


@pytest.mark.parametrize("action", ["get_metrics", "export_history"])
async def test_a_history_that_cannot_be_read_is_said_to_be_so(
    hass: HomeAssistant, act: Act, action: str
) -> None:
    await unreadable(hass)
    with pytest.raises(HomeAssistantError) as told:
        await act(action)
    assert told.value.translation_key == "history_unavailable"


async def test_what_is_not_on_disk_yet_does_not_count(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    await act("feed", portions=1)
    ledger = kitchen.runtime_data.engine.ledger
    assert (await act("get_metrics"))["ordered"] == 1
    (feed,) = ledger.open
    ledger.unstored[feed] = ledger.revision + 1
    assert (await act("get_metrics"))["ordered"] == 0
    del ledger.unstored[feed]
