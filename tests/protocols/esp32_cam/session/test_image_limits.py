"""How many images and bytes are kept under way, and for how long."""

from __future__ import annotations

import random

import pytest

from custom_components.mqtt_dispatch.engine.model.effects import (
    Effect,
    ImageCame,
    ImageIncomplete,
    Instruct,
)
from custom_components.mqtt_dispatch.protocols.esp32_cam.images import (
    MOST_AT_A_NODE,
    MOST_BYTES,
    MOST_BYTES_UNDER_WAY,
    MOST_ENDED,
    MOST_PARTS,
    MOST_UNDER_WAY,
)

from .images_alone import NAME, NODE, ImagesAlone, came


class TestLimits:
    """No node can make the rules hold more than they mean to."""

    @pytest.mark.parametrize(
        ("parts", "size"), [(MOST_PARTS + 1, None), (2**31 - 1, 1), (1, MOST_BYTES + 1)]
    )
    def test_what_is_told_to_be_too_large_is_refused_and_said_once(
        self, desk: ImagesAlone, parts: int, size: int | None
    ) -> None:
        assert desk.info(parts, size=size) == [ImageIncomplete(NODE, NAME, parts)]
        assert desk.info(parts, size=size) == []
        assert desk.part(0) == []
        assert desk.next_deadline() is None

    def test_the_largest_image_comes(self, desk: ImagesAlone) -> None:
        content = bytes(MOST_BYTES // MOST_PARTS)
        desk.info(MOST_PARTS, size=MOST_BYTES)
        effects: list[Effect] = []
        for index in range(1, MOST_PARTS + 1):
            effects += desk.part(index, content)
        assert effects == [came(bytes(MOST_BYTES))]

    def test_what_grows_too_large_is_given_up(self, desk: ImagesAlone) -> None:
        content = bytes(MOST_BYTES // 4)
        desk.info(8)
        effects: list[Effect] = []
        for index in range(8):
            effects += desk.part(index, content)
        assert effects == [ImageIncomplete(NODE, NAME, 3)]

    def test_what_was_never_described_grows_too_large(self, desk: ImagesAlone) -> None:
        content = bytes(MOST_BYTES // 2)
        effects = [
            effect for index in (0, 1, 9) for effect in desk.part(index, content)
        ]
        assert effects == [ImageIncomplete(NODE, NAME, 7)]

    def test_of_a_node_the_most_silent_image_makes_room(
        self, desk: ImagesAlone
    ) -> None:
        effects: list[Effect] = []
        for number in range(MOST_AT_A_NODE):
            desk.steady += 1
            effects += desk.info(2, name=str(number))
        desk.steady += 1
        desk.part(0, name="0")
        assert effects == []
        assert desk.info(2, name="one more") == [ImageIncomplete(NODE, "1", 2)]

    def test_of_all_the_most_silent_image_makes_room(self, desk: ImagesAlone) -> None:
        effects: list[Effect] = []
        for number in range(MOST_UNDER_WAY):
            desk.steady += 0.1
            effects += desk.info(2, node=str(number))
        assert effects == []
        assert desk.info(2) == [ImageIncomplete("0", NAME, 2)]

    def test_all_bytes_under_way_are_bounded(self, desk: ImagesAlone) -> None:
        effects: list[Effect] = []
        room = MOST_BYTES_UNDER_WAY // MOST_BYTES
        for number in range(room):
            desk.steady += 0.1
            desk.info(2, node=str(number))
            effects += desk.part(0, bytes(MOST_BYTES), node=str(number))
        assert effects == []
        desk.info(2)
        assert desk.part(0) == [ImageIncomplete("0", NAME, 1)]

    def test_ended_images_are_remembered_up_to_a_bound(self, desk: ImagesAlone) -> None:
        desk.info(1)
        desk.part(0, b"a")
        for number in range(MOST_ENDED):
            desk.info(1, name=str(number))
            desk.part(0, b"a", name=str(number))
        assert desk.info(1) == []
        assert desk.part(0, b"b") == [came(b"b")]


def test_whatever_comes_no_deadline_is_left_in_the_past(desk: ImagesAlone) -> None:
    chance = random.Random(7)
    effects: list[Effect] = []
    for _ in range(20_000):
        desk.steady += chance.random() * 3
        name = chance.choice(["a", "b", "c", "d", "e", "f"])
        if chance.random() < 0.05:
            size = chance.choice([None, 5])
            effects += desk.info(chance.randint(1, 12), name=name, size=size)
        else:
            effects += desk.part(chance.randint(0, 13), name=name)
        effects += desk.pass_time(desk.now)
        at = desk.next_deadline()
        assert at is None or at > desk.steady
    assert {type(effect) for effect in effects} == {
        Instruct,
        ImageCame,
        ImageIncomplete,
    }
