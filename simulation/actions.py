"""What people and automations do that waits for the disk."""

from __future__ import annotations

from collections.abc import Generator

from custom_components.mqtt_dispatch.runtime.commits import Commits
from simulation.process import Process

type Action = Generator[None, bool]
"""Yields to wait until all that the engine knows is stored; gets whether it is."""


class Actions:
    """Carries out the actions at one station, each up to where it waits next."""

    def __init__(self, process: Process, commits: Commits) -> None:
        self._process = process
        self._commits = commits

    def begin(self, action: Action) -> None:
        """Carry out an action up to where it waits for the disk."""
        try:
            next(action)
        except StopIteration:
            return
        self._wait(action)

    def _wait(self, action: Action) -> None:
        def stored(error: Exception | None) -> None:
            self._process.later(0.0, lambda: self._go_on(action, stored=error is None))

        self._commits.when_stored(stored)

    def _go_on(self, action: Action, *, stored: bool) -> None:
        try:
            action.send(stored)
        except StopIteration:
            return
        self._wait(action)
