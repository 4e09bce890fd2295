"""Texts, icons, selectors and the manifest agree with the code, and with each other."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import selector
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
import voluptuous as vol

from custom_components.mqtt_dispatch import const, issues, repairs
from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model import (
    WEEKDAYS,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.readiness import Why
from custom_components.mqtt_dispatch.engine.view import StationStatus
from custom_components.mqtt_dispatch.node_sensors import Binding
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Actuator, Field
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
from custom_components.mqtt_dispatch.readings import METRICS, READINGS

from .calls import descriptions

PACKAGE = Path(repairs.__file__).parent
MANIFEST: dict[str, Any] = json.loads((PACKAGE / "manifest.json").read_text())
ICONS: dict[str, Any] = json.loads((PACKAGE / "icons.json").read_text())
SERVICES: dict[str, Any] = load_yaml_dict(str(PACKAGE / "services.yaml"))
LANGUAGES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text())
    for path in (PACKAGE / "translations").glob("*.json")
}
EN = LANGUAGES["en"]
SOURCES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text())
    for path in PACKAGE.rglob("*.py")
}
UNUSABLE = ("corrupt", "newer")
"""Reasons of StorageUnusable."""


def flat(texts: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def calls(*names: str, within: Iterable[ast.AST] | None = None) -> Iterator[ast.Call]:
    """Yield the calls of functions and methods of these names in the package."""
    for tree in SOURCES.values() if within is None else within:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                name = getattr(called, "attr", getattr(called, "id", None))
                if name in names:
                    yield node


def texts_in(*nodes: ast.AST | None) -> set[str]:
    """Return the texts that stand in expressions, but for parts of longer ones."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)):
                found.add(text)
            case ast.IfExp(body=body, orelse=orelse):
                found |= texts_in(body, orelse)
            case ast.Call(func=ast.Name(id=name)):
                found |= texts_in(*returned_by(name))
            case _:
                pass
    return found


def returned_by(name: str) -> Iterator[ast.expr | None]:
    """Yield what functions of this name in the package return."""
    for tree in SOURCES.values():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name == name:
                for node in ast.walk(function):
                    if isinstance(node, ast.Return):
                        yield node.value


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)


