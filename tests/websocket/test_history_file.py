"""The address of the history as a file: what it opens, for whom, and how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.mqtt_dispatch.engine.model.command import CommandState

from ..calls import device_of
from ..figures.commands import BEGAN, DONE, FAILED, SENT, command
from ..figures.remembering import remembered
from ..people import a_user_for


@pytest.fixture
async def station(hass: HomeAssistant, kitchen: MockConfigEntry) -> str:
    """The device of a station with three old commands."""
    assert await async_setup_component(hass, "auth", {})
    await remembered(
        hass,
        kitchen.entry_id,
        command(1, SENT, DONE),
        command(2, SENT, FAILED, state=CommandState.FAILED, nodes=("2",)),
        command(3, SENT, DONE, kind="ping"),
    )
    return device_of(hass, kitchen)


async def asked(open_client: Any, *who: Any, **fields: Any) -> Any:
    """Return what who asks for the address is told, and signed as the panel has it."""
    client = await open_client(*who)
    await client.send_json_auto_id({"type": "mqtt_dispatch/history_file", **fields})
    answer = await client.receive_json()
    if not answer["success"]:
        return answer
    path = answer["result"]["path"]
    sign = {"type": "auth/sign_path", "path": path, "expires": 300}
    await client.send_json_auto_id(sign)
    return await client.receive_json()


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ({}, [3, 2, 1]),
        ({"node": "2"}, [2]),
        ({"kind": "ping"}, [3]),
        ({"state": "failed"}, [2]),
        ({"since": BEGAN + 2}, [3, 2]),
        ({"until": BEGAN + 2.5}, [2, 1]),
    ],
)
async def test_the_address_opens_what_was_asked_for_without_signing_in(
    *,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    station: str,
    wanted: dict[str, Any],
    lines: list[int],
) -> None:
    answer = await asked(hass_ws_client, device_id=station, **wanted)

    response = await (await hass_client_no_auth()).get(answer["result"]["path"])

    assert response.status == 200
    (_, *rows) = (await response.text()).splitlines()
    assert [int(row.split(",")[1]) for row in rows] == lines


async def test_the_address_opens_nothing_else_and_not_for_ever(
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    station: str,
) -> None:
    answer = await asked(hass_ws_client, device_id=station, kind="ping")
    path = answer["result"]["path"]
    web = await hass_client_no_auth()
    assert (await web.get(path)).status == 200

    assert (await web.get(path.replace("kind=ping", "kind=feed"))).status == 401
    freezer.tick(timedelta(seconds=301))
    assert (await web.get(path)).status == 401


@pytest.mark.parametrize("may", [True, False])
async def test_only_who_may_read_the_station_gets_an_address(
    *,
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    kitchen: MockConfigEntry,
    station: str,
    may: bool,
) -> None:
    device_id = station if may else device_of(hass, kitchen, "1")
    user = await a_user_for(hass, {"device_ids": {device_id: {POLICY_READ: True}}})
    refresh = await hass.auth.async_create_refresh_token(user, "http://localhost")
    token = hass.auth.async_create_access_token(refresh)

    answer = await asked(hass_ws_client, hass, token, device_id=station)

    assert answer["success"] is may
    if may:
        web = await hass_client_no_auth()
        assert (await web.get(answer["result"]["path"])).status == 200
        user.groups.clear()
        user.invalidate_cache()
        assert (await web.get(answer["result"]["path"])).status == 401
    else:
        assert answer["error"]["code"] == "unauthorized"
