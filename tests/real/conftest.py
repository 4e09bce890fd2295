"""Real parts, started once for the tests of a module."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_socket

from scripts.parts import hurried
from scripts.parts.site import Site
from scripts.parts.stations import KITCHEN

from .kitchen import Kitchen, shorten_timeouts
from .stand import Stand

type Run = Callable[[Coroutine[Any, Any, None]], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Let the parts outlive a test: they are those of the module."""


@pytest.fixture(autouse=True)
def _sockets() -> None:
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def known_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site that was set up once, and stopped."""
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("known")

    async def set_up() -> None:
        async with Site(folder):
            pass

    asyncio.run(set_up())
    return folder


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for the parts and for the tests that use them.

    It never is the current loop of the thread: that one belongs to the test plugin,
    which closes it between tests.
    """
    pytest_socket.enable_socket()
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        yield runner


PLAIN = ("--work-seconds", "1", "--firmware", "plain")
"""After a feed, originals are left alone for longer than a test may last."""


@pytest.fixture(scope="module")
def running_kitchen(
    request: pytest.FixtureRequest,
    runner: asyncio.Runner,
    known_site: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Kitchen]:
    """Broker, Home Assistant and nodes, for all tests of a module.

    The nodes are what the module calls PLAYED, or PLAIN ones.
    """
    played = getattr(request.module, "PLAYED", PLAIN)
    site = Site(
        tmp_path_factory.mktemp("site"), stations=[KITCHEN.played_with(*played)]
    )
    site.begin_as_copy_of(known_site)
    shorten_timeouts(site.home_assistant.config)
    kitchen = Kitchen(site)
    try:
        runner.run(site.start())
        runner.run(kitchen.begin())
        yield kitchen
    finally:
        runner.run(site.stop())


@pytest.fixture
def kitchen(running_kitchen: Kitchen, runner: asyncio.Runner) -> Kitchen:
    """Return the station, with nodes that behave and nothing in its queue."""
    runner.run(running_kitchen.tidy_up())
    return running_kitchen


@pytest.fixture
def run(kitchen: Kitchen, runner: asyncio.Runner) -> Iterator[Run]:
    """Return what runs a test's story. Whatever the story: nothing happens twice."""

    def run(story: Coroutine[Any, Any, None]) -> None:
        runner.run(story)

    yield run
    assert not kitchen.executed_twice(), "a node executed a command twice"


@pytest.fixture(scope="module")
def running_stand(
    request: pytest.FixtureRequest,
    runner: asyncio.Runner,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stand]:
    """The station that a module calls STATION, with its OPTIONS, for all its tests.

    Its nodes have LONGEST_WAIT seconds to be done.
    """
    station = request.module.STATION
    site = Site(
        tmp_path_factory.mktemp(station.slug),
        stations=[station],
        module=hurried.__name__,
        environment={hurried.LONGEST_WAIT: str(request.module.LONGEST_WAIT)},
    )
    stand = Stand(site, station)
    try:
        runner.run(site.start())
        runner.run(stand.begin())
        runner.run(stand.set_options(**request.module.OPTIONS))
        yield stand
    finally:
        runner.run(site.stop())


@pytest.fixture
def stand(running_stand: Stand, runner: asyncio.Runner) -> Stand:
    """Return the station, with nodes that behave and nothing in its queue."""
    runner.run(running_stand.tidy_up())
    return running_stand


@pytest.fixture
def play(runner: asyncio.Runner) -> Run:
    """Return what runs a test's story."""

    def play(story: Coroutine[Any, Any, None]) -> None:
        runner.run(story)

    return play
