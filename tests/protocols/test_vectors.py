"""The vectors themselves: each is whole, and has a name of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Accepted, Seen

from . import vectors
from .vectors import ANYTHING, Said, Vector, matches, meaning

PROTOCOLS = sorted(
    folder.name for folder in vectors.FOLDER.iterdir() if any(folder.glob("*.json"))
)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_vector_has_a_name_of_its_own_and_its_source(protocol: str) -> None:
    found = vectors.load(protocol)
    names = Counter(vector.name for vector in found)

    assert [name for name, count in names.items() if count > 1] == []
    assert [
        vector.name
        for vector in found
        if set(vector.source) != {"repository", "path", "generation"}
        or vector.known_by not in ("run", "read")
    ] == []


def test_a_vector_that_comes_up_must_say_what_it_means() -> None:
    content = {
        "name": "x",
        "source": {},
        "known_by": "read",
        "direction": "up",
        "topic": "a",
        "json": 1,
    }
    with pytest.raises(TypeError, match="means something"):
        Vector.from_json(content)


def test_values_that_may_be_any_match_and_others_must_be_equal() -> None:
    expected = {"ts": ANYTHING, "on": 1, "list": [1, ANYTHING]}

    assert matches(expected, {"ts": 5, "on": 1, "list": [1, "x"]})
    assert not matches(expected, {"ts": 5, "on": True, "list": [1, "x"]})
    assert not matches(expected, {"ts": 5, "on": 1, "list": [1]})
    assert not matches(expected, {"ts": 5, "on": 1, "list": [1, 2], "more": 0})


def test_a_message_is_said_by_one_with_its_topic_and_content() -> None:
    said = Said(topic="a/b", json={"id": 1})

    assert said.is_said_by("a/b", b'{"id": 1}')
    assert not said.is_said_by("a/c", b'{"id": 1}')
    assert not said.is_said_by("a/b", b"{")
    assert Said(topic="a", text="HUB_READY").is_said_by("a", b"HUB_READY")


def test_a_report_is_written_with_what_is_not_at_its_default() -> None:
    seen = Seen(node="1", live=True, ready=True, readings={"rssi": -60})

    assert meaning(Accepted("1", 7), seen) == [
        {"report": "Accepted", "node": "1", "command_id": 7},
        {
            "report": "Seen",
            "node": "1",
            "live": True,
            "ready": True,
            "readings": {"rssi": -60},
        },
    ]
