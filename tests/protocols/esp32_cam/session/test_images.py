"""Images come out whole, whatever happens to their parts; or it is said that not."""

from __future__ import annotations

import random

import pytest

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.effects import Effect, ImageIncomplete
from custom_components.mqtt_dispatch.protocols.esp32_cam.images import (
    DROPPED_AFTER,
    SILENCE,
)

from .images_alone import NAME, NODE, WALL, ImagesAlone, came, parts_of, whole_of

NEVER = None


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("seed", range(5))
def test_300_parts_out_of_order_20_missing_doubled_and_late_come_out_whole(
    desk: ImagesAlone, first: int, seed: int
) -> None:
    chance = random.Random(seed)
    contents = {first + n: chance.randbytes(chance.randint(1, 64)) for n in range(300)}
    whole = b"".join(contents.values())
    missing = chance.sample(sorted(contents), 20)
    sent = [index for index in contents if index not in missing]
    sent += chance.sample(sent, 60)
    chance.shuffle(sent)
    described_at = chance.randrange(len(sent))

    effects: list[Effect] = []
    for at, index in enumerate(sent):
        if at == described_at:
            effects += desk.info(300, size=len(whole))
        effects += desk.part(index, contents[index])
    assert effects == []
    assert desk.advance(SILENCE) == [parts_of(NAME, tuple(sorted(missing)))]
    for index in chance.sample(missing, 20):
        effects += desk.part(index, contents[index])
    assert effects == [came(whole)]
    for index in chance.sample(sorted(contents), 50):
        assert desk.part(index, b"late") == []
    assert desk.advance(DROPPED_AFTER) == []


