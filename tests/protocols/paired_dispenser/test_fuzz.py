"""Whatever comes in or goes down, the wire of paired dispensers holds."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable
import gc
import json
import sys
from typing import Any

from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.effects import Discovered, Effect
from custom_components.mqtt_dispatch.engine.model.events import Connection
from custom_components.mqtt_dispatch.engine.model.policy import Station
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from scripts.loading.junk import JunkMaker
from tests.engine.policies import POLICIES

from .. import anything
from ..commands import command_for

WIRE = PROTOCOLS["paired_dispenser"]
HIGHEST_ID = 2**31 - 1
STATION = ("1", "2")
SITE = Site(prefix="disp", nodes={node: {} for node in STATION})


def read(
    topic: str, payload: bytes, *, retain: bool = False
) -> tuple[Report | Malformed, ...]:
    found = WIRE.report(SITE, Message(topic, payload, retain, 0.0))
    others = Publication | Learned | Happened
    said = tuple(each for each in found if not isinstance(each, others))
    assert said == found, "nothing else is said, and nothing is answered at once"
    return said


def published(command: Command, node: str) -> tuple[Publication, ...]:
    sending = Sending(command=command, node=node, wall=0.0, readings={"fw": "2.1.0"})
    return WIRE.messages(SITE, sending)


unhurried = settings(deadline=None)

FIELDS = (
    "queue_id",
    "accepted",
    "done",
    "status",
    "online",
    "ready",
    "uptime",
    "dedupes",
    "last_id",
    "fw",
    "rssi",
    "food",
)
SCALARS = anything.SCALARS | st.sampled_from([0, 1, "0", "1", "success", "timeout"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
MESSAGES = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), ANYTHING)
PAYLOADS = (
    st.binary()
    | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
    | ANYTHING.map(lambda content: json.dumps(content).encode())
    | MESSAGES.map(lambda content: json.dumps(content).encode())
    | MESSAGES.map(
        lambda content: json.dumps(content, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
    )
)
TOPICS = (
    st.builds(
        "disp/{}/{}".format,
        st.sampled_from(["ack", "evt", "state"]),
        st.sampled_from(STATION),
    )
    | st.builds("disp/{}/{}".format, st.text(), st.text())
    | st.text()
)
ANSWERS = (Accepted, Rejected, Done, Failed)


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
@example("disp/state/1", b'{"x":' + b"[" * 1000 + b"]" * 1000 + b"}", False)
@example("disp/evt/1", b'{"queue_id":1,"status":' + b"9" * 1900 + b"}", False)
def test_any_message_gives_reports_in_bounds_and_never_raises(
    topic: str, payload: bytes, retain: bool
) -> None:
    found = read(topic, payload, retain=retain)
    assert isinstance(found, tuple)
    for report in found:
        _assert_in_bounds(report, topic, retain=retain)


def _assert_in_bounds(report: Report | Malformed, topic: str, *, retain: bool) -> None:
    if isinstance(report, Malformed):
        assert report.reason.isascii()
        assert 0 < len(report.reason) <= 40
        return
    assert isinstance(report, (Seen, *ANSWERS))
    assert report.node is not None
    assert topic.endswith(f"/{report.node}")
    assert WIRE.node_name(report.node) == report.node
    if isinstance(report, Seen):
        _assert_state_in_bounds(report, retain=retain)
        return
    assert isinstance(report, ANSWERS)
    assert not retain
    assert type(report.command_id) is int
    assert 1 <= report.command_id <= HIGHEST_ID
    if isinstance(report, Failed | Rejected):
        assert len(report.reason) <= 100
        assert report.reason.isprintable()


def _assert_state_in_bounds(seen: Seen, *, retain: bool) -> None:
    assert seen.live is not retain
    for flag in (seen.online, seen.ready, seen.drops_repeats):
        assert flag is None or isinstance(flag, bool)
    assert seen.uptime is None or 0 <= seen.uptime < 2**32
    assert seen.last_id is None or type(seen.last_id) is int
    assert seen.last_id is None or 0 <= seen.last_id <= HIGHEST_ID
    assert seen.readings.keys() <= set(WIRE.readings)
    for key, value in seen.readings.items():
        assert type(value) in ((str,) if key == "fw" else (int, float))


REASONS = frozenset(
    {
        "a key twice",
        "a retained answer",
        "no accepted",
        "no known field",
        "no queue_id",
        "not JSON",
        "not UTF-8",
        "not a JSON object",
        "not done",
        "too long",
        "unexpected topic",
    }
)
FLOOD = 20_000
FEW_BLOCKS = 500
"""Of memory: far fewer than one of them for each message of a flood."""


def junk(messages: int, seed: int) -> list[Report | Malformed]:
    """Return what is read from junk."""
    maker = JunkMaker([("disp", node) for node in STATION], seed)
    return [
        report
        for message in maker.make(messages)
        for report in read(message.topic, message.payload)
    ]


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
def test_what_is_not_understood_is_counted_under_one_of_a_few_names(
    topic: str, payload: bytes, retain: bool
) -> None:
    said = read(topic, payload, retain=retain)
    # What nobody can answer is in order, and says nothing.
    assert said or not payload or b"-1" in payload
    for report in said:
        assert not isinstance(report, Malformed) or report.reason in REASONS


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
def test_a_message_says_the_same_whatever_was_read_before(
    topic: str, payload: bytes, retain: bool
) -> None:
    first = read(topic, payload, retain=retain)
    junk(20, seed=len(payload))
    assert read(topic, payload, retain=retain) == first


def test_reading_a_flood_leaves_nothing_behind() -> None:
    grown = blocks_left_by(lambda seed: junk(FLOOD // 10, seed))
    assert grown < FEW_BLOCKS


def test_a_flood_of_junk_neither_writes_nor_makes_the_rules_grow() -> None:
    """Strangers are offered up to a bound; answers to unknown ids are only counted."""
    station = Station(nodes=STATION, policies=POLICIES)
    engine = Engine(station, Snapshot(), (), Now(0.0, 0.0))
    engine.handle(Connection(up=True), Now(0.0, 0.0))
    effects: list[Effect] = []

    def flood(seed: int) -> None:
        for report in junk(FLOOD // 10, seed):
            if not isinstance(report, Malformed):
                effects.extend(engine.handle(report, Now(seed, seed)))

    flood(seed=1_000)
    grown = blocks_left_by(flood)
    offered = [effect for effect in effects if isinstance(effect, Discovered)]
    assert len(offered) == len(effects) == 100, "nothing to commit, publish or tell"
    assert grown < FEW_BLOCKS


def blocks_left_by(work: Callable[[int], object]) -> int:
    """Return how much more memory ten floods take than one."""
    work(0)
    gc.collect()
    before = sys.getallocatedblocks()
    for seed in range(1, 11):
        work(seed)
    gc.collect()
    return sys.getallocatedblocks() - before


def state(content: dict[str, Any]) -> Report | Malformed:
    (report,) = read("disp/state/1", json.dumps(content).encode())
    return report


@unhurried
@given(
    content=st.dictionaries(
        st.sampled_from(FIELDS), SCALARS | st.integers(-130, 130), max_size=8
    )
)
def test_a_state_says_what_each_of_its_fields_says_alone(
    content: dict[str, Any],
) -> None:
    said = [
        alone
        for name, value in content.items()
        if isinstance(alone := state({name: value}), Seen)
    ]
    together = state(content)
    if not isinstance(together, Seen):
        assert not said or together in (Malformed("not JSON"), Malformed("too long"))
        return
    assert together == Seen(
        node="1",
        live=True,
        online=the_one(alone.online for alone in said),
        ready=the_one(alone.ready for alone in said),
        uptime=the_one(alone.uptime for alone in said),
        drops_repeats=the_one(alone.drops_repeats for alone in said),
        last_id=the_one(alone.last_id for alone in said),
        readings=dict(ChainMap(*(dict(alone.readings) for alone in said))),
        untold=frozenset.intersection(*(alone.untold for alone in said)),
    )


def the_one[T](values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def a_command(kind: str, params: dict[str, Any], expires_at: float | None) -> Command:
    return command_for(
        STATION, kind, params, command_id=HIGHEST_ID, expires_at=expires_at
    )


def sent(command: Command, node: str) -> dict[str, Any]:
    """Return what a node reads, having seen that it can."""
    (publication,) = published(command, node)
    assert publication.topic == f"disp/cmd/{node}"
    assert len(publication.payload.encode()) <= 512
    read = json.loads(publication.payload)
    assert isinstance(read, dict)
    assert read.pop("queue_id") == command.id
    if command.expires_at is not None:
        expires_at = read.pop("expires_at")
        assert type(expires_at) is int
        assert command.expires_at - 1 < expires_at <= command.expires_at
    return read


EXPIRES_AT = st.none() | st.floats(0, 2**32 - 1)


@unhurried
@given(
    params=st.fixed_dictionaries(
        {"portions": st.integers(1, 50)},
        optional={
            "hopper": st.integers(1, 4),
            "bowl": st.integers(1, 3),
            "pet": st.integers(0, HIGHEST_ID),
        },
    ),
    expires_at=EXPIRES_AT,
)
def test_any_good_feed_arrives_as_it_was_meant(
    params: dict[str, int], expires_at: float | None
) -> None:
    command = a_command("feed", WIRE.check("feed", params), expires_at)
    shared = {
        "patient_id": params.get("pet", 0),
        "target_room": params.get("bowl", 1),
    }
    items = [{"pill_id": params.get("hopper", 1), "quantity": params["portions"]}]
    assert sent(command, "1") == {**shared, "items": items}
    assert sent(command, "2") == shared


@unhurried
@given(
    params=st.fixed_dictionaries(
        {"op": st.just("servo"), "id": st.integers(1, 4), "on": st.booleans()}
    )
    | st.fixed_dictionaries({"op": st.just("dc"), "on": st.booleans()}),
    expires_at=EXPIRES_AT,
)
def test_any_good_operation_arrives_as_it_was_meant(
    params: dict[str, Any], expires_at: float | None
) -> None:
    command = a_command("operate", WIRE.check("operate", params), expires_at)
    assert sent(command, "1") == {**params, "on": int(params["on"])}


@unhurried
@given(node=st.sampled_from(STATION), expires_at=EXPIRES_AT)
def test_any_reboot_arrives_as_it_was_meant(
    node: str, expires_at: float | None
) -> None:
    assert sent(a_command("reboot", {}, expires_at), node) == {"op": "reboot"}


def _checked(kind: str, params: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return WIRE.check(kind, params)
    except InvalidCommand as refused:
        words = refused.placeholders.values()
    assert all(len(text) <= 100 and text.isprintable() for text in words)
    return None


@unhurried
@given(
    kind=st.sampled_from([*WIRE.kinds]) | st.text(),
    params=st.dictionaries(
        st.sampled_from(["portions", "hopper", "bowl", "pet", "op", "id", "on"])
        | st.text(),
        ANYTHING | st.integers(0, 60),
    ),
    expires_at=st.none() | st.floats(),
)
@example("k" * 10_000, {}, None)
@example("reboot", {"\ud800" * 10_000: 1}, None)
def test_any_params_are_taken_or_refused_in_bounds(
    kind: str, params: dict[str, Any], expires_at: float | None
) -> None:
    checked = _checked(kind, params)
    if checked is None:
        return
    assert WIRE.check(kind, checked) == checked, "checked params stay as they are"
    command = a_command(kind, checked, expires_at)
    if expires_at is None or 0 <= expires_at < 2**32:
        published(command, "1")
        return
    with pytest.raises(InvalidCommand):
        published(command, "1")
