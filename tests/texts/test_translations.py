"""Each language has every text, and each text is needed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.meal import Became
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.fields import Choice
from tests.nonempty import some

from ..package import (
    EN,
    LANGUAGES,
    PACKAGE,
    SOURCES,
    UNUSABLE,
    all_texts,
    calls,
    flat,
    keyword,
    placeholders,
    texts_in,
)

# ---- languages

_CODE = re.compile(r"`[^`]+`|\]\([^)]*\)|https?://[\w./-]*\w")
"""What is code or a link, and is so in every language."""


def test_there_are_seven_languages_and_no_source_of_them() -> None:
    assert set(LANGUAGES) == {"en", "de", "es", "fr", "it", "nl", "pl"}
    assert not (PACKAGE / "strings.json").exists()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_says_what_english_says(language: str) -> None:
    english, other = dict(flat(EN)), dict(flat(LANGUAGES[language]))
    assert other.keys() == english.keys()
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
        assert _CODE.findall(other[key]) == _CODE.findall(text), key
        assert other[key].count("\n") == text.count("\n"), key


FOREIGN_TO_GERMAN = (
    # Commands are given, not commissioned.
    r"beauftragt",
    # It reads as a stop, where something is only held back or paused.
    r"\b[Aa]n(ge)?halten",
    # A person is addressed with "du": "Sie" within a sentence is another.
    r"(?<![.:?!] )(?<!^)\bSie\b|\bIhnen\b",
    # The preposition comes with the time: that of a date is another.
    r"(?<!^)(?<!{year} )\bum \{time\}",
)


@pytest.mark.parametrize("foreign", FOREIGN_TO_GERMAN)
def test_german_reads_as_its_readers_write_it(foreign: str) -> None:
    for key, text in some(flat(LANGUAGES["de"])):
        assert not re.search(foreign, text, re.MULTILINE), key


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_texts_are_written_out_and_not_empty(language: str) -> None:
    for key, text in some(flat(LANGUAGES[language])):
        assert text.strip() == text != "", key
        assert "[%key" not in text, key


async def test_home_assistant_can_load_the_texts(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    for section in ("services", "exceptions", "issues", "common", "selector"):
        for language, texts in some(LANGUAGES.items()):
            loaded = await async_get_translations(hass, language, section, {DOMAIN})
            for key, text in some(flat(texts[section])):
                assert loaded[f"component.{DOMAIN}.{section}.{key}"] == text


# ---- exceptions


TEXTS_OF = {
    "already_closed": {f"already_{state}" for state in CommandState if state.final},
    "minimum_gap": {"minimum_gap", "minimum_gap_one_minute"},
    "portions_planned": {"portions_planned", "portions_planned_not_enough"},
}
"""Refusals that have more texts than one."""


REFUSALS = ("Refused", "Guarded", "TooMany", "InvalidCommand", "MealError", "_refused")


def refusals() -> Iterator[tuple[str, set[str]]]:
    """Yield the key of each error that is raised, with the placeholders it fills."""
    for call in calls(*REFUSALS):
        for key in texts_in(call.args[0]):
            filled = {str(item.arg) for item in call.keywords}
            for text in TEXTS_OF.get(key, {key}):
                yield text, filled
    for call in (
        node
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and keyword(node, "translation_domain")
    ):
        named = keyword(call, "translation_key")
        given = keyword(call, "translation_placeholders")
        filled = texts_in(*given.keys) if isinstance(given, ast.Dict) else set()
        if isinstance(named, ast.JoinedStr):
            assert ast.unparse(named) == "f'storage_{unusable.reason}'"
            for reason in UNUSABLE:
                yield f"storage_{reason}", filled
        for key in texts_in(named):
            yield key, filled


def test_every_error_has_its_text_and_fills_it() -> None:
    found = list(refusals())
    for key, filled in found:
        assert key in EN["exceptions"], key
        assert placeholders(EN["exceptions"][key]["message"]) <= filled, key
    assert {key for key, _ in found} == set(EN["exceptions"]), "a text nobody needs"


def test_no_error_has_a_place_for_what_a_program_says() -> None:
    """An error of a system, and a state, have no words in the user's language."""
    filled = {name for _, names in refusals() for name in names}
    untold = {"error", "state"}
    assert untold & filled <= {"state"}
    for key, text in flat(EN["exceptions"]):
        assert not placeholders(text) & untold, key


# ---- sentences