def all_texts() -> set[str]:
    """Return every text that stands in the code."""
    return {
        node.value
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


# ---- languages


def test_there_are_english_and_german_and_no_source_of_them() -> None:
    assert set(LANGUAGES) == {"en", "de"}
    assert not (PACKAGE / "strings.json").exists()


def test_german_says_what_english_says() -> None:
    english, german = dict(flat(EN)), dict(flat(LANGUAGES["de"]))
    assert german.keys() == english.keys()
    for key, text in english.items():
        assert placeholders(german[key]) == placeholders(text), key


@pytest.mark.parametrize("language", ["en", "de"])
def test_texts_are_written_out_and_not_empty(language: str) -> None:
    for key, text in flat(LANGUAGES[language]):
        assert text.strip() == text != "", key
        assert "[%key" not in text, key


async def test_home_assistant_can_load_the_texts(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    for section in ("services", "exceptions", "issues", "common", "selector"):
        for language, texts in LANGUAGES.items():
            loaded = await async_get_translations(hass, language, section, {DOMAIN})
            for key, text in flat(texts[section]):
                assert loaded[f"component.{DOMAIN}.{section}.{key}"] == text


# ---- exceptions


def refusals() -> Iterator[tuple[str, set[str]]]:
    """Yield the key of each error that is raised, with the placeholders it fills."""
    for call in calls("Refused", "InvalidCommand", "MealError", "_refused"):
        for key in texts_in(call.args[0]):
            yield key, {str(item.arg) for item in call.keywords}
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


# ---- sentences


def test_every_sentence_has_its_text() -> None:
    written = {key for call in calls("sentence") for key in texts_in(*call.args[1:2])}
    made = {f"waiting_{why.value}" for why in Why}
    made |= {f"delivery_{state.value}" for state in DeliveryState}
    made |= {f"protocol_{key}" for key in PROTOCOLS}
    assert written | made <= set(EN["common"])
    named = {text.rpartition(".common.")[2] for text in all_texts()}
    named |= {f"waiting_{text}" for text in all_texts()}
    orphans = set(EN["common"]) - written - made - named
    assert not orphans


@pytest.mark.parametrize(
    ("opening", "filled"),
    [
        ("waiting_", {"node", "time", "command_id"}),
        ("delivery_", {"node", "time", "attempts", "finishes", "reason"}),
        ("foreign", {"node", "command_id", "time"}),
        ("more", {"number"}),
        ("command", {"command_id", "kind", "details", "time"}),
        ("meal_one_portion", {"name", "portions"}),
        ("meal_portions", {"name", "portions"}),
        ("meal_valve", {"name", "valve", "minutes"}),
        ("meal_dispensed", {"portions", "node"}),
        ("meal_failed", {"portions", "node", "reason"}),
        ("meal_missed", {"portions", "node"}),
        ("one_portion", {"portions"}),
        ("portions", {"portions"}),
        ("protocol_", set()),
    ],
)
def test_sentences_have_only_placeholders_that_are_filled(
    opening: str, filled: set[str]
) -> None:
    for key, text in EN["common"].items():
        if key.startswith(opening):
            assert placeholders(text) <= filled, key


# ---- issues


def test_every_issue_has_its_text() -> None:
    assert set(EN["issues"]) == {
        issues.BINDING_LAPSED,
        issues.FOREIGN,
        issues.RESTORED,
        issues.UNCONFIRMED,
        issues.STILL_NOT_DONE,
        issues.STORAGE_FAILING,
        *(f"storage_{reason}" for reason in UNUSABLE),
    }
    for key, texts in EN["issues"].items():
        # What can be fixed is described in its flow.
        assert ("fix_flow" in texts) != ("description" in texts), key


@pytest.mark.parametrize(
    ("issue", "flows"),
    [
        ("unconfirmed", {"DecisionFlow", "UnconfirmedFlow"}),
        ("restored", {"DecisionFlow", "RestoredFlow"}),
        ("storage_corrupt", {"UnusableStorageFlow"}),
    ],
)
def test_every_step_and_end_of_a_fix_flow_has_its_text(
    issue: str, flows: set[str]
) -> None:
    source = [
        node
        for node in SOURCES["repairs.py"].body
        if isinstance(node, ast.ClassDef) and node.name in flows
    ]
    assert len(source) == len(flows)
    reasons = {
        key
        for call in calls("async_abort", within=source)
        for key in texts_in(keyword(call, "reason"))
    }
    steps = {
        key
        for call in calls("async_show_menu", "async_show_form", within=source)
        for key in texts_in(keyword(call, "step_id"))
    }
    texts = EN["issues"][issue]["fix_flow"]
    assert reasons == set(texts["abort"])
    assert steps == set(texts["step"])


def test_the_question_of_a_command_in_doubt_offers_every_outcome() -> None:
    options = EN["issues"]["unconfirmed"]["fix_flow"]["step"]["init"]["menu_options"]
    assert list(options) == [outcome.value for outcome in Outcome]


def test_every_choice_after_a_restore_leads_somewhere() -> None:
    options = EN["issues"]["restored"]["fix_flow"]["step"]["init"]["menu_options"]
    (shown,) = (
        keyword(call, "menu_options")
        for call in calls("async_show_menu")
        if isinstance(keyword(call, "menu_options"), ast.List)
    )
    assert isinstance(shown, ast.List)
    assert texts_in(*shown.elts) == set(options)
    for option in options:
        assert hasattr(repairs.RestoredFlow, f"async_step_{option}")


# ---- actions


async def test_every_action_is_described_and_every_description_is_an_action(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    registered = hass.services.async_services_for_domain(DOMAIN)
    assert set(registered) == {
        "feed",
        "schedule",
        "unschedule",
        "get_schedule",
        "reboot",
        "send_command",
        "cancel_command",
        "resolve_command",
        "finish_command",
        "get_commands",
    }
    assert set(registered) == set(SERVICES) == set(EN["services"])
    assert set(registered) == set(ICONS["services"])
    described = await descriptions(hass)
    for name, service in registered.items():
        assert isinstance(service.schema, vol.Schema)
        fields = {str(field) for field in service.schema.schema}
        required = {
            str(field)
            for field in service.schema.schema
            if type(field).__name__ == "Required"
        }
        assert fields == set(SERVICES[name]["fields"]), name
        assert fields == set(EN["services"][name]["fields"]), name
        assert fields == set(described[name]["fields"]), name
        assert required == {
            field
            for field, about in SERVICES[name]["fields"].items()
            if about.get("required")
        }, name


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for action, about in SERVICES.items():
        for field, description in about["fields"].items():
            yield action, field, description


def test_every_selector_is_one_that_home_assistant_knows() -> None:
    for action, field, about in fields():
        assert selector(about["selector"]), (action, field)


def test_what_is_chosen_from_a_list_has_its_texts() -> None:
    lists: dict[str, list[str]] = {
        "weekdays": list(WEEKDAYS),
        "outcome": [outcome.value for outcome in Outcome],
        "state": [state.value for state in CommandState],
        "protocol": list(PROTOCOLS),
        "kind": sorted({kind for each in PROTOCOLS.values() for kind in each.kinds}),
    }
    assert set(EN["selector"]) == set(lists)
    for key, options in lists.items():
        assert list(EN["selector"][key]["options"]) == options
    for _, field, about in fields():
        if "select" in about["selector"]:
            select = about["selector"]["select"]
            assert select["options"] == lists[select["translation_key"]], field


@pytest.mark.parametrize(
    ("protocol", "kind", "actions"),
    [
        ("paired_dispenser", "feed", ("feed", "schedule")),
        ("valve_hub", "open_valve", ("schedule",)),
    ],
)
def test_numbers_have_the_ranges_that_the_nodes_know(
    protocol: str, kind: str, actions: tuple[str, ...]
) -> None:
    known = PROTOCOLS[protocol].kinds[kind].fields
    asked = {
        (action, field): about["selector"]["number"]
        for action, field, about in fields()
        if action in actions and field in known
    }
    assert asked
    for (_, field), number in asked.items():
        allowed = known[field]
        assert isinstance(allowed, Whole)
        assert (number["min"], number["max"]) == (allowed.minimum, allowed.maximum)


# ---- entities


async def test_every_entity_has_its_name_and_every_name_is_of_an_entity(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    registered = [
        entity
        for entry in everywhere
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    ]
    entities = {(entry.domain, str(entry.translation_key)) for entry in registered}
    named = {(platform, key) for platform, keys in EN["entity"].items() for key in keys}
    drawn = {
        (platform, key) for platform, keys in ICONS["entity"].items() for key in keys
    }
    assert entities == named
    assert drawn <= entities
    without_class = {
        (entry.domain, str(entry.translation_key))
        for entry in registered
        if entry.original_device_class is None
    }
    assert without_class <= drawn, "it would have no icon of its own"


def test_every_state_has_its_text() -> None:
    entity = EN["entity"]
    assert list(entity["sensor"]["status"]["state"]) == list(StationStatus)
    assert set(ICONS["entity"]["sensor"]["status"]["state"]) == set(StationStatus)
    event = entity["event"]["command"]["state_attributes"]["event_type"]
    assert list(event["state"]) == list(CommandState)
    assert list(entity["sensor"]["binding"]["state"]) == list(Binding)
    for description in READINGS:
        if description.options is not None:
            assert list(entity["sensor"][description.key]["state"]) == (
                description.options
            )


def placeholders_of(actuator: Actuator) -> dict[str, str]:
    return {"label": actuator.label} if actuator.label else {}


async def test_names_tell_actuators_and_channels_apart_and_fill_in_what_they_ask_for(
    hass: HomeAssistant, everywhere: list[MockConfigEntry]
) -> None:
    names = {
        key: placeholders(texts["name"])
        for at in EN["entity"].values()
        for key, texts in at.items()
    }
    for entry in everywhere:
        coordinator = entry.runtime_data
        for node, view in coordinator.data.nodes.items():
            for actuator in coordinator.protocol.actuators(
                coordinator.site.nodes[node], view.readings
            ):
                assert names[actuator.name] == set(placeholders_of(actuator))
    assert names["channel"] == {"channel", "metric"}
    for metric in METRICS:
        assert names[f"channel_{metric}"] == {"channel"}


def test_nothing_that_could_be_read_lacks_a_name() -> None:
    for description in READINGS:
        assert description.key in EN["entity"]["sensor"]
    for metric in METRICS:
        assert f"channel_{metric}" in EN["entity"]["sensor"]


# ---- flows


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
    assert steps("node_flow.py") <= set(EN["config_subentries"]["node"]["step"])
    assert steps("options_flow.py") <= set(EN["options"]["step"])


def test_every_field_of_a_flow_is_explained() -> None:
    for section in (EN["config"], EN["config_subentries"]["node"], EN["options"]):
        for key, step in section["step"].items():
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
        assert set(form["data"]) - {"node", "name"} == asked


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
    for module, section in (
        ("config_flow.py", EN["config"]),
        ("node_flow.py", EN["config_subentries"]["node"]),
    ):
        for call in calls("async_abort", "AbortFlow", within=[SOURCES[module]]):
            for reason in texts_in(keyword(call, "reason"), *call.args[:1]):
                assert reason in section["abort"], (module, reason)


# ---- the rest


async def test_every_line_of_the_system_page_has_its_text(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    from homeassistant.setup import async_setup_component

    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    told = await get_system_health_info(hass, DOMAIN)
    assert set(told) == set(EN["system_health"]["info"])


def test_the_manifest_is_as_home_assistant_wants_it() -> None:
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert {
        "codeowners",
        "config_flow",
        "dependencies",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "requirements",
        "version",
    } <= set(keys)
    assert MANIFEST["domain"] == DOMAIN == PACKAGE.name
    assert MANIFEST["iot_class"] == "local_push"
    assert "mqtt" in MANIFEST["dependencies"]
    assert MANIFEST["mqtt"] == ["mqtt_dispatch/+/announce"]
    assert MANIFEST["codeowners"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])


QUALITY_RULES = (
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow-test-coverage",
    "config-flow",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery-update-info",
    "discovery",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
)


def test_the_quality_scale_answers_every_rule() -> None:
    rules = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))["rules"]
    assert len(QUALITY_RULES) == 54
    assert set(rules) == set(QUALITY_RULES)
    for rule, answer in rules.items():
        if isinstance(answer, dict):
            assert answer["status"] in ("done", "todo", "exempt"), rule
            assert answer["status"] != "exempt" or answer.get("comment"), rule
        else:
            assert answer in ("done", "todo"), rule
