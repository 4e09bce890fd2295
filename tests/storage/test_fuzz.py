"""Whatever a file holds: it loads whole, or it is refused and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
import json
import math
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from hypothesis import HealthCheck, example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Commit
from custom_components.mqtt_dispatch.engine.model.events import (
    Committed,
    Connection,
    Enqueue,
    Event,
    PutMeal,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.policy import (
    FEED,
    Settings,
    Station,
)
from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Done, Seen
from custom_components.mqtt_dispatch.engine.view import view
from custom_components.mqtt_dispatch.history.database import async_history
from custom_components.mqtt_dispatch.storage.migrations import HISTORY, STATION
from custom_components.mqtt_dispatch.storage.store import StationStore, StorageUnusable
from tests.engine.policies import POLICIES

from .samples import ENTRY_ID, FULL, HISTORY_KEY, STATION_KEY, closed, files

NODES = ("1", "2")
STATION_OF_TWO = Station(nodes=NODES, policies=POLICIES)
NOW = Now(wall=1_790_000_200.0, steady=5000.0)
PATIENT = settings(deadline=None)
ON_DISK = settings(
    deadline=None,
    # The folder is emptied before each example.
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)

RAW = "\N{INFORMATION SEPARATOR ONE}"
"""Encloses what stands in a file as it is, for no value makes it."""
RAW_NUMBERS = ("9" * 400, "-1e999", "1e400", "NaN", "Infinity", "0x1", "00", "1" * 5000)
RAW_NESTING = tuple("[" * deep + "]" * deep for deep in (900, 1023, 1024, 100_000))

NUMBERS = (
    st.integers()
    | st.floats()
    | st.sampled_from([2**31 - 1, 2**31, 2**63, 2**64, 10**30, -1e308, 1e308, 5e-324])
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
RAW_TEXTS = st.sampled_from(RAW_NUMBERS + RAW_NESTING).map(lambda raw: RAW + raw + RAW)


def sample(key: str) -> dict[str, Any]:
    """Return the data of a file that holds something everywhere."""
    if key == STATION_KEY:
        return dict(json.loads(json.dumps(STATION.as_json(FULL))))
    return dict(json.loads(json.dumps(HISTORY.as_json(tuple(closed(3))))))


def envelope(key: str) -> dict[str, Any]:
    """Return a whole file that holds something everywhere."""
    version = (STATION if key == STATION_KEY else HISTORY).minor_version
    return {"version": 1, "minor_version": version, "key": key, "data": sample(key)}


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each part of a JSON document."""
    yield path
    children: Any = ()
    if isinstance(document, dict):
        children = document.items()
    elif isinstance(document, list):
        children = enumerate(document)
    for key, child in children:
        yield from places(child, (*path, key))


def parts(document: Any) -> list[Any]:
    """Return each part of a JSON document."""
    return [found(document, path) for path in places(document)]


def found(document: Any, path: tuple[Any, ...]) -> Any:
    """Return the part to which a way leads."""
    for key in path:
        document = document[key]
    return document


def with_part(document: Any, path: tuple[Any, ...], part: Any) -> Any:
    """Return a document with another part at the end of a way."""
    if not path:
        return part
    first, *rest = path
    changed = dict(document) if isinstance(document, dict) else list(document)
    changed[first] = with_part(changed[first], tuple(rest), part)
    return changed


def without_part(document: Any, path: tuple[Any, ...]) -> Any:
    """Return a document that lacks the part at the end of a way."""
    holder = found(document, path[:-1])
    if isinstance(holder, dict):
        left: Any = {key: value for key, value in holder.items() if key != path[-1]}
    else:
        left = [value for index, value in enumerate(holder) if index != path[-1]]
    return with_part(document, path[:-1], left)


@st.composite
def altered(draw: st.DrawFn, document: Any, junk: st.SearchStrategy[Any]) -> Any:
    """Return a valid document with a few of its parts replaced, moved or missing."""
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(document))))
        match draw(st.sampled_from(["junk", "another part", "missing"])):
            case "junk":
                document = with_part(document, path, draw(junk))
            case "another part":
                other = draw(st.sampled_from(parts(document)))
                document = with_part(document, path, other)
            case _ if path:
                document = without_part(document, path)
    return document