def choices() -> Iterator[tuple[str, str]]:
    """Yield each param of which there is a choice, with each that can be made."""
    for protocol in PROTOCOLS.values():
        for kind in protocol.kinds.values():
            for name, field in kind.fields.items():
                if isinstance(field, Choice):
                    yield from ((name, choice) for choice in field.choices)


def fields_that_are_told() -> set[str]:
    """Return the params of all commands, and what else a refusal may name."""
    fields = {
        name
        for protocol in PROTOCOLS.values()
        for kind in protocol.kinds.values()
        for name in kind.fields
    }
    for call in calls("Refused", "InvalidCommand"):
        match named := keyword(call, "field"):
            case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
                fields.add(beginning.partition(".")[0])
            case _:
                fields |= texts_in(named)
    return fields


SCREENS = ("card_", "panel_")
"""How the keys begin of what only the card and the panel say."""


def drawn_by_screens() -> set[str]:
    """Return all that stands in quotation marks in the sources of the screens."""
    sources = PACKAGE.parents[1].joinpath("frontend", "src").rglob("*.ts")
    return {
        key
        for path in some(sources)
        for key in re.findall(r'"(\w+)"', path.read_text())
    }


def test_every_sentence_has_its_text() -> None:
    written = {key for call in calls("sentence") for key in texts_in(*call.args[1:2])}
    made = {f"waiting_{why.value}" for why in Why}
    made |= {f"delivery_{state.value}" for state in DeliveryState}
    made |= {f"became_{became.value}" for became in Became}
    made |= {f"panel_cause_{cause.value}" for cause in Cause}
    made |= {f"protocol_{key}" for key in PROTOCOLS}
    made |= {f"field_{field}" for field in fields_that_are_told()}
    made |= {f"value_{field}_{choice}" for field, choice in choices()}
    drawn = drawn_by_screens()
    assert written | made <= set(EN["common"])
    assert {key for key in drawn if key.startswith(SCREENS)} <= set(EN["common"])
    named = {text.rpartition(".common.")[2] for text in all_texts()}
    named |= {f"waiting_{text}" for text in all_texts()}
    named |= {f"answer_{text.replace(' ', '_')}" for text in all_texts()}
    orphans = set(EN["common"]) - written - made - named - drawn
    assert not orphans


@pytest.mark.parametrize(
    ("opening", "filled"),
    [
        ("waiting_", {"node", "time", "command_id"}),
        ("delivery_", {"node", "time", "attempts", "finishes", "reason"}),
        ("foreign", {"node", "command_id", "time"}),
        ("more", {"number"}),
        ("one_more", {"number"}),
        ("entries", {"number"}),
        ("one_entry", {"number"}),
        ("command", {"command_id", "kind", "details", "time", "meal"}),
        ("for_later", {"command", "time"}),
        ("given", {"field", "value"}),
        ("field_", set()),
        ("value_", set()),
        ("answer_", set()),
        (
            "assist_",
            {"name", "names", "portions", "reasons", "command", "time", "seconds"},
        ),
        ("decimal_mark", set()),
        ("at_time", {"time"}),
        ("on_date", {"year", "month", "day", "time"}),
        ("moment", {"year", "month", "day", "time"}),
        ("date", {"year", "month", "day"}),
        ("no_", {"date"}),
        ("meal_valve", {"name", "valve", "minutes"}),
        ("meal_became", {"meal", "became"}),
        ("became_", set()),
        ("meal_dispensed", {"portions", "node"}),
        ("meal_failed", {"portions", "node", "reason"}),
        ("meal_missed", {"portions", "node"}),
        ("one_portion", {"portions"}),
        ("deviation_", {"meal", "time"}),
        ("overdue_by", {"by"}),
        ("overdue_meal", {"meal", "by", "reason"}),
        ("why_", {"node", "time", "person", "reasons"}),
        ("plan_", {"command_id", "kind", "time"}),
        ("portions", {"portions"}),
        ("weighed", {"amount", "grams"}),
        ("protocol_", set()),
        (
            "card_",
            {
                *("reason", "station", "time", "grams", "command_id", "state"),
                *("meal", "number", "clock"),
            },
        ),
        ("panel_", {"time", "command_id", "median", "p95", "size", "what"}),
        ("bridge_found", {"prefix", "nodes"}),
        ("not_provable", {"model"}),
    ],
)
def test_sentences_have_only_placeholders_that_are_filled(
    opening: str, filled: set[str]
) -> None:
    texts = {key: text for key, text in EN["common"].items() if key.startswith(opening)}
    for key, text in some(texts.items()):
        assert placeholders(text) <= filled, key
