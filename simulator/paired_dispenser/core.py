"""The library of `firmware/` as a program: compiled, started, driven by lines."""

from __future__ import annotations

from functools import cache
import hashlib
import os
from pathlib import Path
import shutil
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING
import weakref

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
SLOTS = 2
SECTOR = 128
"""Bytes that one slot takes of the file."""

_COMPILERS = ("g++", "clang++")
_OPTIONS = ("-std=c++17", "-fno-exceptions", "-fno-rtti")
FAST = ("-O2",)
SANITIZED = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
"""It ends where it reads or writes what it must not, or does what C++ leaves undefined.
"""


@cache
def program(*options: str) -> Path:
    """Compile the program where it is not compiled so yet, and return it.

    Raises OSError where there is no compiler, or where it refuses.
    """
    found = [path for name in _COMPILERS if (path := shutil.which(name))]
    if not found:
        raise FileNotFoundError("the firmware native needs a C++ compiler, as g++")
    target = FIRMWARE / "build" / f"node-{_digest(options)}"
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    # Another process may compile it, too: each has its own until it is whole.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        source = FIRMWARE / "native" / "program.cpp"
        done = subprocess.run(  # noqa: S603 - our own source, by the compiler found
            [found[0], *_OPTIONS, *options, source, "-o", made],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise OSError(f"{source.name} does not compile:\n{done.stderr}")
        made.replace(target)
    return target


def _digest(options: Sequence[str]) -> str:
    digest = hashlib.sha256(" ".join((*_OPTIONS, *options)).encode())
    for source in sorted(FIRMWARE.glob("*/*.[ch]*")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def blank(flash: IO[bytes]) -> None:
    """Make a file what flash is when it comes from the factory."""
    flash.seek(0)
    flash.write(b"\xff" * SECTOR * SLOTS)
    flash.flush()


class Core:
    """One start of the program on flash in an open file, which outlives it.

    `longest_work` is after how many seconds it halts its motor, `words` are traits of
    `program.cpp`, `options` those of the compiler. The process ends with this object at
    the latest.
    """

    def __init__(
        self,
        flash: IO[bytes],
        longest_work: int,
        *words: str,
        options: Sequence[str] = FAST,
    ) -> None:
        number = flash.fileno()
        self._process = subprocess.Popen(  # noqa: S603 - what was compiled above
            # By its number, for the file may have no name.
            [
                program(*options),
                f"/dev/fd/{number}",
                str(SLOTS),
                str(longest_work),
                *words,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(number,),
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("a program without pipes")
        self._told, self._printed = self._process.stdin, self._process.stdout
        self.kill = weakref.finalize(self, _kill, self._process)
        """End it at once, by SIGKILL."""

    def do(self, line: str) -> list[str]:
        """Have a line carried out; return what came of it.

        Where a cut ended the process, that is the last. Raises OSError if the program
        ended otherwise.
        """
        os.write(self._told.fileno(), f"{line}\n".encode())
        came = [*_until_done(self._printed)]
        if came and came[-1] == "cut":
            self.kill()
        elif not came or came.pop() != ".":
            raise OSError(f"the firmware ended by itself at: {line}")
        return came


def _until_done(printed: IO[bytes]) -> Iterator[str]:
    for line in printed:
        yield (text := line.decode().rstrip("\n"))
        if text == ".":
            return


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with process:
        pass