def as_file(document: Any) -> bytes:
    """Return a document as bytes, with what is raw in it as it is."""
    text = json.dumps(document, ensure_ascii=False)
    written = json.dumps(RAW)[1:-1]
    pieces = text.split(written)
    for index in range(1, len(pieces), 2):
        pieces[index - 1] = pieces[index - 1].removesuffix('"')
        if index + 1 < len(pieces):
            pieces[index + 1] = pieces[index + 1].removeprefix('"')
    return "".join(pieces).encode("utf-8", "surrogatepass")


@st.composite
def damaged(draw: st.DrawFn, key: str) -> bytes:
    """Return a valid file that was cut, or of which a few bytes became others."""
    content = bytearray(json.dumps(envelope(key)).encode())
    for _ in range(draw(st.integers(0, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))])


def contents(key: str) -> st.SearchStrategy[bytes]:
    """Return what a file may hold."""
    return (
        st.binary()
        | damaged(key)
        | ANYTHING.map(as_file)
        | altered(envelope(key), ANYTHING | RAW_TEXTS).map(as_file)
    )


async def verdict(
    hass: HomeAssistant, storage: Path, key: str, content: bytes
) -> StorageUnusable | None:
    """Load a folder that holds one file; return why it is refused, if it is."""
    for name in files(storage):
        (storage / name).unlink()
    ir.async_get(hass).issues.clear()
    (storage / key).write_bytes(content)
    try:
        await StationStore(hass, ENTRY_ID).async_load()
    except StorageUnusable as unusable:
        return unusable
    return None


async def _is_loaded_or_refused_and_kept(
    hass: HomeAssistant, storage: Path, key: str, content: bytes
) -> None:
    unusable = await verdict(hass, storage, key, content)
    assert list(files(storage).values()) == [content], "the file is kept"
    if unusable is None:
        assert (storage / key).read_bytes() == content
        return
    assert Path(unusable.path).read_bytes() == content
    assert unusable.reason in ("corrupt", "newer")
    with pytest.raises(StorageUnusable):
        await StationStore(hass, ENTRY_ID).async_load()


@ON_DISK
@given(content=contents(STATION_KEY))
@example(content=as_file(envelope(STATION_KEY)))
@example(content=b'{"version":1,"minor_version":1,"data":' + b"[" * 100_000)
async def test_any_station_file_loads_or_is_refused_and_kept(
    core: HomeAssistant, storage: Path, content: bytes
) -> None:
    await _is_loaded_or_refused_and_kept(core, storage, STATION_KEY, content)


@ON_DISK
@given(content=contents(HISTORY_KEY))
@example(content=as_file(envelope(HISTORY_KEY)))
async def test_any_history_of_an_earlier_version_is_taken_over_or_kept(
    core: HomeAssistant, storage: Path, content: bytes
) -> None:
    """A station starts whatever it is."""
    assert await verdict(core, storage, HISTORY_KEY, content) is None
    _, history = await StationStore(core, ENTRY_ID).async_load()
    kept = list(files(storage).values())
    assert history or kept == [content] or not json.loads(content)["data"]["commands"]
    await async_history(core).async_remove(ENTRY_ID)


@pytest.mark.parametrize("key", [STATION_KEY, HISTORY_KEY])
async def test_the_file_that_is_fuzzed_is_a_good_one(
    core: HomeAssistant, storage: Path, key: str
) -> None:
    assert await verdict(core, storage, key, as_file(envelope(key))) is None


def understood(data: Any) -> Snapshot | None:
    """Return the snapshot that data describe, None if they describe none."""
    try:
        return STATION.understand(data)
    except (KeyError, TypeError, ValueError):
        return None


@PATIENT
@given(data=altered(sample(STATION_KEY), ANYTHING) | ANYTHING)
def test_any_data_are_understood_as_they_stand_or_refused(data: Any) -> None:
    snapshot = understood(data)
    if snapshot is not None:
        assert STATION.as_json(snapshot) == data


ANSWERS: tuple[tuple[type[Accepted | Done], ...], ...] = (
    (Accepted, Done),
    (),
    (Accepted,),
)
"""What the nodes answer to the first three feeds of a life."""


