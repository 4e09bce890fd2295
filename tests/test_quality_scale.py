"""Every rule of the core's quality scale is answered, by something that is there."""

from __future__ import annotations

import ast
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.mqtt_dispatch.const import PLATFORMS

from .nonempty import some
from .package import PACKAGE, SOURCES

ROOT = Path(__file__).parents[1]
SCALE: dict[str, Any] = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))["rules"]
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
MAY_BE_EXEMPT = {
    "config-flow",
    "discovery",
    "discovery-update-info",
    "docs-high-level-description",
    "docs-supported-devices",
    "inject-websession",
    "reauthentication-flow",
    "reconfiguration-flow",
    "test-before-configure",
}
"""Rules whose own text names an exception."""
IN_THE_PACKAGE = re.compile(r"`([\w/@.]+\.(?:py|json|png))`")
IN_THE_REPOSITORY = re.compile(
    r"(?<![\w/`])((?:tests|docs|scripts|\.github)/[\w/.-]*\w|[A-Z]+\.md|pyproject\.toml)"
    r"(?:#([a-z0-9-]+)|, \*([^*]+)\*)?"
)


def headings(page: Path) -> set[str]:
    """Return the headings of a page, as they stand there and as links name them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {
        name
        for heading in found
        for name in (
            heading,
            re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-"),
        )
    }


def test_every_rule_is_answered() -> None:
    assert len(QUALITY_RULES) == 54
    assert set(SCALE) == set(QUALITY_RULES)


@pytest.mark.parametrize("rule", QUALITY_RULES)
def test_an_answer_says_where_it_is_seen(rule: str) -> None:
    answer = SCALE[rule]
    assert set(answer) == {"status", "comment"}
    assert answer["status"] in ("done", "exempt")
    if answer["status"] == "exempt":
        named = rule.removeprefix("docs-")
        absent = not (PACKAGE / f"{named}.yaml").exists()
        assert rule in MAY_BE_EXEMPT or (rule != named and absent)
        return
    within = IN_THE_PACKAGE.findall(answer["comment"])
    beside = IN_THE_REPOSITORY.findall(answer["comment"])
    for name in some([*within, *(name for name, *_ in beside)]):
        assert (PACKAGE / name if name in within else ROOT / name).exists(), name
    for name, *sections in beside:
        for section in filter(None, sections):
            assert section in headings(ROOT / name), f"{name}: {section}"


def test_no_platform_limits_who_orders_at_once() -> None:
    """Each says so by itself: there is a queue that sends one at a time."""
    for platform in some(PLATFORMS):
        (limit,) = (
            node.value
            for node in SOURCES[f"{platform}.py"].body
            if isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "PARALLEL_UPDATES"
        )
        assert ast.literal_eval(limit) == 0, platform


def test_an_entry_bears_its_type_throughout() -> None:
    """No function takes an entry of which nobody knows what it runs."""
    untyped = {
        path
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "ConfigEntry"
    }
    assert untyped == {"coordinator.py"}
