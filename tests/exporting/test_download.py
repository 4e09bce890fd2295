"""The file for a spreadsheet: what is in it, and who gets it."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.exporting.rows import COLUMNS

from ..calls import device_of
from ..figures.commands import DONE, FAILED, SENT, TOOK, command
from ..figures.remembering import remembered, unreadable
from ..people import a_user_for

ALL = {"since": "2000-01-01", "until": "2099-01-01"}


def path(station: str, **fields: Any) -> str:
    """Return where the file is."""
    query = urlencode({"device_id": station, **ALL, **fields})
    return f"/api/mqtt_dispatch/history.csv?{query}"


@pytest.fixture
async def station(hass: HomeAssistant, kitchen: MockConfigEntry) -> str:
    """The device of a station with 250 commands in its history."""
    commands = tuple(command(number, SENT, TOOK, DONE) for number in range(1, 251))
    await remembered(hass, kitchen.entry_id, *commands)
    return device_of(hass, kitchen)


async def test_the_file_has_a_line_for_each_command_and_node(
    hass_client: ClientSessionGenerator, station: str
) -> None:
    response = await (await hass_client()).get(path(station))

    assert response.status == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="kitchen_' in response.headers["Content-Disposition"]
    body = await response.read()
    lines = [*csv.DictReader(StringIO(body.decode("utf-8-sig"), newline=""))]
    assert tuple(lines[0]) == COLUMNS
    assert [int(line["command_id"]) for line in lines] == [*range(250, 0, -1)]
    assert {line["params"] for line in lines} == {'{"portions": 1}'}


async def test_a_time_a_node_and_a_kind_are_heeded(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    kitchen: MockConfigEntry,
    station: str,
) -> None:
    other = command(300, SENT, FAILED, kind="ping", nodes=("2",))
    await remembered(hass, kitchen.entry_id, other)
    web = await hass_client()

    async def lines(device_id: str, **fields: Any) -> int:
        body: str = await (await web.get(path(device_id, **fields))).text()
        return body.count("\r\n") - 1

    assert await lines(station) == 251
    assert await lines(station, kind="ping") == 1
    assert await lines(device_of(hass, kitchen, "2")) == 1
    assert await lines(station, until="2001-01-01") == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"days": "1"}, "not both"),
        ({"since": "tomorrow"}, "tomorrow"),
        ({"device_id": "nothing"}, "nothing"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_is_wrong_is_said(
    hass_client: ClientSessionGenerator,
    station: str,
    fields: dict[str, str],
    said: str,
) -> None:
    response = await (await hass_client()).get(path(station, **fields))

    assert response.status == 400
    assert said in (await response.json())["message"]


async def test_nobody_who_is_not_signed_in_gets_it(
    hass_client_no_auth: ClientSessionGenerator, station: str
) -> None:
    response = await (await hass_client_no_auth()).get(path(station))

    assert response.status == 401


@pytest.mark.parametrize(("may", "status"), [(True, 200), (False, 401)])
async def test_who_may_not_read_the_station_does_not_get_it(
    *,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    kitchen: MockConfigEntry,
    station: str,
    may: bool,
    status: int,
) -> None:
    device_id = station if may else device_of(hass, kitchen, "1")
    user = await a_user_for(hass, {"device_ids": {device_id: {POLICY_READ: True}}})
    refresh = await hass.auth.async_create_refresh_token(user, "http://localhost")
    token = hass.auth.async_create_access_token(refresh)

    response = await (await hass_client(token)).get(path(station))

    assert response.status == status
    if not may:
        assert "feed" not in await response.text()


async def test_a_link_that_the_frontend_signed_is_good_for_it(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    hass_admin_user: Any,
    station: str,
) -> None:
    web = await hass_client_no_auth()
    token = await hass.auth.async_create_refresh_token(
        hass_admin_user, "http://localhost"
    )
    signed = async_sign_path(
        hass, path(station), timedelta(minutes=1), refresh_token_id=token.id
    )

    response = await web.get(signed)

    assert response.status == 200
    assert (await response.text()).count("\r\n") == 251


async def test_a_history_that_cannot_be_read_is_no_empty_file(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, station: str
) -> None:
    web = await hass_client()
    await unreadable(hass)

    response = await web.get(path(station))

    assert response.status == 503
    assert "cannot be read" in (await response.json())["message"]
