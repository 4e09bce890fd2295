"""The component for ESPHome keeps the contract, on the real ESPHome."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .compiling import FIRMWARE
from .component import (
    EXAMPLE,
    FROM_GITHUB,
    FROM_HERE,
    esphome,
    esphome_or_skip,
    generated,
    program_of_component,
    written,
)
from .contract import Example, examples, play
from .native import ack, evt, feed
from .sketch import EMPTIED, FILLED, HOMING, RELEASED, TURN, Sketch, SketchBoard

HERE_TOO = {FROM_GITHUB: FROM_HERE}

pytestmark = pytest.mark.usefixtures("_esphome")


@pytest.fixture(scope="module")
def _esphome() -> None:
    esphome_or_skip()


@pytest.fixture(scope="module")
def program(_esphome: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return program_of_component(tmp_path_factory.mktemp("esphome"))


@pytest.fixture
def off(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SketchBoard]:
    """Return a new feeder, switched off."""
    # ESPHome keeps there what outlives a start.
    monkeypatch.setenv("HOME", str(tmp_path))
    board = SketchBoard("ESP32", program, tmp_path)
    yield board
    board.close()


@pytest.fixture
def board(off: SketchBoard) -> SketchBoard:
    """Return a new feeder, switched on and connected, whose chamber turns."""
    off.power()
    off.do("switch 1")
    return off


def example_with(tmp_path: Path, replaced: dict[str, str]) -> Path:
    return written(tmp_path, EXAMPLE.read_text(), HERE_TOO | replaced)


def test_the_example_is_valid_and_its_code_is_made(tmp_path: Path) -> None:
    made = generated(example_with(tmp_path, {}))

    main = (made / "src" / "main.cpp").read_text()
    assert 'NodeComponent("disp", "1")' in main
    assert "set_longest_work(60)" in main
    assert "eagle.flash.4m1m.ld" in (made / "platformio.ini").read_text()


def test_it_is_made_with_the_core_as_it_stands_here(tmp_path: Path) -> None:
    made = generated(example_with(tmp_path, {})) / "src" / "mqtt_dispatch"
    core = {each.name: each.read_bytes() for each in (FIRMWARE / "src").glob("*.h")}

    assert {each.name: each.read_bytes() for each in made.iterdir()} == core


def test_the_example_is_valid_for_an_esp32(tmp_path: Path) -> None:
    file = example_with(
        tmp_path,
        {
            "esp8266:\n  board: d1_mini": "esp32:\n  board: esp32dev",
            "platform: esp8266_pwm": "platform: ledc",
            "GPIO14": "GPIO18",
        },
    )
    done = esphome("config", file)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        ({"board: d1_mini": "board: esp01_1m"}, "needs 4 MB of flash"),
        ({"node: ${node}": "node: a/b"}, "without /, + and #"),
        ({"longest_work: 60s": "longest_work: 0s"}, "longest_work"),
        ({"  on_feed:": "  on_operate:"}, "on_feed"),
        ({"  on_halt:": "  on_operate:"}, "on_halt"),
    ],
)
def test_what_cannot_work_is_refused(
    replaced: dict[str, str], told: str, tmp_path: Path
) -> None:
    done = esphome("config", example_with(tmp_path, replaced))

    assert done.returncode != 0
    assert told in done.stdout + done.stderr


@pytest.mark.parametrize("example", examples())
def test_it_keeps_the_contract(example: Example, off: SketchBoard) -> None:
    play(example, Sketch(off, example.get("work_ends", "success")))


def test_it_comes_with_a_will_and_says_how_it_is(off: SketchBoard) -> None:
    came = off.power()

    assert 'reach disp/state/1 1 {"online":0}' in came.other
    assert "subscribe disp/cmd/1 1" in came.other
    assert came.retained[:2] == [True, False]


def test_its_script_moves_and_ends_the_work(board: SketchBoard) -> None:
    begun = board.tell(feed(17))
    ended = board.wait(4 * TURN + 0.2)

    assert begun.answers == [ack(17)]
    assert ended.answers == [evt(17)]
    moves = [each for each in begun.other + ended.other if each.startswith("servo")]
    assert moves == [EMPTIED, FILLED, EMPTIED, FILLED, RELEASED]


def test_what_its_script_calls_jammed_is_told(board: SketchBoard) -> None:
    board.do("switch 0")
    board.tell(feed(17))

    assert board.wait(TURN + 0.2).answers == [evt(17, "jammed")]


def test_it_tells_how_far_its_script_is(board: SketchBoard) -> None:
    board.tell(feed(17))
    board.wait(2 * TURN + 0.2)

    assert board.state()["progress"] == 50


def test_a_script_that_does_not_end_is_halted(board: SketchBoard) -> None:
    board.tell(feed(17, items=[{"pill_id": 1, "quantity": 50}]))
    board.wait(59.0)
    halted = board.wait(2.0)
    after = board.wait(10.0)

    assert halted.answers == [evt(17, "timeout")]
    assert RELEASED in halted.other
    assert EMPTIED not in after.other
    assert board.state()["ready"] == 1


def test_what_an_automation_that_was_halted_would_say_ends_nothing_else(
    board: SketchBoard,
) -> None:
    board.tell({"queue_id": 17, "op": "servo", "id": 4, "on": 1})
    halted = board.wait(61.0)
    board.wait(8.5)
    begun = board.tell(feed(18))
    meanwhile = board.wait(2 * TURN)
    ended = board.wait(2 * TURN + 0.2)

    assert halted.answers == [evt(17, "timeout")]
    assert begun.answers == [ack(18)]
    assert meanwhile.answers == []
    assert ended.answers == [evt(18)]


def test_it_is_ready_while_its_sensor_says_so(board: SketchBoard) -> None:
    board.do("bowl 0")
    board.wait(HOMING)
    refused = board.tell(feed(17))
    board.do("bowl 1")
    board.wait(HOMING)
    taken = board.tell(feed(18))

    assert refused.answers == [ack(17, "not ready")]
    assert taken.answers == [ack(18)]


def test_it_operates_what_it_is_told_to(board: SketchBoard) -> None:
    begun = board.tell({"queue_id": 17, "op": "servo", "id": 3, "on": 1})
    ended = board.wait(1.2)

    assert "operate 3 1" in begun.other
    assert ended.answers == [evt(17)]


def test_a_power_cut_is_said_and_nothing_is_done_again(board: SketchBoard) -> None:
    board.tell(feed(17))
    board.wait(TURN / 2)
    came = board.power()
    again = board.tell(feed(17))

    assert came.answers == [evt(17, "interrupted")]
    assert again.answers == [ack(17), evt(17, "interrupted")]
    assert EMPTIED not in came.other + again.other


def test_what_ended_without_a_broker_is_told_when_it_is_back(
    board: SketchBoard,
) -> None:
    board.tell(feed(17))
    board.do("broker 0")
    assert not board.wait(10.0).said
    back = board.do("broker 1").answers + board.wait(6.0).answers

    assert back == [evt(17)]
