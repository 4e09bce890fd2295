"""The pages: what they link to is there, and they name all that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import groupby
from pathlib import Path
import re
from typing import Any

from homeassistant.util import slugify
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.mqtt_dispatch.const import (
    OPT_FEED_EXPIRES_IN,
    OPT_FOOD,
    OPT_PICTURES,
    OPT_PORTION_GRAMS,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandClass,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.policy import BY_CLASS, Settings
from custom_components.mqtt_dispatch.entities.album import USUAL_PICTURES
from custom_components.mqtt_dispatch.event import OTHER, REFUSED
from custom_components.mqtt_dispatch.flows.node_form import REMOVAL
from custom_components.mqtt_dispatch.flows.options_flow import FORMS
from custom_components.mqtt_dispatch.ordering.given import ATTR_CONFIRM, ORDER_FIELDS
from custom_components.mqtt_dispatch.protocols import PROTOCOLS

from .nonempty import some
from .package import EN, MANIFEST, PACKAGE, SERVICES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(DOCS.glob("*.md")),
    *sorted(PACKAGE.rglob("*.md")),
    ROOT / "tests" / "README.md",
]
LINKING = [
    *PAGES,
    *sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")),
    *sorted((ROOT / "blueprints").rglob("*.yaml")),
]
OWN = MANIFEST["documentation"].rstrip("/")
PROFILES = [path.stem for path in sorted(PACKAGE.glob("protocols/profiles/*.json"))]
PROTOCOL_PAGES = {key: DOCS / f"{key}.md" for key in PROTOCOLS} | {
    "paired_dispenser": DOCS / "node.md",
    **dict.fromkeys(PROFILES, DOCS / "devices.md"),
}

DOCUMENTED = [
    (rule, answer)
    for rule, answer in load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))[
        "rules"
    ].items()
    if rule.startswith("docs-")
    and (not isinstance(answer, dict) or answer["status"] == "done")
]


def named_in(*pages: Path) -> set[str]:
    """Return all that stands in backticks on pages, taken apart where it is several."""
    text = "".join(page.read_text() for page in pages)
    return {word for code in re.findall(r"`([^`\n]+)`", text) for word in words(code)}


def words(code: str) -> set[str]:
    return {code, *re.findall(r"[a-z][a-z0-9_]*", code)}


def section(page: Path, heading: str) -> str:
    """Return what stands under a heading, and under those below it."""
    found = re.search(
        rf"^(#+) {re.escape(heading)}$\n(.*?)(?=^#{{1,2}} |\Z)",
        page.read_text(),
        re.DOTALL | re.MULTILINE,
    )
    assert found, f"{page.name} has no heading {heading}"
    return found[2]


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page can be linked by."""
    found: set[str] = set()
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        more = 0
        while (one := f"{anchor}-{more}" if more else anchor) in found:
            more += 1
        found.add(one)
    return found


def links(page: Path) -> Iterator[str]:
    """Yield where a page links to in this repository, as if from its own folder."""
    text = page.read_text()
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", link):
            yield link
    for path in re.findall(rf"{re.escape(OWN)}/blob/main/([^\s)]+)", text):
        yield f"/{path}"
    for anchor in re.findall(rf"{re.escape(OWN)}#([\w-]+)", text):
        yield f"/README.md#{anchor}"


def test_what_a_page_links_to_is_there() -> None:
    for page, link in some([(by, to) for by in LINKING for to in links(by)]):
        path, _, anchor = link.partition("#")
        base = ROOT if path.startswith("/") else page.parent
        target = (base / path.lstrip("/")).resolve() if path else page
        assert target.is_relative_to(ROOT), (page.name, link)
        assert target.exists(), (page.name, link)
        if anchor:
            assert anchor in anchors(target), (page.name, link)


def tables(page: Path) -> Iterator[list[str]]:
    """Yield the lines of each table of a page."""
    for is_table, lines in groupby(
        page.read_text().splitlines(), lambda line: line.startswith("|")
    ):
        if is_table:
            yield [*lines]


def test_each_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for lines in some([lines for page in PAGES for lines in tables(page)]):
        cells = {line: len(re.findall(r"(?<!\\)\|", line)) for line in lines}
        assert set(cells.values()) == {cells[lines[0]]}, cells


def test_each_page_can_be_found_from_the_readme() -> None:
    known, new = set(), {ROOT / "README.md"}
    while new:
        known |= new
        new = {
            target
            for page in new
            for link in links(page)
            if (target := (page.parent / link.partition("#")[0]).resolve()).suffix
            == ".md"
        } - known
    assert set(some(list(DOCS.glob("*.md")))) <= known
    for page in DOCS.glob("*.md"):
        if page.name != "README.md":
            assert f"({page.name})" in (DOCS / "README.md").read_text(), page.name


def test_the_readme_is_for_people_who_decide_in_a_minute() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    picture = next(n for n, line in enumerate(lines) if line.startswith("!["))
    assert picture < 10
    assert len(lines) < 200


@pytest.mark.parametrize(("rule", "answer"), some(DOCUMENTED))
def test_the_quality_scale_says_where_a_reader_finds_it(rule: str, answer: Any) -> None:
    assert isinstance(answer, dict), f"{rule}: name the page, and the heading"
    named = re.findall(r"([\w/]+\.md)(?:#([\w-]+))?", answer["comment"])
    for path, anchor in some(named):
        assert (ROOT / path).is_file(), path
        assert not anchor or anchor in anchors(ROOT / path), f"{path}#{anchor}"


