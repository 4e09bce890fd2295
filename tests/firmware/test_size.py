"""The core is as small as its page says, and needs nothing that a board may lack."""

from __future__ import annotations

from pathlib import Path
import re
import shutil
import subprocess

import pytest

from .compiling import BARE, ESP8266, HERE, SMALL, compiled

MOST_CODE = 8 * 1024
MOST_RAM = 1024
LARGEST_FRAME = 400
PROCESSORS = {
    HERE: (),
    ESP8266: BARE,
}


@pytest.fixture(params=PROCESSORS, scope="module")
def core(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Return a compiler and what it made of all that a board's program calls."""
    compiler = request.param
    target = tmp_path_factory.mktemp("size") / "core.o"
    options = (*SMALL, "-fstack-usage", *PROCESSORS[compiler])
    return compiler, compiled(compiler, "size.cpp", target, *options)


def output_of(core: tuple[str, Path], tool: str, *options: str) -> str:
    compiler, made = core
    found = shutil.which(compiler.removesuffix("g++") + tool)
    assert found is not None
    return subprocess.run(
        [found, *options, made], capture_output=True, text=True, check=True
    ).stdout


def bytes_in(core: tuple[str, Path], *sections: str) -> int:
    sizes = re.findall(
        r"^(\.\S+)\s+(\d+)\s", output_of(core, "size", "-A"), re.MULTILINE
    )
    return sum(int(size) for name, size in sizes if name.startswith(sections))


def test_its_code_fits_in_8_kib(core: tuple[str, Path]) -> None:
    assert 0 < bytes_in(core, ".text", ".rodata", ".data") <= MOST_CODE


def test_its_ram_fits_in_1_kib_with_the_texts_that_an_esp8266_keeps_there(
    core: tuple[str, Path],
) -> None:
    assert 0 < bytes_in(core, ".bss", ".data", ".rodata") <= MOST_RAM


def test_no_call_of_it_needs_much_stack(core: tuple[str, Path]) -> None:
    frames = core[1].with_suffix(".su").read_text()
    sizes = [int(size) for size in re.findall(r"\t(\d+)\t", frames)]
    assert 0 < max(sizes) <= LARGEST_FRAME


def test_it_needs_neither_heap_nor_exceptions_nor_a_library(
    core: tuple[str, Path],
) -> None:
    needed = set(re.findall(r"U (\S+)", output_of(core, "nm", "-u")))
    divides = {"__divsi3", "__modsi3", "__udivsi3", "__umodsi3"}
    assert needed <= {"memcpy", "memset", "__stack_chk_fail"} | divides