class TestCounting:
    """The number of the first part is told by the parts alone."""

    @pytest.mark.parametrize("indexes", [(0, 1, 2), (1, 2, 3), (3, 1, 2), (2, 0, 1)])
    def test_from_0_or_from_1(
        self, desk: ImagesAlone, indexes: tuple[int, ...]
    ) -> None:
        desk.info(3)
        assert desk.parts(*indexes) == [came(bytes(sorted(indexes)))]

    @pytest.mark.parametrize("index", [0, 1])
    def test_of_a_single_part(self, desk: ImagesAlone, index: int) -> None:
        desk.info(1)
        assert desk.parts(index) == [came(bytes([index]))]

    @pytest.mark.parametrize(
        ("came", "missing"),
        [((0,), (1, 2, 3)), ((4,), (1, 2, 3)), ((0, 3), (1, 2)), ((2, 4), (1, 3))],
    )
    def test_what_is_missing_is_counted_as_the_node_does(
        self, desk: ImagesAlone, came: tuple[int, ...], missing: tuple[int, ...]
    ) -> None:
        desk.info(4)
        desk.parts(*came)
        assert desk.advance(SILENCE) == [parts_of(NAME, missing)]

    def test_while_nothing_tells_only_what_lacks_either_way_is_asked_for(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(4)
        desk.parts(1, 3)
        assert desk.advance(SILENCE) == [parts_of(NAME, (2,))]

    def test_of_both_ends_the_whole_is_asked_for_where_nothing_else_lacks(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(4)
        desk.parts(1, 2, 3)
        assert desk.advance(SILENCE) == [whole_of()]

    @pytest.mark.parametrize(
        ("before", "missing"), [((0, 1), (0, 2)), ((1, 2), (2, 4))]
    )
    def test_a_node_that_showed_it_counts_on_as_it_did(
        self, desk: ImagesAlone, before: tuple[int, ...], missing: tuple[int, ...]
    ) -> None:
        desk.info(2, name="before.jpg")
        desk.parts(*before, name="before.jpg")
        desk.info(4)
        desk.parts(1, 3)
        assert desk.advance(SILENCE) == [parts_of(NAME, missing)]

    def test_of_one_node_says_nothing_of_another(self, desk: ImagesAlone) -> None:
        desk.info(1, node="112233445566")
        desk.part(1, node="112233445566")
        desk.info(2)
        desk.parts(1)
        assert desk.advance(SILENCE) == [whole_of()]

    def test_a_part_beyond_the_last_one_is_none(self, desk: ImagesAlone) -> None:
        desk.parts(9)
        desk.info(2)
        assert desk.parts(8, 0, 1) == [came(b"\x00\x01")]


class TestSilence:
    """What does not come is asked for three times, then given up.

    Of parts a node is told once; who does not hear of them may hear of the image.
    """

    def test_nothing_is_asked_for_while_parts_come(self, desk: ImagesAlone) -> None:
        desk.info(100)
        for index in range(50):
            assert desk.advance(SILENCE - 1) == []
            desk.parts(index)

    def test_three_times_then_it_is_said(self, desk: ImagesAlone) -> None:
        desk.info(3)
        desk.parts(0)
        asked = [parts_of(NAME, (1, 2)), whole_of(), whole_of()]
        assert desk.advance(3 * SILENCE) == asked
        assert desk.advance(SILENCE) == [ImageIncomplete(NODE, NAME, 2)]
        assert desk.next_deadline() is None

    def test_parts_that_come_do_not_begin_the_count_anew(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(5)
        effects: list[Effect] = [*desk.parts(0)]
        for index in (1, 2, 3):
            effects += desk.advance(SILENCE)
            desk.parts(index)
        effects += desk.advance(SILENCE)
        assert effects == [
            parts_of(NAME, (1, 2, 3, 4)),
            whole_of(),
            whole_of(),
            ImageIncomplete(NODE, NAME, 1),
        ]

    def test_before_the_first_part_none_is_missing(self, desk: ImagesAlone) -> None:
        desk.info(3)
        assert desk.advance(SILENCE) == [whole_of()]
        desk.parts(0)
        assert desk.advance(SILENCE) == [parts_of(NAME, (1, 2))]

    def test_it_says_no_more_parts_than_there_are(self, desk: ImagesAlone) -> None:
        desk.info(2)
        assert desk.advance(4 * SILENCE)[-1] == ImageIncomplete(NODE, NAME, 2)

    def test_without_a_description_nothing_is_asked_and_it_is_given_up(
        self, desk: ImagesAlone
    ) -> None:
        desk.parts(0, 1, 4)
        assert desk.advance(4 * SILENCE) == [ImageIncomplete(NODE, NAME, 2)]

    def test_a_description_that_comes_late_has_the_rest_asked_for(
        self, desk: ImagesAlone
    ) -> None:
        desk.parts(0)
        desk.advance(2 * SILENCE)
        desk.info(2)
        assert desk.advance(SILENCE) == [parts_of(NAME, (1,))]

    def test_each_image_has_its_own(self, desk: ImagesAlone) -> None:
        desk.info(2, name="a")
        desk.advance(10)
        desk.info(3, name="b")
        assert desk.advance(10) == [whole_of("a")]
        assert desk.advance(5) == [whole_of("b")]

    def test_the_next_deadline_is_the_soonest(self, desk: ImagesAlone) -> None:
        desk.info(2, name="a")
        desk.steady += 5
        desk.info(2, name="b")
        assert desk.next_deadline() == 1000 + SILENCE

    def test_a_wall_clock_that_is_set_moves_nothing(self, desk: ImagesAlone) -> None:
        desk.info(2)
        assert desk.pass_time(Now(WALL * 2, desk.steady + 1)) == []


def test_an_image_that_trickles_is_dropped_after_half_an_hour(
    desk: ImagesAlone,
) -> None:
    desk.info(4000)
    effects: list[Effect] = []
    for index in range(200):
        effects += desk.part(index)
        effects += desk.advance(10)
    assert effects == [ImageIncomplete(NODE, NAME, 4000 - 180)]


class TestContent:
    """What is in an image is what its node sent, once."""

    def test_parts_twice_count_once_and_the_first_counts(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(2)
        desk.part(0, b"first")
        desk.part(0, b"second")
        assert desk.part(1, b"!") == [came(b"first!")]

    def test_the_size_that_was_told_may_be_right(self, desk: ImagesAlone) -> None:
        desk.info(2, size=4)
        desk.part(0, b"ab")
        assert desk.part(1, b"cd") == [came(b"abcd")]

    def test_another_size_has_all_parts_asked_for_anew(self, desk: ImagesAlone) -> None:
        desk.info(2, size=4)
        desk.part(0, b"ab")
        assert desk.part(1, b"c") == []
        assert desk.advance(SILENCE) == [whole_of()]
        desk.part(0, b"ab")
        assert desk.part(1, b"cd") == [came(b"abcd")]

    def test_a_size_that_never_fits_is_given_up(self, desk: ImagesAlone) -> None:
        desk.info(1, size=4)
        effects: list[Effect] = []
        for _ in range(4):
            effects += desk.part(0, b"abc")
            effects += desk.advance(SILENCE)
        asked = whole_of()
        assert effects == [asked, asked, asked, ImageIncomplete(NODE, NAME, 1)]

    def test_the_time_is_that_of_arrival_where_none_was_told(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(1, taken_at=NEVER)
        assert desk.part(0, b"a") == [came(b"a", taken_at=desk.now.wall)]

    def test_two_images_of_a_node_do_not_mix(self, desk: ImagesAlone) -> None:
        desk.info(2, name="a")
        desk.info(2, name="b")
        desk.part(0, b"A", name="a")
        desk.part(0, b"B", name="b")
        assert desk.part(1, b"a", name="a") == [came(b"Aa", name="a")]
        assert desk.part(1, b"b", name="b") == [came(b"Bb", name="b")]

    def test_two_nodes_with_the_same_name_do_not_mix(self, desk: ImagesAlone) -> None:
        desk.info(2)
        desk.part(0, b"A")
        desk.info(2, node="112233445566")
        assert desk.part(1, b"B", node="112233445566") == []
