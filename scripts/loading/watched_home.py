"""Home Assistant that tells what held its event loop longest: run as a module.

The environment variable STOPS names the file to which it adds a line a second.
"""

from __future__ import annotations

from asyncio import Task
from asyncio.events import Handle
from collections.abc import Callable
from functools import partial, wraps
import gc
import json
import os
from pathlib import Path
import sys
from threading import Thread
import time

STOPS = "STOPS"
OURS = "mqtt_dispatch"
EVERY = 1.0


def main() -> int:
    """Run Home Assistant."""
    path = Path(os.environ[STOPS])
    stops = Stops()
    watch(stops)
    Thread(target=_tell, args=(stops, path), daemon=True).start()
    from homeassistant.__main__ import main as run  # noqa: PLC0415

    return run()


class Stops:
    """What took longest since this was last asked, by what is asked for."""

    def __init__(self) -> None:
        self._longest: dict[str, tuple[float, str]] = {}
        self.collecting = 0.0
        """Seconds that went into collecting garbage so far."""

    def is_news(self, kind: str, seconds: float) -> bool:
        known = self._longest.get(kind)
        return known is None or seconds > known[0]

    def note(self, kind: str, seconds: float, what: str) -> None:
        if self.is_news(kind, seconds):
            self._longest[kind] = (seconds, what)

    def take(self) -> dict[str, tuple[float, str]]:
        longest, self._longest = self._longest, {}
        return longest


def watch(stops: Stops) -> None:
    """Time all that the loop calls, what of it is ours, and the collections."""
    sys.path.insert(0, sys.argv[sys.argv.index("--config") + 1])
    from custom_components.mqtt_dispatch.broker.link import Link  # noqa: PLC0415
    from custom_components.mqtt_dispatch.runtime.driver import Driver  # noqa: PLC0415

    _watch_collections(stops)
    _watch_loop(stops)
    # What others call of ours is as much ours as what the loop calls.
    for owner, name in ((Link, "_message_came"), (Driver, "handle")):
        setattr(owner, name, timed(stops, getattr(owner, name)))


def _watch_loop(stops: Stops) -> None:
    run = Handle._run  # noqa: SLF001 - where the loop calls whatever it calls

    def timed(handle: Handle) -> None:
        callback = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001
        collecting = stops.collecting
        began, began_to_work = time.perf_counter(), time.thread_time()
        run(handle)
        collected = stops.collecting - collecting
        took = time.perf_counter() - began - collected
        if stops.is_news("loop", took):
            stops.note("loop", took, _name(callback))
        worked = time.thread_time() - began_to_work - collected
        if stops.is_news("ours", worked) and OURS in (name := _name(callback)):
            stops.note("ours", worked, name)

    setattr(Handle, run.__name__, timed)


def timed[**P, R](stops: Stops, call: Callable[P, R]) -> Callable[P, R]:
    @wraps(call)
    def work(*args: P.args, **kwargs: P.kwargs) -> R:
        collecting, began = stops.collecting, time.thread_time()
        try:
            return call(*args, **kwargs)
        finally:
            worked = time.thread_time() - began - (stops.collecting - collecting)
            stops.note("ours", worked, call.__qualname__)

    return work


def _watch_collections(stops: Stops) -> None:
    began = 0.0

    def collecting(phase: str, about: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
            return
        took = time.perf_counter() - began
        stops.collecting += took
        stops.note("collection", took, f"generation {about['generation']}")

    gc.callbacks.append(collecting)


def _name(callback: Callable[..., object]) -> str:
    """Return where the code is that a callback runs first."""
    while isinstance(callback, partial):
        callback = callback.func
    task = getattr(callback, "__self__", None)
    if isinstance(task, Task):
        code = getattr(task.get_coro(), "cr_code", None)
        return "a task" if code is None else f"{code.co_filename}:{code.co_qualname}"
    name = getattr(callback, "__qualname__", type(callback).__name__)
    return f"{getattr(callback, '__module__', '')}.{name}"


def _tell(stops: Stops, path: Path) -> None:
    while True:
        time.sleep(EVERY)
        line = json.dumps({"at": time.monotonic(), **stops.take()})
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
