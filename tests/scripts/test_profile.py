"""What `scripts/profile check` says of profiles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.profile import USAGE, main
from tests.nonempty import some
from tests.protocols.profiled.shipped import FILES

FED = (
    "    feed (once, 2 messages): done when portions_told grows by what 'portions' says"
)


def test_a_profile_in_order_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *map(str, FILES)]) == 0

    said = capsys.readouterr()
    assert not said.err
    for line in (
        "  aqara_feeder: Aqara pet feeder C1",
        FED,
        "    close_valve (until_done, 1 message): done when status is closed",
        "    not provable: That water ran.",
    ):
        assert line in said.out.splitlines()
    assert all(file.stem in said.out for file in some(FILES))


def test_what_is_sent_is_shown_with_each_param_at_its_least(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", *map(str, FILES)]) == 0

    said = capsys.readouterr().out.splitlines()
    for line in (
        (
            '      sends zigbee2mqtt/{node}/set {"on_with_countdown": 1}, '
            "taken when status becomes open_by_command"
        ),
        (
            '      sends zigbee2mqtt/{node}/set {"serving_size": 1}, '
            "taken when serving_size is what 'portions' says"
        ),
        (
            '      sends {node}/rpc {"id": 1, "src": "mqtt_dispatch/{node}", '
            '"method": "Switch.Set", "params": {"id": 0, "on": true}}'
        ),
    ):
        assert line in said


def test_a_wrong_one_is_refused_with_its_line_and_the_others_are_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{\n"format": 2,\n"format": 3}', encoding="utf-8")

    assert main(["check", str(wrong), str(FILES[0])]) == 1
    said = capsys.readouterr()
    assert said.err == f"{wrong}: line 3: 'format' stands here twice\n"
    assert FILES[0].stem in said.out


def test_what_cannot_be_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff")

    assert main(["check", str(binary)]) == 1
    assert main(["check", str(tmp_path / "nowhere.json")]) == 1
    said = capsys.readouterr().err
    assert f"{binary}: line 1: not written in UTF-8\n" in said
    assert "nowhere.json" in said


def test_a_byte_order_mark_is_no_part_of_a_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = tmp_path / "marked.json"
    profile = json.loads(FILES[0].read_text(encoding="utf-8"))
    marked.write_text(json.dumps(profile | {"profile": "mine"}), encoding="utf-8-sig")

    assert main(["check", str(marked)]) == 0
    assert capsys.readouterr().out.startswith("mine: ")


def test_the_name_of_one_of_the_package_is_refused_as_home_assistant_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "copied.json"
    copied.write_bytes(FILES[0].read_bytes())

    assert main(["check", str(copied)]) == 1
    said = capsys.readouterr().err
    assert f"there is another profile '{FILES[0].stem}'" in said


def test_no_other_use_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["check"]) == 2
    assert capsys.readouterr().err == f"{USAGE}\n" * 2
