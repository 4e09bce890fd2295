"""Whatever comes in or goes down, the wire of sleeping cameras holds."""

from __future__ import annotations

from collections import Counter
import json
from typing import Any

from hypothesis import example, given, strategies as st

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.effects import (
    ImageCame,
    ImageIncomplete,
    Instruct,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Hello,
    Rejected,
    Seen,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.image_reports import (
    ImageInfo,
    ImagePart,
    NoImage,
    PendingImages,
    ReadingsAlone,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.images import (
    DROPPED_AFTER,
    MOST_ASKED,
    MOST_AT_A_NODE,
    MOST_BYTES,
    MOST_PARTS,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.messages import Malformed, Said
from tests.nonempty import some

from .fuzzing import (
    LONGEST_SUBJECT,
    MAC,
    MESSAGES,
    NODE,
    OUR_MARKS,
    PAYLOADS,
    REASONS,
    TOPICS,
    WALL,
    WIRE,
    read,
    unhurried,
)
from .session.images_alone import ImagesAlone


@unhurried
@given(topic=TOPICS, payload=PAYLOADS, retain=st.booleans())
@example(f"device/{MAC}/status", b'{"x":' + b"[" * 8000 + b"]" * 8000 + b"}", False)
@example(f"device/{MAC}/ack", b'{"status":' + b"9" * 16_000 + b"}", False)
@example(f"ESP32CAM/{MAC}/data", b'{"temperature":' + b"9" * 5_000 + b"}", False)
@example(f"ESP32CAM/{MAC}/data", b'{"error":1,"image_name":"a\\u2028b"}', False)
def test_any_message_gives_reports_in_bounds_and_never_raises(
    topic: str, payload: bytes, retain: bool
) -> None:
    found = read(topic, payload, retain=retain)
    assert isinstance(found, tuple)
    assert len(found) <= 5
    for report in found:
        _assert_in_bounds(report, retain=retain)
    lively = [each for each in found if not isinstance(each, Seen | Malformed)]
    assert not (retain and lively), "what is retained is old"


def _assert_in_bounds(report: Said, *, retain: bool) -> None:
    if isinstance(report, Malformed):
        assert report.reason in REASONS
        return
    assert isinstance(
        report,
        Seen
        | Hello
        | NoImage
        | PendingImages
        | ReadingsAlone
        | Accepted
        | Rejected
        | Done
        | Failed
        | ImageInfo
        | ImagePart,
    )
    assert report.node is not None
    assert WIRE.node_name(report.node) == report.node
    match report:
        case Seen():
            assert report.live is not retain
            assert report.readings.keys() <= set(WIRE.readings)
            for value in report.readings.values():
                assert not isinstance(value, bool)
                assert isinstance(value, str | int | float)
                assert not isinstance(value, str) or len(value) <= 255
        case Accepted() | Rejected() | Done() | Failed():
            assert report.command_id is None
            assert 0 < len(report.subject) <= LONGEST_SUBJECT
            assert report.subject.isprintable()
            if isinstance(report, Rejected | Failed):
                assert report.reason.isprintable()
                assert len(report.reason) <= 100
        case ImageInfo():
            assert 0 < len(report.name) <= 128
            assert 1 <= report.parts < 2**31
            assert report.size is None or 1 <= report.size < 2**31
            assert report.taken_at is not None
            assert 1_577_836_800 <= report.taken_at <= 4_102_444_800
        case NoImage():
            assert report.name is None or 0 < len(report.name) <= 128
            assert 0 < len(report.reason) <= 100
            assert report.reason.isprintable()
        case PendingImages():
            assert 0 < report.count <= 65_535
            assert all(0 < len(name) <= 128 for name in report.names)
        case ImagePart():
            assert 0 < len(report.name) <= 128
            assert 0 <= report.index <= MOST_PARTS
            assert report.content


def is_answer(said: tuple[Said, ...]) -> bool:
    """Whether it speaks of a command."""
    return any(isinstance(each, Accepted | Rejected | Done | Failed) for each in said)


def test_what_bears_no_mark_of_ours_is_an_ack() -> None:
    content = {"device_id": MAC, "type": "command_ack", "status": "success"}
    assert is_answer(read(f"device/{MAC}/ack", json.dumps(content).encode()))


@unhurried
@given(topic=TOPICS, content=MESSAGES)
def test_what_bears_our_own_mark_is_never_an_ack(
    topic: str, content: dict[str, Any]
) -> None:
    ack = {**content, "device_id": MAC, "type": "command_ack", "status": "success"}
    unmarked = {key: ack[key] for key in ack if key not in OUR_MARKS}
    understood = is_answer(read(f"device/{MAC}/ack", json.dumps(unmarked).encode()))
    for mark in some(OUR_MARKS):
        said = read(topic, json.dumps({**content, mark: 1}).encode())
        if topic.endswith("/ack"):
            assert all(isinstance(report, Malformed) for report in said)
        marked = read(f"device/{MAC}/ack", json.dumps({**unmarked, mark: 1}).encode())
        assert not is_answer(marked)
        assert marked == () or not understood


@unhurried
@given(
    steps=st.lists(
        st.tuples(
            st.floats(0, 40),
            st.sampled_from("abcdef"),
            st.one_of(
                st.tuples(
                    st.integers(1, MOST_PARTS + 2) | st.integers(1, 4),
                    st.none() | st.integers(1, 6) | st.just(MOST_BYTES + 1),
                ),
                st.tuples(st.integers(0, MOST_PARTS) | st.integers(0, 4), st.binary()),
            ),
        ),
        max_size=60,
    )
)
def test_any_images_end_within_their_bounds(
    steps: list[tuple[float, str, tuple[int, Any]]],
) -> None:
    desk = ImagesAlone()
    deadlines, images = desk.deadlines, desk.images
    steady = 0.0
    asked: Counter[str] = Counter()
    for pause, name, (number, said) in steps:
        steady += pause
        report: ImageInfo | ImagePart
        if isinstance(said, bytes):
            report = ImagePart(NODE, name, number, said)
        else:
            report = ImageInfo(
                node=NODE, name=name, parts=number, size=said, taken_at=None
            )
        now = Now(WALL + steady, steady)
        effects = [*images.take(report, now), *(deadlines.pass_time(now) or ())]
        for effect in effects:
            match effect:
                case Instruct(
                    message=ImageInstruction(instruction, asked_name, missing)
                ):
                    asked[asked_name] += 1
                    assert asked[asked_name] <= MOST_ASKED
                    assert bool(missing) is (instruction is Instruction.SEND_PARTS)
                    assert sorted(set(missing)) == list(missing)
                    assert all(0 <= part <= MOST_PARTS for part in missing)
                case ImageCame(_, done, content, taken_at):
                    asked[done] = 0
                    assert len(content) <= MOST_BYTES
                    assert taken_at == now.wall
                case ImageIncomplete(_, done, missing_count):
                    asked[done] = 0
                    assert missing_count >= 0
        wait = deadlines.next(now)
        assert wait is None or 0 < wait <= 15 + 1e-9
        assert len(images._under_way) <= MOST_AT_A_NODE
    end = Now(WALL, steady + DROPPED_AFTER)
    deadlines.pass_time(end)
    assert deadlines.next(end) is None, "nothing is waited for for ever"
