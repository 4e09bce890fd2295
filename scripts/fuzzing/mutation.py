"""Mutations that keep JSON being JSON, so that what is behind the parser is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
import json
import random
from typing import Any

type Json = Any

type Mutate = Callable[[bytes, int, int, Callable[[bytes, int], bytes]], bytes]

HEAD = 2
"""Bytes at the beginning of data that choose where the rest goes to."""
RECORD = b"\x1e"
"""What stands between messages, where data are more than one."""
LITERALS: tuple[Json, ...] = (
    *(None, True, False, 0, 1, -1, 2, 2**31 - 1, 2**31, 2**63, 2**64, 10**30),
    *(0.5, -1e308, 1e308, 5e-324, 1e12, float("nan"), float("inf")),
    *("", "0", "1", "x" * 300, "\ud800", "\x00", "success", "queued", [], {}),
)
RAW = (b"9" * 400, b"1e999", b"[" * 3000, b'{"x":' * 3000, b"\xff", b"NaN", b"00", b"}")
DEEPEST = 1500


def mutate(
    data: bytes, most: int, seed: int, natively: Callable[[bytes, int], bytes]
) -> bytes:
    """Return other data of at most `most` bytes: the same for the same seed.

    Half of all times, and where it is no JSON, the fuzzer mutates the bytes itself.
    """
    rng = random.Random(seed)
    head, body = data[:HEAD], data[HEAD:]
    if rng.random() < 1 / 2:
        return natively(data, most)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return natively(data, most)
    try:
        mutated = json.dumps(_altered(document, rng), separators=(",", ":")).encode()
    except (ValueError, RecursionError, OverflowError):
        return natively(data, most)
    if rng.random() < 1 / 20:
        at = rng.randrange(len(mutated) + 1)
        mutated = mutated[:at] + rng.choice(RAW) + mutated[at:]
    return (head + mutated)[:most]


def mutate_one(
    data: bytes, most: int, seed: int, natively: Callable[[bytes, int], bytes]
) -> bytes:
    """Mutate one of some records, or, now and then, their order and number."""
    rng = random.Random(seed)
    records = data.split(RECORD)
    at = rng.randrange(len(records))
    match rng.randrange(8):
        case 0:
            records.insert(rng.randrange(len(records) + 1), records[at])
        case 1 if len(records) > 1:
            records.pop(at)
        case 2:
            head = bytes([rng.randrange(256), rng.randrange(256)])
            records[at] = head + records[at][HEAD:]
        case 3:
            return natively(data, most)
        case _:
            records[at] = mutate(records[at], most, seed, natively)
    return RECORD.join(records)[:most]


def _altered(document: Json, rng: random.Random) -> Json:
    places = list(_places(document))
    path = rng.choice(places)
    match rng.randrange(5):
        case 0:
            return _with_part(document, path, rng.choice(LITERALS))
        case 1:
            return _with_part(document, path, _part(document, rng.choice(places)))
        case 2:
            return _without_part(document, path) if path else document
        case 3:
            return _with_part(document, path, _nested(rng))
        case _:
            return _with_more(document, path, rng)


def _places(document: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _places(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from _places(value, (*path, index))


def _part(document: Json, path: tuple[Any, ...]) -> Json:
    for key in path:
        document = document[key]
    return document


def _with_part(document: Json, path: tuple[Any, ...], part: Json) -> Json:
    if not path:
        return part
    changed = dict(document) if isinstance(document, dict) else list(document)
    changed[path[0]] = _with_part(changed[path[0]], path[1:], part)
    return changed


def _without_part(document: Json, path: tuple[Any, ...]) -> Json:
    holder = _part(document, path[:-1])
    changed = dict(holder) if isinstance(holder, dict) else list(holder)
    del changed[path[-1]]
    return _with_part(document, path[:-1], changed)


def _with_more(document: Json, path: tuple[Any, ...], rng: random.Random) -> Json:
    """Return the document with something added where that is possible."""
    part, more = _part(document, path), rng.choice(LITERALS)
    match part:
        case dict():
            part = {**part, rng.choice(("x", "", "id", "queue_id")): more}
        case list():
            part = [*part, *(part[-1:] or [more])]
        case str():
            part = part * 2
        case bool() | int() | float():
            part = part + rng.choice((-1, 1, 0.5, 1e9))
    return _with_part(document, path, part)


def _nested(rng: random.Random) -> Json:
    nested: Json = 1
    for _ in range(rng.randrange(DEEPEST)):
        nested = [nested]
    return nested
