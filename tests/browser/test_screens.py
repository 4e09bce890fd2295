"""What people do on the card and on the panel, and how both look and read."""

from __future__ import annotations

from datetime import datetime, timedelta
import re
from typing import NamedTuple, override

import pytest

from .conftest import Play
from .house import CARD, PANEL, ZONE, House, findings, pictures, words
from .page import Page

SAYS = words("en")
PAGES = {
    "now": "Kitchen",
    "history": "#",
    "plan": "Lunch",
    "figures": "Node 1",
    "nodes": "Node 1",
}
"""Of the panel, and what each says in every language once it is drawn."""
SOONEST = timedelta(seconds=12)
"""For how long a person needs to move a meal, on a machine that has more to do."""
UNTIL_FED = 150


def test_a_feed_by_the_card_is_executed_once_by_each_node(
    house: House, play: Play
) -> None:
    async def story() -> None:
        await house.kitchen.tidy_up()
        page = await house.page()
        await house.see_card(page)
        await page.click("button", SAYS["card_more"], within=CARD)
        await page.until_says("mqtt-dispatch-feed", SAYS["portions"].format(portions=2))
        await page.click("button", SAYS["card_feed"], within=CARD)

        text = await page.until_says(CARD, "#", "Succeeded")
        command_id = int(re.findall(r"#(\d+)", text)[-1])
        command = await house.kitchen.command(command_id)
        assert command["state"] == "succeeded", command
        assert command["params"]["portions"] == 2, "other than what the card showed"
        assert house.kitchen.executed(command_id) == (1, 1)
        await page.picture(pictures() / "card-fed.webp")
        assert not page.errors

    play(story())


def test_a_doubt_is_settled_on_the_card_with_the_keyboard_alone(
    house: House, play: Play
) -> None:
    async def story() -> None:
        await house.kitchen.tidy_up()
        page = await house.page()
        await house.see_card(page)
        await house.kitchen.order("2", silent="works", count=1)
        await page.tab_to("button", SAYS["card_feed"])
        await page.press("Enter")
        await page.until_says(CARD, SAYS["card_question"])
        await page.tab_to("button", SAYS["card_feed"])
        await page.press("Enter")
        await page.until_says("mqtt-dispatch-queue", "Blocked by")
        await keep_picture_for_readme(house)

        (doubted,) = await house.commands("unconfirmed")
        (waiting,) = await house.commands("queued")
        await page.tab_to("button", SAYS["card_happened"])
        await page.press("Space")
        await house.kitchen.until(doubted["command_id"], "succeeded")

        await house.kitchen.until(waiting["command_id"], "succeeded")
        text = await page.until_says(CARD, SAYS["card_nothing_waits"])
        assert SAYS["card_question"] not in text, "it asks what was answered"
        for command in (doubted, waiting):
            assert house.kitchen.executed(command["command_id"]) == (1, 1)
        assert not page.errors

    play(story())


async def keep_picture_for_readme(house: House) -> None:
    """Keep the question as another screen shows it, on which nobody has pressed."""
    page = await house.page(1000, 900, scale=1.5, sidebar="always_hidden")
    await house.see_card(page)
    await page.until_says(CARD, SAYS["card_question"])
    await page.until_says("ha-full-calendar", "Lunch")
    await page.picture(pictures() / "card-asks.webp")


@pytest.fixture(scope="module")
def moved_to(house: House, play: Play) -> datetime:
    """Move lunch in the panel to the next minute, and return that."""
    times: list[datetime] = []

    async def story() -> None:
        page = await house.page()
        await house.see_panel(page, "plan")
        form = await page.find("form", "Lunch", within=PANEL)
        await page.until_says(PANEL, SAYS["panel_move"])
        soon = datetime.now(ZONE) + SOONEST + timedelta(minutes=1)
        time = soon.replace(second=0, microsecond=0)
        await page.focus("InputTime", SAYS["panel_time"], within=form)
        await page.type(f"{time:%I%M%p}"[:5])
        await page.click("button", SAYS["panel_move"], within=form)
        await page.until_says(PANEL, f"{time:%-I:%M} {time:%p} Lunch")
        await page.picture(pictures() / "panel-moved.webp")
        assert not page.errors
        times.append(time)

    play(story())
    return times[0]


def test_a_meal_is_moved_in_the_panel(
    house: House, play: Play, moved_to: datetime
) -> None:
    async def story() -> None:
        planned = await house.kitchen.call("get_schedule")
        times = {meal["name"]: meal["time"][:5] for meal in planned["meals"]}
        assert times == {
            "Breakfast": "07:30",
            "Lunch": f"{moved_to:%H:%M}",
            "Dinner": "18:30",
        }

    play(story())


class Look(NamedTuple):
    """A screen, and the language of who looks at it."""

    width: int
    dark: bool
    language: str

    @override
    def __str__(self) -> str:
        size = "narrow" if self.width < 400 else "wide"
        return f"{size}-{'dark' if self.dark else 'light'}-{self.language}"


@pytest.mark.parametrize(
    "look",
    [
        Look(320, dark=False, language="en"),
        Look(320, dark=True, language="de"),
        Look(1280, dark=True, language="en"),
        Look(1280, dark=False, language="de"),
    ],
    ids=str,
)
def test_card_and_panel_can_be_read_by_everybody(
    house: House, play: Play, look: Look
) -> None:
    says = words(look.language)

    async def judge(page: Page, tag: str, what: str) -> None:
        await page.picture(pictures() / f"{what}-{look}.webp")
        text = await page.says(tag)
        assert not re.findall(r"\b(?:card|panel)_\w+", text), f"keys on {what}: {text}"
        assert await findings(page, tag) == [], f"{what}, judged by axe"
        assert await page.overflow(tag) <= 0, f"{what} is wider than {look.width} px"

    async def story() -> None:
        await house.leave_doubt()
        page = await house.page(look.width, dark=look.dark, language=look.language)
        await house.see_card(page)
        await page.until_says(CARD, says["card_question"], says["card_feed"])
        assert await page.is_dark(CARD) == look.dark
        await judge(page, CARD, "card")

        await house.see_panel(page, "now")
        for where, drawn in PAGES.items():
            await page.click("link", says[f"panel_{where}"], within=PANEL)
            await page.until_says(f"mqtt-dispatch-page-{where}", drawn)
            await judge(page, PANEL, f"panel-{where}")
        assert await page.is_dark(PANEL) == look.dark
        await page.click("link", says["panel_history"], within=PANEL)
        await page.click("link", says["card_feed"], within="mqtt-dispatch-page-history")
        await page.until_says(PANEL, says["panel_timeline"])
        await judge(page, PANEL, "panel-command")
        assert not page.errors

    play(story())


def test_a_moved_meal_is_fed_at_its_new_time(
    house: House, play: Play, moved_to: datetime
) -> None:
    async def story() -> None:
        # A feed that nobody has confirmed holds back the next one.
        await house.kitchen.tidy_up()
        page = await house.page(1280, 800, scale=1.5)
        await house.see_panel(page, "plan")
        await page.until_says(PANEL, SAYS["became_fed"], patience=UNTIL_FED)
        await page.picture(pictures() / "panel-fed.webp")
        (fed,) = [
            command
            for command in await house.commands("succeeded")
            if command["timeline"][0]["cause"] == "meal"
        ]
        created = datetime.fromisoformat(fed["created_at"])
        assert timedelta(0) <= created - moved_to < timedelta(seconds=30)
        assert house.kitchen.executed(fed["command_id"]) == (1, 1)

    play(story())
