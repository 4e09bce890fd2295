"""Each step, field, error and end of a flow has its text."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from custom_components.mqtt_dispatch import const
from custom_components.mqtt_dispatch.flows.node_form import REMOVAL
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.fields import (
    Choice,
    Cron,
    Decimal,
    Flag,
    Object,
    Objects,
    Text,
    Url,
    Whole,
)
from custom_components.mqtt_dispatch.protocols.params import Field
from tests.nonempty import some

from ..package import EN, LANGUAGES, SOURCES, all_texts, calls, keyword, texts_in


def test_every_option_has_its_text() -> None:
    names = {value for name, value in vars(const).items() if name.startswith("OPT_")}
    steps = EN["options"]["step"].values()
    assert names == {key for step in steps for key in step.get("data", {})}
    assert names == {key for step in steps for key in step.get("data_description", {})}


def test_every_step_of_a_flow_has_its_text() -> None:
    def steps(module: str) -> set[str]:
        return {
            key
            for call in calls(
                "async_show_form", "async_show_menu", within=[SOURCES[module]]
            )
            for key in texts_in(keyword(call, "step_id"))
        }

    assert steps("config_flow.py") <= set(EN["config"]["step"])
    assert steps("flows/station_flow.py") <= set(EN["config"]["step"])
    assert steps("flows/node_flow.py") <= set(EN["config_subentries"]["node"]["step"])
    assert steps("flows/options_flow.py") <= set(EN["options"]["step"])


def test_every_field_of_a_flow_is_explained() -> None:
    for section in (EN["config"], EN["config_subentries"]["node"], EN["options"]):
        for key, step in some(section["step"].items()):
            assert set(step.get("data", {})) == set(step.get("data_description", {})), (
                key
            )


NODE_FORMS = (
    EN["config"]["step"]["node"],
    EN["config_subentries"]["node"]["step"]["user"],
    EN["config_subentries"]["node"]["step"]["reconfigure"],
)


def test_the_forms_of_a_node_ask_what_the_protocols_want_to_know() -> None:
    asked = {name for each in PROTOCOLS.values() for name in each.node_fields}
    for form in NODE_FORMS:
        assert set(form["data"]) - {"node", "name", const.CONF_FLOWS, REMOVAL} == asked


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_form_of_a_node_says_the_same_of_a_field(language: str) -> None:
    texts = LANGUAGES[language]
    steps = texts["config_subentries"]["node"]["step"]
    forms = [texts["config"]["step"]["node"], steps["user"], steps["reconfigure"]]
    said = [
        (name, form[about][name], forms[0][about][name])
        for about in ("data", "data_description")
        for form in forms[1:]
        for name in form[about].keys() & forms[0][about].keys() - {"name"}
    ]
    for name, here, there in some(said):
        assert here == there, name


def errors_of(field: Field) -> set[str]:
    """Return the codes with which a field refuses what is said of a node."""
    inner: Mapping[str, Field] = {}
    match field:
        case Objects() | Object():
            inner = field.fields
            own = {"invalid_object", "missing_field", "unknown_field"}
            if isinstance(field, Objects):
                own.add("invalid_list")
        case Whole() | Decimal():
            own = {"invalid_number"}
        case Choice() | Flag():
            own = {"invalid_choice"}
        case Text():
            own = {"invalid_text"}
        case Url():
            own = {"invalid_url"}
        case Cron():
            own = {"invalid_cron", "no_next_time"}
        case _:
            raise AssertionError(f"Which errors has {field}?")
    return own.union(*map(errors_of, inner.values()))


def test_every_error_of_a_form_of_a_node_has_its_text() -> None:
    fields = [f for each in PROTOCOLS.values() for f in each.node_fields.values()]
    codes = set().union(*map(errors_of, fields))
    for section in (EN["config"], EN["config_subentries"]["node"]):
        assert codes <= set(section["error"])


def test_every_text_of_an_error_or_end_of_a_flow_is_needed() -> None:
    by_home_assistant = {
        "already_configured",
        "already_in_progress",
        "reconfigure_successful",
    }
    needed = all_texts() | by_home_assistant
    for section in (EN["config"], EN["config_subentries"]["node"], EN["options"]):
        for part in ("error", "abort"):
            assert set(section.get(part, {})) <= needed


def test_every_end_of_a_flow_has_its_text() -> None:
    ended = [
        (section["abort"], reason)
        for module, section in (
            ("config_flow.py", EN["config"]),
            ("flows/node_flow.py", EN["config_subentries"]["node"]),
        )
        for call in calls("async_abort", "AbortFlow", within=[SOURCES[module]])
        for reason in texts_in(keyword(call, "reason"), *call.args[:1])
    ]
    for texts, reason in some(ended):
        assert reason in texts
