"""What nodes are told and what they tell, by the vectors of each shipped profile."""

from __future__ import annotations

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.profiled.reports import MODEL, Told
from tests.protocols.commands import command_for

from .shipped import FILES, said, spoken

_FOLDER = Path(__file__).with_name("vectors")
VECTORS = {
    file.stem: json.loads(file.read_text(encoding="utf-8"))
    for file in sorted(_FOLDER.glob("*.json"))
}
NODE = "n"
RECORDED = {"zigbee2mqtt"}
"""The profiles whose wire is recorded from the real program."""


def rows(part: str) -> list[Any]:
    """Return the vectors of all profiles, each with its profile."""
    return [
        pytest.param(profile, row, id=f"{profile}-{row['model']}-{place}")
        for profile, vectors in VECTORS.items()
        for place, row in enumerate(vectors[part])
    ]


@pytest.mark.parametrize(("profile", "row"), rows("orders"))
def test_a_node_is_told_just_this(profile: str, row: Mapping[str, Any]) -> None:
    protocol = spoken(profile)
    fields = {MODEL: row["model"], **row["fields"]}
    site = Site(prefix=protocol.default_prefix, nodes={NODE: fields})
    params = protocol.check(row["kind"], row["params"])
    command = command_for([NODE], row["kind"], params, command_id=81)
    sent = [
        each
        for step in range(len(row["messages"]) + 1)
        for each in protocol.messages(
            site, Sending(command=command, node=NODE, wall=0.0, step=step)
        )
    ]

    assert [[each.topic, each.payload] for each in sent] == [
        [topic, payload if isinstance(payload, str) else _compact(payload)]
        for topic, payload in row["messages"]
    ]


def _compact(payload: Any) -> str:
    return json.dumps(payload, separators=(",", ":"))


@pytest.mark.parametrize(("profile", "row"), rows("told"))
def test_a_node_says_just_this(profile: str, row: Mapping[str, Any]) -> None:
    nodes = {NODE: {MODEL: row["model"], **row.get("fields", {})}}
    found: dict[str, Any] = {}
    for report in said(spoken(profile), row["topic"], row["payload"], nodes):
        if isinstance(report, Told):
            found |= report.readings

    assert found == row["readings"]


@pytest.mark.parametrize("profile", [file.stem for file in FILES])
def test_each_kind_of_each_model_has_a_vector(profile: str) -> None:
    if profile in RECORDED:
        return
    text = (FILES[0].parent / f"{profile}.json").read_text(encoding="utf-8")
    models = json.loads(text)["models"]
    known = {(model, kind) for model, each in models.items() for kind in each["kinds"]}
    shown = {(row["model"], row["kind"]) for row in VECTORS[profile]["orders"]}

    assert shown == known
