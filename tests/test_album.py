"""Pictures of cameras as files in the media folder, to be browsed and found again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import (
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.entities.album import USUAL_PICTURES
from custom_components.mqtt_dispatch.entities.pictures import Picture
from custom_components.mqtt_dispatch.protocols.esp32_cam import images
from custom_components.mqtt_dispatch.station import nodes_of
from custom_components.mqtt_dispatch.storage import pictures

from .calls import attribute, shown
from .conftest import SetUp
from .forms import options
from .nodes import settled
from .others import GARDEN, MAC, Camera
from .test_image import IMAGE, JPEG, PNG, TAKEN, send

SOURCE = "media-source://mqtt_dispatch"


@pytest.fixture
async def garden(set_up: SetUp) -> MockConfigEntry:
    """A station with a camera that has not called in yet."""
    return await set_up(**GARDEN)


@pytest.fixture
def camera(hass: HomeAssistant, garden: MockConfigEntry, mqtt_mock: Any) -> Camera:
    """The camera, played by hand."""
    return Camera(hass, mqtt_mock)


@pytest.fixture
async def media(hass: HomeAssistant) -> None:
    """Home Assistant's media."""
    assert await async_setup_component(hass, "media_source", {})
    await hass.async_block_till_done()


def files(hass: HomeAssistant) -> list[Path]:
    """Return the pictures in the media folder, the latest first."""
    found = Path(hass.config.media_dirs["local"], "mqtt_dispatch").rglob("*.*")
    return sorted(found, key=lambda path: path.name, reverse=True)


async def has_sent(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera, *names: str
) -> None:
    """Have a camera send images, one after the other."""
    await camera.hello()
    for name in names:
        await send(camera, name, PNG if name.endswith("png") else JPEG)
    await settled(hass, garden.runtime_data)


def latest(garden: MockConfigEntry) -> Picture:
    """Return the latest picture as it is shown."""
    picture: Picture = garden.runtime_data.pictures.latest[MAC]
    return picture


def lost(garden: MockConfigEntry) -> dict[str, int]:
    """Return why pictures were not kept, and how many."""
    return dict(garden.runtime_data.album.lost.totals)


