"""Images of one name, one after the other."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.effects import ImageIncomplete
from custom_components.mqtt_dispatch.protocols.esp32_cam.images import (
    DROPPED_AFTER,
    LATE_FOR,
    SILENCE,
)

from .images_alone import NAME, NODE, WALL, ImagesAlone, came


class TestTheSameName:
    """A name may come again, late or anew."""

    def complete(self, desk: ImagesAlone, *, size: int | None = 1) -> None:
        desk.info(1, size=size)
        assert desk.part(0, b"a") == [came(b"a")]

    def test_a_late_part_changes_nothing(self, desk: ImagesAlone) -> None:
        self.complete(desk)
        desk.steady += DROPPED_AFTER - 1
        assert desk.part(0, b"b") == []
        assert desk.next_deadline() is None

    @pytest.mark.parametrize("size", [1, None])
    def test_a_late_description_changes_nothing(
        self, desk: ImagesAlone, size: int | None
    ) -> None:
        self.complete(desk)
        desk.steady += LATE_FOR - 1
        assert desk.info(1, size=size) == []
        assert desk.next_deadline() is None

    def test_it_comes_anew_after_the_next_waking(self, desk: ImagesAlone) -> None:
        self.complete(desk)
        desk.steady += LATE_FOR
        desk.info(1, size=1)
        assert desk.part(0, b"b") == [came(b"b")]

    @pytest.mark.parametrize(("parts", "size"), [(2, 1), (1, 2)])
    def test_another_account_is_another_image_at_once(
        self, desk: ImagesAlone, parts: int, size: int | None
    ) -> None:
        self.complete(desk)
        desk.info(parts, size=size)
        assert desk.next_deadline() is not None

    def test_the_same_account_again_goes_on_with_the_image(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(2, size=2)
        desk.part(0, b"a")
        assert desk.info(2, size=2, taken_at=WALL + 9) == []
        assert desk.part(1, b"b") == [came(b"ab")]

    @pytest.mark.parametrize(("first", "second"), [(2, None), (None, 2)])
    def test_a_description_that_lacks_the_size_is_no_other(
        self, desk: ImagesAlone, first: int | None, second: int | None
    ) -> None:
        desk.info(2, size=first)
        desk.part(0, b"a")
        assert desk.info(2, size=second) == []
        assert desk.part(1, b"b") == [came(b"ab")]

    def test_a_size_that_is_told_later_counts(self, desk: ImagesAlone) -> None:
        desk.info(1)
        desk.info(1, size=2)
        assert desk.part(0, b"a") == []
        assert desk.part(0, b"ab") == [came(b"ab")]

    def test_another_account_leaves_the_image_before_it_incomplete(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(3)
        desk.part(0, b"old")
        assert desk.info(1) == [ImageIncomplete(NODE, NAME, 2)]
        assert desk.part(0, b"new") == [came(b"new")]

    def test_parts_of_an_incomplete_image_are_late(self, desk: ImagesAlone) -> None:
        desk.info(2)
        desk.advance(4 * SILENCE)
        assert desk.part(0) == []
        assert desk.next_deadline() is None

    def test_an_incomplete_image_may_be_described_anew_at_once(
        self, desk: ImagesAlone
    ) -> None:
        desk.info(1)
        desk.advance(4 * SILENCE)
        desk.info(1)
        assert desk.part(0, b"a") == [came(b"a")]

    def test_an_ended_image_is_forgotten_after_half_an_hour(
        self, desk: ImagesAlone
    ) -> None:
        self.complete(desk)
        desk.steady += DROPPED_AFTER
        desk.part(0, b"b")
        assert desk.info(1) == [came(b"b")]
