"""The page for who writes a profile shows profiles that are in order."""

from __future__ import annotations

from pathlib import Path
import re

import pytest

from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading import schema
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.nonempty import some

from .shipped import FILES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "profiles.md").read_text(encoding="utf-8")
DEVICES = (DOCS / "devices.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", some(EXAMPLES))
def test_each_example_makes_a_protocol(example: str) -> None:
    assert protocol_of(read(example)).kinds


def test_there_are_three_examples() -> None:
    assert len(EXAMPLES) == 3


def test_all_that_can_be_evidence_is_explained() -> None:
    evidence = schema.the_schema()["$defs"]["evidence"]["properties"]
    told = {word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in [code]}
    explained = {re.sub(r'[":].*', "", word.strip('"')) for word in told}
    assert {*evidence} - {"reading"} <= explained


def test_each_class_and_each_key_is_named() -> None:
    the_schema = schema.the_schema()
    kinds = the_schema["properties"]["kinds"]["additionalProperties"]["properties"]
    parts = [
        the_schema,
        *the_schema["properties"].values(),
        *the_schema["$defs"].values(),
    ]
    keys = {key for part in parts for key in part.get("properties", ())}
    named = set(re.findall(r"[`\"]([$a-z_0-9]+)[`\"]", PAGE))
    assert {*kinds["class"]["enum"], *kinds, *keys} <= named


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_model_of_the_package_is_shown_with_what_it_cannot_prove(
    file: Path,
) -> None:
    profile = read(file.read_text(encoding="utf-8"))
    rows = {
        f"| `{key}` | {model.title} | {' '.join(model.not_provable) or '-'} |"
        for key, model in profile.models.items()
    }

    assert rows <= {*DEVICES.splitlines()}