async def test_what_a_camera_sends_is_kept_and_there_again_after_a_restart(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg", "image_2.png")
    assert [path.read_bytes() for path in files(hass)] == [
        b"".join(PNG),
        b"".join(JPEG),
    ]
    folder = files(hass)[0].parent
    assert folder.name == MAC
    assert folder.parent.name.startswith("garden_")

    await hass.config_entries.async_reload(garden.entry_id)
    await hass.async_block_till_done()
    assert latest(garden).content == b"".join(PNG)
    assert latest(garden).taken_at == TAKEN.timestamp()
    await camera.hello()
    await settled(hass, garden.runtime_data)
    assert datetime.fromisoformat(shown(hass, IMAGE)) == TAKEN
    assert attribute(hass, IMAGE, "name") == "image_2.png"


async def test_only_so_many_are_kept_as_its_owner_says(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    form = await options(hass, garden, "pictures")
    assert form.suggested == {"pictures": USUAL_PICTURES}
    await form.answer(pictures=2)
    await has_sent(hass, garden, camera, *(f"{number}.jpg" for number in range(4)))
    assert [path.name.partition("_")[2] for path in files(hass)] == ["3.jpg", "2.jpg"]


async def test_none_is_kept_and_none_removed_where_its_owner_says_so(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg")
    await (await options(hass, garden, "pictures")).answer(pictures=0)
    assert MAC not in garden.runtime_data.pictures.latest
    await has_sent(hass, garden, camera, "image_2.png")
    assert latest(garden).name == "image_2.png"
    assert [path.suffix for path in files(hass)] == [".jpg"]


async def test_a_disk_that_is_full_is_counted_and_the_picture_shown(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    camera: Camera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    await has_sent(hass, garden, camera, "image_1.jpg", "image_2.png")
    assert latest(garden).content == b"".join(PNG)
    assert files(hass) == []
    assert lost(garden) == {"no space left on device": 2}

    monkeypatch.undo()
    await has_sent(hass, garden, camera, "image_3.jpg")
    assert len(files(hass)) == 1


async def test_without_a_media_folder_the_picture_is_shown_all_the_same(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    hass.config.media_dirs = {}
    await has_sent(hass, garden, camera, "image_1.jpg")
    assert latest(garden).name == "image_1.jpg"
    assert lost(garden) == {"there is no media folder": 1}
    await hass.config_entries.async_reload(garden.entry_id)
    assert MAC not in garden.runtime_data.pictures.latest


async def test_a_media_folder_that_goes_while_something_is_written_costs_that(
    hass: HomeAssistant, garden: MockConfigEntry
) -> None:
    picture = Picture("a.jpg", b"".join(JPEG), TAKEN.timestamp(), "")
    garden.runtime_data.album.keep(MAC, picture)
    kept = hass.config.media_dirs
    hass.config.media_dirs = {}
    await garden.runtime_data.album.async_ended()
    hass.config.media_dirs = kept
    assert files(hass) == []


async def test_any_other_media_folder_serves_where_none_is_local(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera, tmp_path: Path
) -> None:
    hass.config.media_dirs = {"share": str(tmp_path / "share")}
    await has_sent(hass, garden, camera, "image_1.jpg")
    assert len([*(tmp_path / "share").rglob("*.jpg")]) == 1


async def test_a_disk_that_is_too_slow_loses_the_oldest_that_wait(
    hass: HomeAssistant, garden: MockConfigEntry
) -> None:
    album = garden.runtime_data.album
    for number in range(12):
        taken_at = TAKEN.timestamp()
        album.keep(MAC, Picture(f"{number}.jpg", b"".join(JPEG), taken_at, ""))
    await album.async_ended()
    kept = {path.name.partition("_")[2] for path in files(hass)}
    assert kept == {f"{number}.jpg" for number in range(4, 12)}
    assert lost(garden) == {"the disk is too slow": 4}


async def test_a_damaged_file_gives_way_to_the_one_before_it(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg", "image_2.png")
    files(hass)[0].write_bytes(b"torn")
    await hass.config_entries.async_reload(garden.entry_id)
    assert latest(garden).name == "image_1.jpg"
    assert lost(garden) == {"neither JPEG nor PNG": 1}


@pytest.mark.parametrize("fails", ["pictures", "read"])
async def test_a_folder_that_cannot_be_read_keeps_no_station_from_its_start(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    camera: Camera,
    monkeypatch: pytest.MonkeyPatch,
    fails: str,
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg")

    def denied(_: Path) -> Any:
        raise PermissionError("permission denied")

    monkeypatch.setattr(
        f"custom_components.mqtt_dispatch.entities.album.{fails}", denied
    )
    await hass.config_entries.async_reload(garden.entry_id)
    assert MAC not in garden.runtime_data.pictures.latest
    assert lost(garden) == {"permission denied": 1}


async def test_stations_without_cameras_look_for_no_pictures(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    assert kitchen.runtime_data.pictures.latest == {}
    assert files(hass) == []


async def test_the_files_of_a_removed_station_are_its_owners(
    hass: HomeAssistant, garden: MockConfigEntry, camera: Camera
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg")
    await hass.config_entries.async_remove(garden.entry_id)
    assert len(files(hass)) == 1


@pytest.mark.usefixtures("media", "kitchen")
async def test_pictures_are_browsed_by_station_and_camera_and_can_be_loaded(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    camera: Camera,
    hass_client: ClientSessionGenerator,
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg", "image_2.png")
    (files(hass)[0].parent / "holiday.jpg").write_bytes(b"".join(JPEG))
    root = await async_browse_media(hass, SOURCE)
    assert [each.title for each in root.children or ()] == ["Garden"]
    (station,) = root.children or ()
    cameras = await async_browse_media(hass, station.media_content_id)
    assert [each.title for each in cameras.children or ()] == ["Pond"]
    (pond,) = cameras.children or ()
    listed = (await async_browse_media(hass, pond.media_content_id)).children or ()
    assert [each.title.rpartition(" ")[2] for each in listed] == [
        "image_2.png",
        "image_1.jpg",
    ]

    found = await async_resolve_media(hass, listed[0].media_content_id, None)
    assert found.mime_type == "image/png"
    answer = await (await hass_client()).get(found.url)
    assert answer.status == HTTPStatus.OK
    assert await answer.read() == b"".join(PNG)


@pytest.fixture
def at_pond(garden: MockConfigEntry) -> Callable[[str], str]:
    """Return what names something of the camera."""
    return lambda rest: f"{SOURCE}/{garden.entry_id}/{nodes_of(garden)[MAC]}{rest}"


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize(
    "name", ["", "/", "/holiday.jpg", "/../holiday.jpg", "/..%2Fholiday.jpg", "//etc"]
)
async def test_nothing_but_pictures_that_are_there_can_be_loaded(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    camera: Camera,
    at_pond: Callable[[str], str],
    name: str,
) -> None:
    await has_sent(hass, garden, camera, "image_1.jpg")
    folder = files(hass)[0].parent
    for other in (folder, folder.parent):
        (other / "holiday.jpg").write_bytes(b"".join(JPEG))
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, at_pond(name), None)


@pytest.mark.usefixtures("media", "garden")
@pytest.mark.parametrize("wrong", ["/nobody", "/nobody/x", "/nobody/x/y.jpg"])
async def test_who_is_not_there_has_nothing_to_be_browsed(
    hass: HomeAssistant, wrong: str
) -> None:
    with pytest.raises(BrowseError):
        await async_browse_media(hass, SOURCE + wrong)
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, SOURCE + wrong, None)


@pytest.mark.usefixtures("media")
async def test_a_camera_that_is_not_there_has_nothing_to_be_browsed(
    hass: HomeAssistant, garden: MockConfigEntry
) -> None:
    with pytest.raises(BrowseError):
        await async_browse_media(hass, f"{SOURCE}/{garden.entry_id}/nobody")


def test_a_picture_is_at_most_as_large_as_a_camera_may_send() -> None:
    assert pictures.MOST_BYTES == images.MOST_BYTES