def test_each_field_of_each_form_is_named() -> None:
    named = named_in(DOCS / "setup.md")
    for form in FORMS.values():
        assert set(form) <= named
    asked = {name for each in PROTOCOLS.values() for name in each.node_fields}
    assert {*asked, REMOVAL} <= named
    text = (DOCS / "setup.md").read_text()
    for key, protocol in PROTOCOLS.items():
        assert f"| `{key}` | {EN['selector']['protocol']['options'][key]} |" in text
        assert f"`{protocol.default_prefix}`" in text
    for step in EN["options"]["step"].values():
        for label in step.get("data", {}).values():
            assert f"| {label} |" in text
    for label in EN["config_subentries"]["node"]["step"]["reconfigure"][
        "data"
    ].values():
        assert label in text


def test_each_option_stands_there_with_its_numbers() -> None:
    usual = {
        each.name: getattr(numbers, each.name)
        for numbers in (Settings(), BY_CLASS[CommandClass.ONCE])
        for each in fields(numbers)
    }
    feeding = PROTOCOLS["paired_dispenser"].kinds["feed"]
    usual[OPT_FEED_EXPIRES_IN] = feeding.policy.expires_in
    usual |= {OPT_PORTION_GRAMS: None, OPT_FOOD: None, OPT_PICTURES: USUAL_PICTURES}
    text = (DOCS / "setup.md").read_text()
    for name, option in some(
        [each for form in FORMS.values() for each in form.items()]
    ):
        ((number, bounds),) = re.findall(
            rf"^\|[^|]+\| `{name}` \|([^|]+)\|([^|]+)\|", text, re.MULTILINE
        )
        least, most = (number_of(end) for end in bounds.rsplit(", ", 1))
        assert (number_of(number), least, most) == (
            usual[name],
            option.minimum,
            option.maximum,
        ), name


def number_of(shown: str) -> float | None:
    """Return a number, or a time in seconds, as a page shows it."""
    if shown.strip() in ("no limit", "not known"):
        return None
    number, _, unit = shown.strip().replace(",", "").partition(" ")
    units = {"": 1, "s": 1, "min": 60, "h": 3600, "day": 86_400}
    units |= {"g": 1, "characters": 1}
    return float(number) * units[unit]


@pytest.mark.parametrize("action", list(SERVICES))
def test_each_action_is_named_with_its_fields(action: str) -> None:
    page, texts = DOCS / "actions.md", EN["services"][action]
    about = section(page, texts["name"])
    assert f"`mqtt_dispatch.{action}`" in about
    of_orders = {*ORDER_FIELDS, ATTR_CONFIRM}
    fields = set(SERVICES[action].get("fields", {}))
    shared = fields & of_orders if len(fields & of_orders) > 1 else set()
    assert fields - shared <= set().union(*map(words, re.findall("`([^`]+)`", about)))
    for field in shared:
        assert f"| `{field}` |" in section(page, "Fields of every order")
    takes_target = f"`{action}`" in section(page, "Whom an action means")
    assert takes_target is ("target" in SERVICES[action])


@pytest.mark.parametrize("key", list(PROTOCOLS))
def test_each_kind_is_named_with_its_params(key: str) -> None:
    page = PROTOCOL_PAGES[key]
    (row,) = re.findall(
        rf"^\| \[`{key}`\].*$", (DOCS / "actions.md").read_text(), re.MULTILINE
    )
    kinds = PROTOCOLS[key].kinds
    assert set(re.findall(r"`(\w+)`", row)) == {key, *kinds}
    named = named_in(page)
    for kind, rules in some(list(kinds.items())):
        assert kind in named, kind
        assert set(rules.fields) <= named, kind
    events = PROTOCOLS[key].events
    assert not events or {*events, OTHER} <= named


def test_each_state_and_cause_is_named() -> None:
    named = named_in(*DOCS.glob("*.md"))
    assert {*CommandState, REFUSED} <= named
    assert {*Cause} <= named_in(DOCS / "actions.md")
    assert set(EN["issues"]) <= named_in(DOCS / "troubleshooting.md")
    for platform, entities in some(list(EN["entity"].items())):
        for key, entity in entities.items():
            where = f"{platform}.{key}"
            attributes: dict[str, Any] = entity.get("state_attributes", {})
            if platform != "binary_sensor":
                assert set(entity.get("state", {})) <= named, where
            assert set(attributes) - {"event_type"} <= named, where
            for attribute, texts in attributes.items():
                # Why a node is not ready is one of what a command waits for.
                assert set(texts.get("state", {})) <= named, (where, attribute)


def entities() -> Iterator[Any]:
    """Yield each name of an entity, as its id ends, with what is filled in open."""
    for platform, named in EN["entity"].items():
        for key, entity in named.items():
            if key == "named" or key.endswith(("_named", "_itself")):
                continue
            parts = re.split(r"\{\w+\}", entity["name"])
            ending = "[^`]*".join(
                slugify(part, separator="_") if part else "" for part in parts
            )
            yield pytest.param(key, ending, id=f"{platform}.{key}")


@pytest.mark.parametrize(("key", "ending"), list(entities()))
def test_each_entity_is_named(key: str, ending: str) -> None:
    text = (DOCS / "entities.md").read_text()
    metric = key.removeprefix("channel_")
    shown = f"`{metric}`" if metric != key else f"{ending}`"
    assert re.search(shown, text), f"{key}: {shown}"
