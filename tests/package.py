"""The package as it lies there: its texts, icons, actions and code."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

from custom_components.mqtt_dispatch import repairs

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


OF_OWNERS = (
    ("button", "named"),
    ("number", "named_amount"),
    ("number", "named_duration"),
)
"""The names of entities that only profiles of an owner have, so far."""
