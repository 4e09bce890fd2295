"""The sketch of a feeder, on a board that a computer plays; see stubs/world.cpp."""

from __future__ import annotations

from collections.abc import Mapping
import json
import os
from pathlib import Path
import shutil
import subprocess
from typing import Any

from .compiling import BARE, ESP8266, FIRMWARE, HERE, SANITIZED, SMALL, compiled
from .contract import START, Done
from .native import Came, Said

SKETCH = FIRMWARE / "examples" / "Feeder"
STUBS = Path(__file__).with_name("stubs")
SECTOR = 4096
SECTORS = {"ESP8266": 0x3FA000, "ESP32": 0x290000 + 0x160000 - 2 * SECTOR}
"""Where the first of two sectors begins, on 4 MB of flash."""
EMPTIED = "servo 2000"
FILLED = "servo 1000"
RELEASED = "servo off"
TURN = 0.7
"""Seconds from one of these places to the other."""
HOMING = 1.0
"""Seconds after power on within which it stands where it is filled, connected."""

REPORT = 2.1
"""Seconds within which it says how it is."""

_LONGEST_WORK = 60.0


def _includes(*more: Path) -> list[str]:
    return [f"-I{each}" for each in (STUBS, *more, FIRMWARE / "src")]


def program_of(board: str, folder: Path, settings: Mapping[str, str]) -> Path:
    """Compile the sketch for here, with values in the place of some of its settings."""
    sketch = shutil.copytree(SKETCH, folder / "Feeder")
    file = sketch / "settings.h"
    text = file.read_text()
    for name, value in settings.items():
        lines = [each for each in text.splitlines() if f" {name} = " in each]
        assert len(lines) == 1, name
        before = lines[0].split(" = ")[0]
        text = text.replace(lines[0], f"{before} = {value};")
    file.write_text(text)
    return compiled(
        HERE,
        STUBS / "world.cpp",
        folder / "sketch",
        *SANITIZED,
        "-Wl,--wrap=gettimeofday",
        f"-D{board}",
        *_includes(),
        *("-x", "c++", str(sketch / "Feeder.ino")),
    )


def object_for_esp8266(target: Path) -> Path:
    """Compile the sketch for its processor, with the stubs in the place of the core."""
    own = ("-fno-threadsafe-statics", "-DESP8266", "-x", "c++")
    includes = _includes(STUBS / "xtensa")
    return compiled(
        ESP8266, SKETCH / "Feeder.ino", target, *SMALL, *BARE, *own, *includes
    )


class SketchBoard:
    """A board with the sketch on it. Its flash outlives it, in `folder`."""

    def __init__(self, board: str, program: Path, folder: Path) -> None:
        self._board = board
        self._program = program
        self._flash = folder / "flash.bin"
        if not self._flash.exists():
            self._flash.write_bytes(b"\xff" * SECTOR * 2)
        self._process: subprocess.Popen[str] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def power(self, reason: int = 0) -> Came:
        """Switch it on, or off and on again, and return what it does in `HOMING`.

        `reason`: why it starts, as the core of the board counts that.
        """
        self.lose_power()
        self._process = subprocess.Popen(
            [self._program, self._flash, str(SECTORS[self._board])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"RESET_REASON": str(reason)},
        )
        return self.wait(HOMING)

    def lose_power(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def close(self) -> None:
        """End it; a fault that was found till then raises."""
        if self._process is not None:
            self._process.communicate(timeout=30)
            assert self._process.returncode == 0, "the sanitizer or a stub complains"
            self._process = None

    def do(self, line: str) -> Came:
        """Have one line carried out. It may lose its power or restart by that."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        came = Came()
        for printed in process.stdout:
            if printed == ".\n":
                return came
            came.take(_short(printed.rstrip("\n")))
        self.close()
        return came

    def tell(self, command: Mapping[str, Any] | bytes) -> Came:
        payload = command
        if not isinstance(payload, bytes):
            payload = json.dumps(command, separators=(",", ":")).encode()
        return self.do(f"message {payload.hex()}")

    def wait(self, seconds: float) -> Came:
        return self.do(f"pass {round(seconds * 1000)}")

    def state(self) -> dict[str, Any]:
        """Return what it says next of itself with `ready`."""
        said = [each for topic, each in self.wait(REPORT).said if topic == "state"]
        return next(each for each in said if "ready" in each)


def _short(line: str) -> str:
    """Leave the name of what is said, of a topic of the node `1` under `disp`."""
    word, _, rest = line.partition(" ")
    if word != "say":
        return line
    topic, _, rest = rest.partition(" ")
    prefix, what, node = topic.split("/")
    assert (prefix, node) == ("disp", "1")
    return f"say {what} {rest}"


class Sketch:
    """The sketch on the bench that the contract asks for; its chamber has a switch."""

    def __init__(self, board: SketchBoard, work_ends: str) -> None:
        self._board = board
        self._work_ends = work_ends
        self._passed = 0.0
        """Seconds since the beginning."""
        self._taken: list[int] = []
        """The id of what was taken last."""
        self._early: list[Said] = []
        """What it said of work that came to its end while time passed."""
        self._switch_on()

    def tell(self, payload: bytes) -> Done:
        came = self._board.tell(payload)
        self._taken = _taken(came) or self._taken
        return Done([*came.answers], self._begun(came))

    def end_work(self) -> Done:
        if self._early:
            early, self._early = self._early, []
            return Done([*early])
        until = self._passed + _LONGEST_WORK
        while self._passed < until:
            came = self._wait(0.1)
            if came.answers:
                return Done([*came.answers], self._begun(came))
        return Done()

    def lose_power(self) -> Done:
        return Done([*self._switch_on().answers])

    def restarts(self) -> Done | None:
        self._wait(10.0)
        return None if self._board.runs else self.lose_power()

    def wait(self, seconds: float) -> Done:
        came = self._wait(seconds)
        self._early += came.answers
        return Done([], self._begun(came))

    def state(self) -> Mapping[str, Any]:
        self._passed += REPORT
        return self._board.state()

    def _wait(self, seconds: float) -> Came:
        self._passed += seconds
        return self._board.wait(seconds)

    def _begun(self, came: Came) -> list[int]:
        return self._taken if EMPTIED in came.other else []

    def _switch_on(self) -> Came:
        came = self._board.power()
        self._passed += HOMING
        self._board.do(f"switch {int(self._work_ends == 'success')}")
        self._board.do(f"time {START + round(self._passed)}")
        self._wait(1.0)
        return came


def _taken(came: Came) -> list[int]:
    """Return the id of what an answer says that it is taken."""
    acks = [each for topic, each in came.said if topic == "ack"]
    return [each["queue_id"] for each in acks if each["accepted"] == 1]
