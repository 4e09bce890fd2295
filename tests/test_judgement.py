"""No test passes because there was nothing to judge.

A test whose only assertions stand in a loop, or are about all of something, judges
nothing where there is nothing; it must go through `some(...)` or what is written out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PASSES_ON = {"enumerate", "zip", "sorted", "reversed", "list", "tuple", "set"}
"""What yields something if what it is given does."""


def is_something(node: ast.expr, known: set[str]) -> bool:  # noqa: PLR0911
    """Whether an expression certainly yields something."""
    match node:
        case ast.List(elts) | ast.Tuple(elts) | ast.Set(elts):
            return any(
                not isinstance(each, ast.Starred) or is_something(each.value, known)
                for each in elts
            )
        case ast.Dict(keys):
            return bool(keys)
        case ast.Constant(value):
            return bool(value)
        case ast.Name(name):
            return name in known
        case ast.BinOp(left, _, right):
            return is_something(left, known) or is_something(right, known)
        case ast.Call(ast.Name("some")):
            return True
        case ast.Call(ast.Name("range"), args):
            return all(isinstance(each, ast.Constant) for each in args)
        case ast.Call(ast.Name(name), args) if name in PASSES_ON:
            return bool(args) and all(is_something(each, known) for each in args[:1])
        case ast.Call(ast.Attribute(value, "items" | "values" | "keys")):
            return is_something(value, known)
    return False


def named(body: Iterable[ast.AST], known: set[str]) -> set[str]:
    """Return the names that stand for something, with those that were known."""
    found = set(known)
    for node in body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(name)], value=value)
                | ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value)
            ) if is_something(value, found):
                found.add(name)
    return found


def judges(node: ast.AST, known: set[str]) -> bool:
    """Whether something in it is asserted, whatever there is."""
    match node:
        case ast.For(iter=over) if not is_something(over, known):
            return False
        case ast.Assert(
            test=ast.Call(ast.Name("all"), [ast.GeneratorExp(generators=[over])])
            | ast.UnaryOp(
                ast.Not(),
                ast.Call(ast.Name("any"), [ast.GeneratorExp(generators=[over])]),
            )
        ):
            return is_something(over.iter, known)
        case ast.Assert() | ast.With() | ast.AsyncWith():
            return True
    return any(judges(child, known) for child in ast.iter_child_nodes(node))


def judging_nothing(source: str) -> Iterator[str]:
    """Yield the tests with assertions that judge nothing where nothing is."""
    module = ast.parse(source)
    known = named(module.body, set())
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        asserts = any(isinstance(each, ast.Assert) for each in ast.walk(node))
        if node.name.startswith("test_") and asserts:
            names = named(ast.walk(node), known)
            if not any(judges(each, names) for each in node.body):
                yield node.name


@pytest.mark.parametrize(
    "path",
    [*TESTS.rglob("test_*.py")],
    ids=lambda path: str(path.relative_to(TESTS)),
)
def test_every_test_judges_something(path: Path) -> None:
    assert [*judging_nothing(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "loop",
    [
        "for each in found():\n        assert each",
        "assert all(each for each in found())",
        "assert not any(each for each in found())",
        "for each in range(len(found())):\n        assert each",
        "for number, each in enumerate(found()):\n        assert (number, each)",
    ],
)
def test_a_loop_over_nothing_is_found(loop: str) -> None:
    assert [*judging_nothing(f"def test_it():\n    {loop}\n")] == ["test_it"]
    mended = loop.replace("found()", "some(found())").replace(
        "range(len(some(found())))", "some(range(len(found())))"
    )
    assert [*judging_nothing(f"def test_it():\n    {mended}\n")] == []
