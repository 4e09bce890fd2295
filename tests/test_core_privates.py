"""What is the core's alone is left alone: its private members, its inner modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
import importlib
import inspect
import textwrap

import pytest

from .nonempty import some
from .package import PACKAGE, SOURCES

NAME = "custom_components.mqtt_dispatch"
HOOKS = {
    "_abort_if_unique_id_configured",
    "_async_check",
    "_get_entry",
    "_get_reconfigure_entry",
    "_get_reconfigure_subentry",
    "_handle_coordinator_update",
    "_trigger_event",
    "_unrecorded_attributes",
    # The one way in which a Store migrates; it is how each file of
    # tests/storage/written is loaded, on each core.
    "_async_migrate_func",
}
"""What begins with an underscore and is for integrations, by the core's own docs.

So is all that begins with `_attr_`.
"""
NOT_ON_EVERY_CORE = (f"{NAME}.automations.", f"{NAME}.llm")
"""Modules that only a core loads which has what they need."""
MODULES = sorted(
    ".".join((NAME, *path.relative_to(PACKAGE).with_suffix("").parts))
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def private_names(tree: ast.AST) -> Iterator[str]:
    """Tell the private members that a class uses, or has."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Attribute(attr=name)
                | ast.Name(id=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
            ) if is_private(name):
                yield name


@cache
def members_of(owner: type) -> frozenset[str]:
    """Return the private members of a class, also those that only its methods set."""
    source = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    own = {
        node.attr
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"self", "cls"}
    }
    return frozenset(filter(is_private, own | set(vars(owner))))


def contents_of(module: str) -> list[object]:
    """Return what a module defines or imports, where the core has what it needs."""
    try:
        return [*vars(importlib.import_module(module)).values()]
    except ImportError:
        assert module.startswith(NOT_ON_EVERY_CORE)
        return []


def classes() -> list[type]:
    """Return our classes that have something of the core among their bases."""
    return [
        value
        for module in MODULES
        for value in contents_of(module)
        if inspect.isclass(value)
        and value.__module__ == module
        and any(base.__module__.startswith("homeassistant.") for base in value.__mro__)
    ]


@pytest.mark.parametrize("ours", some(classes()), ids=lambda ours: ours.__qualname__)
def test_a_class_uses_and_hides_no_private_member_of_the_core(ours: type) -> None:
    theirs = {
        name
        for base in ours.__mro__
        if base.__module__.startswith("homeassistant.")
        for name in members_of(base)
    }
    used = set(private_names(ast.parse(textwrap.dedent(inspect.getsource(ours)))))
    touched = {name for name in used & theirs if not name.startswith("_attr_")}
    assert touched <= HOOKS


@pytest.mark.parametrize("path", some(sorted(SOURCES)))
def test_nobody_reaches_into_an_object_of_somebody_else(path: str) -> None:
    """What is private to a class is used through `self`, `cls` or `super()` alone.

    `_replace` of a named tuple is no secret: it is documented.
    """
    reached = [
        f"{node.lineno}: {node.attr}"
        for node in ast.walk(SOURCES[path])
        if isinstance(node, ast.Attribute)
        and is_private(node.attr)
        and node.attr != "_replace"
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
        and not (
            isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name)
            and node.value.func.id == "super"
        )
    ]
    assert reached == []


def test_nothing_is_imported_from_inside_a_component() -> None:
    """What is only needed to check types is not there at run time."""
    inner = {
        f"{path}: {node.module}"
        for path, tree in SOURCES.items()
        for node in run_time_nodes(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("homeassistant.")
        and (
            any(is_private(part) for part in (node.module or "").split("."))
            or any(is_private(name.name) for name in node.names)
            or (
                (node.module or "").startswith("homeassistant.components.")
                and (node.module or "").count(".") > 2
            )
        )
    }
    assert inner == set()


def run_time_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Go through all but what stands under `if TYPE_CHECKING`."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not (
            isinstance(child, ast.If)
            and isinstance(child.test, ast.Name)
            and child.test.id == "TYPE_CHECKING"
        ):
            yield from run_time_nodes(child)


def test_what_is_kept_in_hass_data_has_a_key_of_ours() -> None:
    keys = {
        ast.unparse(key)
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        for key in keys_into_hass_data(node)
    }
    assert keys
    keys.discard("lovelace.LOVELACE_DATA")  # whoever adds a resource must look there
    assert all(is_private(key) and key.isupper() for key in keys), keys


def keys_into_hass_data(node: ast.AST) -> Iterator[ast.expr]:
    """Tell under which keys something looks into `hass.data`."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="data", value=holder), slice=key):
            pass
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr="data", value=holder)),
            args=[key, *_],
        ):
            pass
        case _:
            return
    if ast.unparse(holder) in {"hass", "self.hass", "self._hass"}:
        yield key
