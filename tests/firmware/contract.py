"""The contract of a node that remembers, as examples that all three sides share.

`contract.json` is a list of examples. Each has the number of the `must` of docs/node.md
that it is of, a `name`, `work_ends` (how the motor ends there: `success` unless said)
and `steps`, each one of:

- `told` (JSON) or `text`: what comes on `cmd`; `ordered` is the order that makes the
  integration send just that. `executes`: the ids whose work begins by it. `answers`:
  what the node says to it on `ack` and `evt`, in that order, at least with these
  members; `may_answer`: what it may say beside. `means`: how the integration reads it.
- `work`: the motor comes to its end.
- `power`: it is `lost` and back, or the node `restarts` by itself.
- `seconds` pass, in which the work `executes` begins; `stays_on`: no restart follows.
- `state`: what the node says of itself; "*" stands for anything. `not_ready`: that it
  does not say that it is ready.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any, Protocol

import pytest

START = 1_800_000_000
"""When an example begins, in unix seconds."""
ANYTHING = "*"

type Example = Mapping[str, Any]
type Content = Mapping[str, Any]

EXAMPLES: list[Example] = json.loads(
    Path(__file__).with_name("contract.json").read_text()
)


@dataclass
class Done:
    """What a node did in one step."""

    answers: list[tuple[str, Content]] = field(default_factory=list)
    executed: list[int] = field(default_factory=list)


class Player(Protocol):
    """A node that keeps the contract, on a bench."""

    def tell(self, payload: bytes) -> Done: ...

    def end_work(self) -> Done: ...

    def lose_power(self) -> Done: ...

    def restarts(self) -> Done | None:
        """Wait for what it does by itself; None: it did not start anew."""

    def wait(self, seconds: float) -> Done: ...

    def state(self) -> Content:
        """Return what it says next of itself with `ready`, or within seconds."""


def examples() -> list[Any]:
    return [
        pytest.param(each, id=f"{each['must']}-{each['name']}") for each in EXAMPLES
    ]


def payload_of(step: Content) -> bytes | None:
    if "text" in step:
        return str(step["text"]).encode()
    if "told" in step:
        return json.dumps(step["told"], separators=(",", ":")).encode()
    return None


def answers_in(steps: Sequence[Content]) -> Iterator[Content]:
    for step in steps:
        yield from step.get("answers", ())
        yield from step.get("may_answer", ())


def play(example: Example, node: Player) -> None:
    """Have a node go through an example, and judge each step."""
    for step in example["steps"]:
        payload = payload_of(step)
        if payload is not None:
            done = node.tell(payload)
            assert done.executed == step["executes"], step
            judge(step, done)
        elif "work" in step:
            judge(step, node.end_work())
        elif step.get("power") == "lost":
            judge(step, node.lose_power())
        elif step.get("power") == "restarts":
            started = node.restarts()
            assert started is not None, "it did not start anew"
            judge(step, started)
        elif "seconds" in step:
            done = node.wait(step["seconds"])
            assert done.executed == step.get("executes", []), step
        elif "stays_on" in step:
            assert node.restarts() is None, "it started anew"
        elif "not_ready" in step:
            assert node.state().get("ready") != 1
        else:
            assert says(step["state"], node.state()), (step, node.state())


def judge(step: Content, done: Done) -> None:
    """Compare what a node answered with what it must, and what it may."""
    left = list(done.answers)
    for must in step["answers"]:
        found = next((each for each in left if is_answer(must, each)), None)
        assert found is not None, f"{must} is missing in {done.answers}"
        before = left[: left.index(found)]
        assert all(is_allowed(step, each) for each in before), done.answers
        left = left[left.index(found) + 1 :]
    assert all(is_allowed(step, each) for each in left), done.answers


def is_allowed(step: Content, said: tuple[str, Content]) -> bool:
    return any(is_answer(each, said) for each in step.get("may_answer", ()))


def is_answer(wanted: Content, said: tuple[str, Content]) -> bool:
    return wanted["topic"] == said[0] and says(wanted["json"], said[1])


def says(wanted: Content, said: Content) -> bool:
    """Whether a message has these members; what else it has, nobody minds."""
    return all(
        name in said and value in (ANYTHING, said[name])
        for name, value in wanted.items()
    )
