"""That each point of a life is met, whatever order two threads pass them in."""

from __future__ import annotations

from collections.abc import Callable

from scripts.matrix.itinerary import Itinerary, reached
from scripts.matrix.plan import Deed, Plan

LIFE = ["call", "write", "rename", "write", "rename"]


def walk(itinerary: Itinerary, life: Callable[[int], list[str]]) -> list[str]:
    """Return where each run was met; a life ends at the point of its plan."""
    met = []
    number = 0
    while (plan := itinerary.next()) is not None:
        number += 1
        passed = life(number)
        point = reached(plan, passed)
        met.append(point or "-")
        itinerary.took(point, passed)
    return met


def test_each_point_is_met_once_and_the_last_run_passes_all() -> None:
    assert walk(Itinerary(Deed.KILL), lambda _: LIFE) == [*LIFE, "-"]


def test_only_the_points_that_are_asked_for_are_met() -> None:
    met = walk(Itinerary(Deed.KILL, "rename"), lambda _: LIFE)
    assert met == ["rename", "rename", "-"]


def test_a_point_that_changed_its_number_is_met_by_its_name() -> None:
    def life(number: int) -> list[str]:
        first = number % 2 == 0
        return ["call", *(["a", "b"] if first else ["b", "a"]), "end"]

    met = walk(Itinerary(Deed.KILL), life)
    assert met == ["call", "a", "a", "end", "-", "b"]


def test_a_point_that_never_comes_again_is_not_tried_for_ever() -> None:
    def life(number: int) -> list[str]:
        return ["call", "rare"] if number == 3 else ["call"]

    itinerary = Itinerary(Deed.KILL)
    met = walk(itinerary, lambda number: life(number + 1))
    assert met == ["call", "rare", "-"]


def test_a_plan_is_reached_at_its_number_among_its_names() -> None:
    plan = Plan(2, Deed.ASK, "write")
    assert reached(plan, LIFE[:3]) is None
    assert reached(plan, LIFE[:4]) == "write"


def test_every_third_point_is_met_and_the_last_run_passes_all() -> None:
    life = [str(number) for number in range(1, 9)]
    met = walk(Itinerary(Deed.KILL, every=3), lambda _: life)
    assert met == ["1", "4", "7", "-"]
