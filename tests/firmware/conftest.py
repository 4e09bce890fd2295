"""The program of a node, compiled once, and nodes that are it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .compiling import HERE, SANITIZED, compiled
from .native import NativeNode

type MakeNode = Callable[..., NativeNode]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program of a node, with the sanitizers of addresses and of doubts."""
    target = tmp_path_factory.mktemp("firmware") / "node"
    return compiled(HERE, "program.cpp", target, *SANITIZED)


@pytest.fixture
def make_node(program: Path, tmp_path: Path) -> Iterator[MakeNode]:
    """Return what makes a node, each on the flash of the one before."""
    made: list[NativeNode] = []

    def make(*traits: str, slots: int = 2, work_limit: int = 60) -> NativeNode:
        node = NativeNode(
            program, tmp_path, *traits, slots=slots, work_limit=work_limit
        )
        made.append(node)
        return node

    yield make
    for node in made:
        if node.runs:
            node.close()


@pytest.fixture
def node(make_node: MakeNode) -> NativeNode:
    """Return a new node that dispenses, switched on and connected."""
    node = make_node()
    node.power()
    return node
