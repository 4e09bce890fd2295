"""Who may plan on the calendar's page, and in which language he is refused."""

from __future__ import annotations

from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.texts import reader

from ..people import a_user, a_user_for, as_user
from .page import MEALS, Page

TOMORROW = "2026-06-03T08:00:00"
FEW: dict[str, Any] = {"entity_ids": {MEALS: {POLICY_READ: True, POLICY_CONTROL: True}}}
"""Only the calendar, of all that the station has."""


class Door:
    """Lets users before the calendar."""

    def __init__(
        self,
        hass: HomeAssistant,
        station: DispatchCoordinator,
        client: ClientSessionGenerator,
        socket: WebSocketGenerator,
    ) -> None:
        self._hass, self._station = hass, station
        self._client, self._socket = client, socket

    async def admit(self, user: User) -> Page:
        refresh = await self._hass.auth.async_create_refresh_token(user, CLIENT_ID)
        token = self._hass.auth.async_create_access_token(refresh)
        client = await self._client(token)
        socket = await self._socket(self._hass, token)
        return Page(self._hass, self._station, client, socket)


@pytest.fixture
async def door(
    hass: HomeAssistant,
    station: DispatchCoordinator,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> Door:
    assert await async_setup_component(hass, "websocket_api", {})
    return Door(hass, station, hass_client, hass_ws_client)


async def planned_by_action(hass: HomeAssistant, context: Context | None) -> None:
    await hass.services.async_call(
        "calendar",
        "create_event",
        {
            "entity_id": MEALS,
            "start_date_time": "2026-06-03 08:00:00",
            "end_date_time": "2026-06-03 09:00:00",
            "summary": "Breakfast: 2 portions",
        },
        blocking=True,
        context=context,
    )


async def test_who_may_use_the_station_may_plan(
    hass: HomeAssistant, door: Door, station: DispatchCoordinator
) -> None:
    page = await door.admit(await a_user(hass, GROUP_ID_USER))
    assert await page.create(TOMORROW, "2") is None
    event = await page.event("2026-06-03")
    assert await page.change(event, summary="3") is None
    assert await page.delete(event) is None
    assert not station.engine.ledger.meals


async def test_who_may_not_use_all_of_the_station_may_not(
    hass: HomeAssistant, door: Door, station: DispatchCoordinator, page: Page
) -> None:
    assert await page.create(TOMORROW, "2", rrule="FREQ=DAILY") is None
    event = await page.event("2026-06-03")
    before = dict(station.engine.ledger.meals)
    readers = await a_user(hass, GROUP_ID_READ_ONLY), await a_user_for(hass, FEW)
    for user in readers:
        theirs = await door.admit(user)
        for refusal in (
            theirs.create(TOMORROW, "2"),
            theirs.change(event, summary="3"),
            theirs.delete(event),
            theirs.delete(event, "THISANDFUTURE"),
            theirs.delete_all(event),
        ):
            assert await refusal is not None
        with pytest.raises(Unauthorized):
            await planned_by_action(hass, as_user(user))
    assert station.engine.ledger.meals == before


async def test_actions_plan_too_for_a_person_and_for_an_automation(
    hass: HomeAssistant, station: DispatchCoordinator, page: Page
) -> None:
    await planned_by_action(hass, as_user(await a_user(hass, GROUP_ID_USER)))
    await planned_by_action(hass, None)
    assert await page.shown("2026-06-03") == 2 * [
        "2026-06-03T08:00 Breakfast: 2 portions"
    ]


async def test_an_action_is_refused_by_a_key(
    hass: HomeAssistant, station: DispatchCoordinator
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            "calendar",
            "create_event",
            {
                "entity_id": MEALS,
                "start_date": "2026-06-03",
                "end_date": "2026-06-04",
                "summary": "Breakfast",
            },
            blocking=True,
        )
    assert refused.value.translation_domain == DOMAIN
    assert refused.value.translation_key == "all_day_event"


async def test_the_page_is_refused_in_the_language_of_whoever_looks_at_it(
    hass: HomeAssistant,
    station: DispatchCoordinator,
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def german(_hass: HomeAssistant, _user_id: str | None) -> str:
        return "de"

    monkeypatch.setattr(reader, "_async_chosen", german)
    assert await page.create(TOMORROW, "Frühstück: viel") == (
        "Das ist nicht zu verstehen: Frühstück: viel. "
        "Schreib es so: Mahlzeit: 2 Portionen"
    )
    # What he writes is understood, though the house speaks English.
    assert await page.create(TOMORROW, "Frühstück: 2 Portionen") is None
    assert await page.shown("2026-06-03") == ["2026-06-03T08:00 Frühstück: 2 portions"]


async def test_the_page_is_refused_in_the_language_of_the_house_otherwise(
    hass: HomeAssistant, station: DispatchCoordinator, page: Page
) -> None:
    hass.config.language = "nl"
    await async_load_integrations(hass, {DOMAIN})
    assert await page.create("2026-06-01T08:00:00", "2") == (
        "Dat moment is voorbij: er zou niets meer van komen."
    )
