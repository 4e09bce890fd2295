"""What the tests have in common: a Home Assistant on real files, a Kitchen station."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
import errno
from pathlib import Path
from typing import Any

# It reads the types of its models when it is loaded, and does not know a frozen clock.
import aiohasupervisor  # noqa: F401
from aiohttp.web_urldispatcher import UrlDispatcher
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
from homeassistant.util.file import write_utf8_file_atomic
from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component import common
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.flows import listening
from custom_components.mqtt_dispatch.runtime import driver

from .calls import Act, actions_of, feed_in_doubt
from .nodes import ALL_READINGS, CLOCKED, COUNTED, Nodes
from .others import ALL_STATIONS, Bridge, Camera, Feeder, Greenhouse, Hub
from .repairing import Person

# A machine that is busy with something else breaks no promise.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

type Disk = Callable[[bool], None]
type SetUp = Callable[..., Awaitable[MockConfigEntry]]

BEGIN = "2026-05-28 14:00:00-07:00"
"""When a frozen clock begins: a Thursday, in the time zone of the tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Freeze time before anything else is set up, or its clock would step back."""
    for item in items:
        if isinstance(item, pytest.Function) and "freezer" in item.fixturenames:
            item.fixturenames.insert(0, "freezer")


@pytest.fixture
def freezer() -> Iterator[FrozenDateTimeFactory]:
    """Stop the clocks at one moment, so that no test depends on when it is run."""
    with freeze_time(BEGIN) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        yield frozen


@pytest.fixture
def enable_event_loop_debug() -> None:
    """Leave the loop as it is: its debug mode takes half of the time of a test.

    It keeps the stack of each future. `PYTHONASYNCIODEBUG` switches it on.
    """


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def _ids_from_one(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Count commands from 1 where nothing older is stored: a test names its own."""
    if "hass" in request.fixturenames:
        monkeypatch.setattr(f"{driver.__name__}.first_id", lambda _wall: 1)


@pytest.fixture(autouse=True)
def _listens_briefly(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Have no form wait: what is heard meanwhile is a matter of tests of its own."""

    async def no_time(_seconds: float) -> None:
        pass

    if "hass" in request.fixturenames:
        monkeypatch.setattr(listening, "sleep", no_time)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Home Assistant's own MQTT client leaves a timer behind."""
    return True


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Leave storage as it is: what is stored must really be on disk."""
    return {}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give each test a configuration folder of its own, before anything is loaded.

    The plugin's own folder is one for all: what one test leaves there the next one
    finds, and writes again with its own.
    """
    return str(tmp_path)


@pytest.fixture
def _own_config_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Do so also where the plugin, that of 2025.4, has no fixture for it."""
    monkeypatch.setattr(
        common, "get_test_config_dir", lambda *path: str(tmp_path.joinpath(*path))
    )


@pytest.fixture
def _routes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take routes once the server runs, as Home Assistant has its own server do."""
    monkeypatch.setattr(UrlDispatcher, "freeze", lambda _: None)


@pytest.fixture
def hass(
    _own_config_folder: None, _routes_at_any_time: None, hass: HomeAssistant
) -> HomeAssistant:
    """Begin with that folder."""
    return hass


def station_entry(
    *,
    title: str = "Kitchen",
    protocol: str = "paired_dispenser",
    prefix: str = "disp",
    nodes: Iterable[str] | Mapping[str, Mapping[str, Any]] = ("1", "2"),
    options: dict[str, Any] | None = None,
    entry_id: str | None = None,
) -> MockConfigEntry:
    """Return the entry of a station, as the config flow makes it.

    A mapping of nodes says what is kept of each besides, and its `title`.
    """
    kept = nodes if isinstance(nodes, Mapping) else {node: {} for node in nodes}
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=entry_id,
        title=title,
        unique_id=prefix,
        data={"protocol": protocol, "prefix": prefix},
        options=options or {},
        subentries_data=[
            {
                "subentry_type": "node",
                "title": more.get("title", f"Node {node}"),
                "unique_id": node,
                "data": {
                    "node": node,
                    **{key: value for key, value in more.items() if key != "title"},
                },
            }
            for node, more in kept.items()
        ],
    )


ANY_NUMBER_OF_FEEDS = {"feeds_waiting": 0, "feeds_per_hour": 0}
"""The options of a station that is not guarded against a runaway."""


@pytest.fixture
async def set_up(hass: HomeAssistant, mqtt_mock: Any) -> SetUp:
    """Return a function that sets up a station and waits until it listens."""

    async def set_up_station(**kwargs: Any) -> MockConfigEntry:
        entry = station_entry(**kwargs)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return set_up_station


@pytest.fixture
async def everywhere(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> list[MockConfigEntry]:
    """A station of each protocol, whose nodes have told all that they can tell."""
    entries = [await set_up(), *[await set_up(**station) for station in ALL_STATIONS]]
    feeders = Nodes(hass, mqtt_mock)
    await feeders.say("state", "1", ALL_READINGS | CLOCKED)
    await feeders.say("state", "2", CLOCKED)
    await feeders.say("evt", "2", COUNTED)
    for player in (Camera, Hub, Greenhouse, Feeder, Bridge):
        await player(hass, mqtt_mock).tell_all()
    return entries


@pytest.fixture
async def kitchen(set_up: SetUp) -> MockConfigEntry:
    """A station with two nodes."""
    return await set_up()


@pytest.fixture
def coordinator(kitchen: MockConfigEntry) -> DispatchCoordinator:
    """The coordinator of the station."""
    coordinator: DispatchCoordinator = kitchen.runtime_data
    return coordinator


@pytest.fixture
def act(hass: HomeAssistant, kitchen: MockConfigEntry) -> Act:
    """Calls an action of the station's device."""
    return actions_of(hass, kitchen)


@pytest.fixture
def told(hass: HomeAssistant) -> list[dict[str, Any]]:
    """The attributes of each event of a command of the station."""
    found: list[dict[str, Any]] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.attributes.get("event_type") is not None:
            found.append(dict(new.attributes))

    async_track_state_change_event(hass, "event.kitchen_command", changed)
    return found


@pytest.fixture
def nodes(hass: HomeAssistant, kitchen: MockConfigEntry, mqtt_mock: Any) -> Nodes:
    """The nodes of the station, played by hand."""
    return Nodes(hass, mqtt_mock)


@pytest.fixture
async def in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
) -> int:
    """The id of a feed that was sent and that no node answers."""
    return await feed_in_doubt(hass, freezer, kitchen, nodes)


@pytest.fixture
def disk_full(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Return a function that fills the disk, or (False) makes room on it again."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill(full: bool) -> None:
        monkeypatch.setattr(
            "custom_components.mqtt_dispatch.storage.store.write_utf8_file_atomic",
            fail if full else write_utf8_file_atomic,
        )

    return fill


@pytest.fixture
async def person(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, hass_access_token: str
) -> Person:
    """A person before the frontend."""
    assert await async_setup_component(hass, "http", {})
    assert await async_setup_component(hass, REPAIRS, {})
    await hass.async_block_till_done()
    return Person(hass, await hass_client(), hass_access_token)
