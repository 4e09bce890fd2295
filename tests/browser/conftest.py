"""A house that is looked at: started once for the tests of a module."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
import os
from pathlib import Path
from typing import Any

import pytest
import pytest_socket

from scripts.parts.site import Site

from .chromium import Chromium, find_chromium
from .house import AXE, House, site_in

DEMANDED = "BROWSER_TESTS"
"""The environment variable: "required" where no test of this folder may be skipped,
"none" where all of them are left out."""

type Play = Callable[[Coroutine[Any, Any, None]], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Let the house outlive a test: it is that of the module."""


@pytest.fixture(autouse=True)
def _sockets() -> None:
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def program() -> str:
    """Return the browser of this machine."""
    if os.environ.get(DEMANDED) == "none":
        pytest.skip(f"{DEMANDED} leaves them out")
    found = find_chromium()
    if not AXE.exists():
        _cannot("axe-core is not here: scripts/frontend setup brings it")
    if found is None:
        _cannot("no Chromium on the PATH, and CHROMIUM names none")
    return str(found)


def _cannot(reason: str) -> None:
    if os.environ.get(DEMANDED) == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def runner(program: str) -> Iterator[asyncio.Runner]:
    """One event loop for the house and for the tests that look at it.

    It never is the current loop of the thread: that one belongs to the test plugin,
    which closes it between tests.
    """
    pytest_socket.enable_socket()
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        yield runner


@pytest.fixture(scope="module")
def play(runner: asyncio.Runner) -> Play:
    """Return what runs a test's story."""

    def play(story: Coroutine[Any, Any, None]) -> None:
        runner.run(story)

    return play


@pytest.fixture(scope="module")
def house(
    runner: asyncio.Runner, program: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Broker, nodes, Home Assistant and browser, for all tests of a module."""
    folder = tmp_path_factory.mktemp("house")
    site: Site = site_in(folder)

    async def open_house() -> House:
        return House(site, Chromium(folder / "chromium", program))

    house = runner.run(open_house())
    try:
        runner.run(house.begin())
        yield house
    finally:
        runner.run(house.end())