def a_life() -> Snapshot:
    """Return what a station stores that is in the middle of everything."""
    engine = Engine(STATION_OF_TWO, Snapshot(), (), NOW)
    now = NOW
    told(engine, Connection(up=True), now)
    told(engine, PutMeal(replace(FULL.meals[0], enabled=True, begins=None)), now)
    for key in ("done", "in doubt", "taken", "waits"):
        told(engine, _feed(key), now)
    for answers in ANSWERS:
        for _ in range(2):
            for node in NODES:
                told(engine, Seen(node=node, live=True, online=True, ready=True), now)
            now = Now(now.wall + 1, now.steady + 1)
        told(engine, Tick(), now)
        command_id = next(
            number
            for number, command in engine.ledger.open.items()
            if command.state is CommandState.SENT
        )
        for answer, node in product(answers, NODES):
            told(engine, answer(node, command_id), now)
        if not answers:
            for wait in (POLICIES[FEED].accept_timeout, Settings().hold):
                now = Now(now.wall + wait, now.steady + wait)
                told(engine, Tick(), now)
    return engine.snapshot()


def told(engine: Engine, event: Event, now: Now) -> None:
    """Tell the engine of an event, and that its commit succeeded."""
    if Commit() in engine.handle(event, now):
        told(engine, Committed(engine.snapshot().revision), now)


def _feed(key: str) -> Enqueue:
    return Enqueue(
        kind=FEED,
        params={"portions": 1},
        nodes=NODES,
        cause=Cause.ACTION,
        idempotency_key=key,
    )


LIFE = json.loads(json.dumps(STATION.as_json(a_life())))


def test_the_life_that_is_fuzzed_holds_something_of_everything() -> None:
    states = {command["state"] for command in LIFE["commands"]}
    assert states == {"succeeded", "unconfirmed", "accepted", "queued"}
    assert all(LIFE[name] for name in ("meals", "feeds", "keys"))


def life_with(part: Any, *path: Any) -> Any:
    """Return the data of a good file with one part of it another."""
    return with_part(LIFE, path, part)


@PATIENT
@given(data=altered(LIFE, NUMBERS | SCALARS))
@example(data=LIFE)
@example(data=life_with(1e308, "feeds", 0, "at"))
@example(data=life_with(-1e308, "feeds", 0, "at"))
@example(data=life_with(1e12, "commands", 0, "created_at"))
@example(data=life_with(1e308, "commands", 3, "expires_at"))
@example(data=life_with(1e308, "commands", 0, "timeline", 0, "at"))
@example(data=life_with(1e308, "keys", 0, "at"))
@example(data=life_with(1e308, "restored_at"))
@example(data=life_with([], "commands", 0, "params", "portions"))
@example(data=life_with([], "commands", 3, "params", "portions"))
@example(data=life_with(LIFE["commands"][3]["timeline"], "commands", 1, "timeline"))
def test_what_is_loaded_can_be_run_and_shown(data: Any) -> None:
    """A station that starts with such a file must not fail later instead."""
    snapshot = understood(data)
    if snapshot is None:
        return
    engine = Engine(STATION_OF_TWO, snapshot, (), NOW)
    later = Now(NOW.wall + 1, NOW.steady + 1)
    told(engine, Connection(up=True), NOW)
    for node in NODES:
        told(engine, Seen(node=node, live=True, online=True, ready=True), NOW)
    for command_id, node in product(tuple(engine.ledger.open), NODES):
        told(engine, Done(node, command_id), later)
    shown = view(engine, later)
    upcoming = None if shown.next_meal is None else shown.next_meal.at
    for at in (shown.last_fed, upcoming, *times_of(engine)):
        if at is not None:
            assert math.isfinite(at)
            datetime.fromtimestamp(at, UTC)
    assert STATION.understand(
        json.loads(json.dumps(STATION.as_json(engine.snapshot())))
    )


def times_of(engine: Engine) -> Iterator[float | None]:
    """Yield each time that people are told of a command."""
    for command in (*engine.ledger.open.values(), *engine.ledger.closed.values()):
        yield from (command.created_at, command.expires_at)
        yield from (entry.at for entry in command.timeline)
