"""The sketch of a feeder does what the core says, on what its board can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .contract import Example, examples, play
from .native import STEPS_OF_A_WRITE, ack, evt, feed
from .sketch import (
    EMPTIED,
    FILLED,
    HOMING,
    RELEASED,
    SECTOR,
    SECTORS,
    TURN,
    Sketch,
    SketchBoard,
    object_for_esp8266,
    program_of,
)

SWITCH = {"kSwitchPin": "4"}
SECOND = {"kDispenses": "false"}
BOARDS = ("ESP8266", "ESP32")

type MakeBoard = Callable[..., SketchBoard]
type Variant = tuple[str, tuple[tuple[str, str], ...]]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    made: dict[Variant, Path] = {}

    def program(board: str, settings: dict[str, str]) -> Path:
        variant = (board, tuple(settings.items()))
        if variant not in made:
            folder = tmp_path_factory.mktemp("sketch")
            made[variant] = program_of(board, folder, settings)
        return made[variant]

    return program


@pytest.fixture
def make_board(
    programs: Callable[..., Path], tmp_path: Path
) -> Iterator[Callable[..., SketchBoard]]:
    """Return what makes a board, switched off, with some settings."""
    made: list[SketchBoard] = []

    def make(board: str = "ESP8266", settings: dict[str, str] | None = None) -> Any:
        made.append(SketchBoard(board, programs(board, settings or {}), tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def board(make_board: MakeBoard) -> SketchBoard:
    """Return a new board with the sketch as it comes, switched on and connected."""
    board = make_board()
    board.power()
    return board


def test_it_compiles_for_the_processor_of_an_esp8266(tmp_path: Path) -> None:
    assert object_for_esp8266(tmp_path / "sketch.o").stat().st_size > 0


@pytest.mark.parametrize("kind", BOARDS)
@pytest.mark.parametrize("example", examples())
def test_it_keeps_the_contract(
    example: Example, kind: str, make_board: MakeBoard
) -> None:
    board = make_board(kind, SWITCH)
    play(example, Sketch(board, example.get("work_ends", "success")))


@pytest.mark.parametrize("kind", BOARDS)
def test_it_comes_with_a_will_and_says_how_it_is(
    kind: str, make_board: MakeBoard
) -> None:
    came = make_board(kind).power()

    assert 'reach disp/state/1 1 {"online":0}' in came.other
    assert "subscribe disp/cmd/1 1" in came.other
    assert came.retained[:2] == [True, False]
    assert came.said[1][1]["ready"] == 1


@pytest.mark.parametrize("kind", BOARDS)
def test_each_portion_is_one_turn_there_and_back(
    kind: str, make_board: MakeBoard
) -> None:
    board = make_board(kind)
    board.power()

    moves = board.tell(feed(17)).other + board.wait(4 * TURN + 0.1).other

    assert moves == [EMPTIED, FILLED, EMPTIED, FILLED, RELEASED]


@pytest.mark.parametrize("kind", BOARDS)
def test_the_number_is_in_flash_before_the_servo_turns(
    kind: str, make_board: MakeBoard
) -> None:
    board = make_board(kind)
    board.power()

    came = board.tell(feed(17))

    assert came.order == ["wrote", "say", "say", "servo"]
    assert came.wrote == [SECTORS[kind]]
    ended = board.wait(4 * TURN + 0.1)
    assert ended.wrote == [SECTORS[kind] + SECTOR]
    assert ended.answers == [evt(17)]


def test_it_tells_how_far_it_is(board: SketchBoard) -> None:
    board.tell(feed(17, items=[{"pill_id": 1, "quantity": 4}]))
    state = board.state()

    assert (state["busy"], state["ready"]) == (17, 0)
    assert state["progress"] == 25


@pytest.mark.parametrize("step", [0, 1, 2, 50, STEPS_OF_A_WRITE - 1])
@pytest.mark.parametrize("kind", BOARDS)
def test_a_power_cut_in_the_write_before_the_work_loses_and_doubles_nothing(
    kind: str, step: int, make_board: MakeBoard
) -> None:
    board = make_board(kind)
    board.power()
    board.do(f"cut {step}")

    came = board.tell(feed(17))
    assert came.cut
    assert EMPTIED not in came.other
    assert not came.said
    board.power()
    again = board.tell(feed(17))

    is_known = step == STEPS_OF_A_WRITE - 1
    assert (EMPTIED in again.other) is not is_known
    assert again.answers[0] == ack(17)
    assert (evt(17, "interrupted") in again.answers) is is_known


def test_a_power_cut_while_it_turns_is_said_and_gives_nothing_more(
    board: SketchBoard,
) -> None:
    board.tell(feed(17))
    board.wait(TURN / 2)

    came = board.power()

    assert came.answers == [evt(17, "interrupted")]
    assert came.other[0] == FILLED
    assert EMPTIED not in came.other + board.tell(feed(17)).other


def test_it_is_not_there_until_it_stands_where_it_is_filled(
    make_board: MakeBoard,
) -> None:
    board = make_board(settings={"kTurn": "5000"})
    moves = board.power().other

    assert moves == [FILLED]
    assert board.wait(5.0).said[1][1]["ready"] == 1


def test_what_ended_while_the_broker_was_away_is_told_when_it_is_back(
    board: SketchBoard,
) -> None:
    board.tell(feed(17))
    board.do("broker 0")
    assert not board.wait(10.0).said
    board.do("broker 1")

    came = board.wait(6.0)

    assert came.answers == [evt(17)]


def test_no_broker_is_waited_for_while_the_servo_turns(board: SketchBoard) -> None:
    board.wait(10.0)
    board.tell(feed(17, items=[{"pill_id": 1, "quantity": 6}]))
    board.do("broker 0")
    board.do("broker 1")

    assert "subscribe disp/cmd/1 1" not in board.wait(11 * TURN).other
    assert "subscribe disp/cmd/1 1" in board.wait(2 * TURN).other


def test_it_comes_back_when_wifi_does(board: SketchBoard) -> None:
    board.do("wifi 0")
    assert not board.wait(90.0).said
    board.do("wifi 1")

    assert "subscribe disp/cmd/1 1" in board.wait(6.0).other
    assert board.tell(feed(17)).answers == [ack(17)]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"pill_id": 2, "quantity": 1}, "no such hopper"),
        ({"pill_id": 1, "quantity": 21}, "too many portions"),
    ],
)
def test_it_refuses_what_one_chamber_cannot_do(
    item: dict[str, int], reason: str, board: SketchBoard
) -> None:
    came = board.tell(feed(17, items=[item]))

    assert came.answers == [ack(17, reason)]
    assert not came.wrote


def test_the_most_portions_end_before_the_servo_is_halted(board: SketchBoard) -> None:
    board.tell(feed(17, items=[{"pill_id": 1, "quantity": 20}]))

    assert board.wait(20 * 2 * TURN + 0.5).answers == [evt(17)]


def test_the_second_node_of_a_pair_turns_once(make_board: MakeBoard) -> None:
    board = make_board(settings=SECOND)
    board.power()

    begun = board.tell({"queue_id": 17, "patient_id": 0, "target_room": 2})
    ended = board.wait(2 * TURN + 0.1)

    assert begun.other + ended.other == [EMPTIED, FILLED, RELEASED]
    assert ended.answers == [evt(17)]


@pytest.mark.parametrize(
    ("kind", "reason", "word"),
    [
        ("ESP8266", 0, "power"),
        ("ESP8266", 1, "watchdog"),
        ("ESP8266", 2, "crash"),
        ("ESP8266", 4, "restart"),
        ("ESP8266", 6, "button"),
        ("ESP32", 1, "power"),
        ("ESP32", 2, "button"),
        ("ESP32", 3, "restart"),
        ("ESP32", 4, "crash"),
        ("ESP32", 6, "watchdog"),
        ("ESP32", 9, "brownout"),
    ],
)
def test_it_says_why_it_started(
    kind: str, reason: int, word: str, make_board: MakeBoard
) -> None:
    came = make_board(kind).power(reason)

    assert came.said[0][1]["reset"] == word


def test_its_clock_counts_once_a_time_server_answered(board: SketchBoard) -> None:
    before = board.state()
    board.do("time 1800000000")
    board.wait(HOMING)
    late = board.tell(feed(17, expires_at=1_800_000_000))

    assert before["clock"] == 0
    assert board.state()["clock"] == pytest.approx(1_800_000_000 + HOMING + 2, abs=2)
    assert late.answers == [ack(17, "expired")]
