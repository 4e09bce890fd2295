"""Pictures as files: whole, named safely, the latest only; what else is there stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from custom_components.mqtt_dispatch.storage.pictures import (
    MOST_BYTES,
    NoPictureError,
    PictureFile,
    came_at,
    folder_of_node,
    folder_of_station,
    keep,
    pictures,
    read,
)

CAME = datetime(2026, 6, 2, 12, tzinfo=UTC).timestamp()
TAKEN = CAME - 3600
JPEG = b"\xff\xd8\xff a picture"
ENTRY_ID = "01JABCDEFGHJKMNPQRSTVWXYZ0"


def a_picture(name: str = "image_1.jpg", content: bytes = JPEG) -> PictureFile:
    return PictureFile(name, content, TAKEN)


def names(folder: Path) -> list[str]:
    return [path.name for path in pictures(folder)]


def test_a_picture_is_kept_with_what_is_known_of_it(tmp_path: Path) -> None:
    keep(tmp_path / "new" / "folder", a_picture(), CAME + 0.25, 20)
    (path,) = pictures(tmp_path / "new" / "folder")
    assert path.name == "20260602T120000250_image_1.jpg"
    assert came_at(path) == datetime(2026, 6, 2, 12, tzinfo=UTC)
    assert read(path) == a_picture()


@pytest.mark.parametrize(
    ("name", "content", "safe"),
    [
        ("../../evil.jpg", JPEG, ".._.._evil.jpg"),
        ("/etc/passwd", JPEG, "_etc_passwd.jpg"),
        ("Teich \N{CAT}\0.jpg", JPEG, "Teich___.jpg"),
        ("x" * 300, JPEG, "x" * 60 + ".jpg"),
        ("", JPEG, "image.jpg"),
        ("image.jpg", b"\x89PNG", "image.jpg.png"),
    ],
)
def test_no_name_leads_out_of_the_folder(
    tmp_path: Path, name: str, content: bytes, safe: str
) -> None:
    keep(tmp_path / "here", a_picture(name, content), CAME, 20)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert names(tmp_path / "here") == [f"20260602T120000000_{safe}"]


def test_the_oldest_go_and_whatever_else_is_there_stays(tmp_path: Path) -> None:
    others = (
        "holiday.jpg",
        "20260602T120000000_notes.txt",
        "20269902T120000000_a.jpg",
    )
    for other in others:
        (tmp_path / other).write_bytes(JPEG)
    (tmp_path / "20260101T000000000_folder.jpg").mkdir()
    (tmp_path / "20260101T000000000_link.jpg").symlink_to(tmp_path / others[0])
    for number in range(5):
        keep(tmp_path, a_picture(f"{number}.jpg"), CAME + number, 3)
    assert names(tmp_path) == [
        f"20260602T12000{number}000_{number}.jpg" for number in (4, 3, 2)
    ]
    assert all((tmp_path / other).exists() for other in others)
    assert (tmp_path / "20260101T000000000_link.jpg").is_symlink()


def test_where_there_is_no_folder_there_are_no_pictures(tmp_path: Path) -> None:
    assert pictures(tmp_path / "nowhere") == []


def test_what_is_no_picture_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(NoPictureError):
        keep(tmp_path, a_picture(content=b"<html>"), CAME, 20)
    assert [*tmp_path.iterdir()] == []


def test_a_picture_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, a_picture(), CAME, 20)

    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        keep(tmp_path, a_picture(), CAME + 1, 1)
    assert [path.name for path in tmp_path.iterdir()] == names(tmp_path)
    assert names(tmp_path) == ["20260602T120000000_image_1.jpg"]


@pytest.mark.parametrize("content", [b"", b"torn", JPEG.ljust(MOST_BYTES + 1)])
def test_a_damaged_file_is_no_picture(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "20260602T120000000_image_1.jpg"
    path.write_bytes(content)
    with pytest.raises(NoPictureError):
        read(path)


def test_a_station_keeps_its_folder_when_it_is_renamed(tmp_path: Path) -> None:
    folder = folder_of_station(tmp_path, "Garden: north/../", ENTRY_ID)
    assert folder == tmp_path / "garden_north_stvwxyz0"
    folder.mkdir()
    assert folder_of_station(tmp_path, "Park", ENTRY_ID) == folder
    assert folder_of_station(tmp_path, "Park", "01JABCDEFGHJKMNPQRSTVWXYZ1") != folder


def test_each_node_has_a_folder_of_its_own(tmp_path: Path) -> None:
    nodes = ("AABBCCDDEEFF", "a/b", "a%2Fb", "..", ".", "a_b")
    folders = {folder_of_node(tmp_path, node) for node in nodes}
    assert len(folders) == len(nodes)
    assert all(folder.parent == tmp_path for folder in folders)
    assert not {".", ".."} & {folder.name for folder in folders}
