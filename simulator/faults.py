"""Faults to order: their grammar, and the orders that stand at one node."""

from __future__ import annotations

from dataclasses import dataclass, field
import json
import math
import re
import textwrap
from typing import TYPE_CHECKING, override

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ALL = "all"
CLEAR = "clear"
LEAST_SECONDS = 0.01
LONGEST_SECONDS = 86_400.0

_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_STATUS = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MODIFIERS = ("node", "seconds", "count")


class FaultError(ValueError):
    """An order that cannot be taken; the text says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What can be ordered under one name.

    Values in `timed` take `seconds`, and need them where it says True. Values in
    `at_once` act when they are ordered and take no `count`; all others stand, and
    act on the commands that come. A fault without values takes any status word.
    """

    meaning: str
    values: tuple[str, ...] = ()
    timed: Mapping[str, bool] = field(default_factory=dict)
    at_once: tuple[str, ...] = ()
    takes: str = "STATUS"
    """What a value is called where any word is one."""


def orderable(faults: Mapping[str, Fault]) -> dict[str, Fault]:
    """Return the faults of a protocol with `clear`, which each protocol has."""
    clearable = (ALL, *faults)
    clear = Fault(
        "takes a fault back, or all of them (who was switched off is on again)",
        clearable,
        at_once=clearable,
    )
    return {**faults, CLEAR: clear}


@dataclass(frozen=True, slots=True)
class Order:
    """A fault ordered for one node, or for all where `node` is None.

    `count` is the number of commands after which it is over; None means it stands
    until it is cleared.
    """

    fault: str
    value: str
    node: str | None = None
    seconds: float | None = None
    count: int | None = None

    @override
    def __str__(self) -> str:
        parts = [f"{self.fault}={self.value}"]
        if self.seconds is not None:
            parts.append(f"seconds={self.seconds:g}")
        if self.count is not None:
            parts.append(f"count={self.count}")
        return ",".join(parts)


def order_from_text(
    text: str, nodes: Collection[str], faults: Mapping[str, Fault]
) -> Order:
    """Read an order as the command line has it: `node=2,ack=drop,count=1`.

    Raises FaultError where it is not one, names none of `nodes`, or is for a fault
    that is neither in `faults` nor `clear`.
    """
    fields: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not value:
            raise FaultError(f"{part!r} is not NAME=VALUE")
        if name in fields:
            raise FaultError(f"{name} is given twice")
        fields[name] = value
    node = fields.pop("node", ALL)
    return _order(fields, node, nodes, orderable(faults))


def order_from_json(
    payload: bytes, node: str, nodes: Collection[str], faults: Mapping[str, Fault]
) -> Order:
    """Read an order as the control topic of `node` has it: `{"ack": "drop"}`.

    Raises FaultError where it is not one, `node` is none of `nodes`, or it is for a
    fault that is neither in `faults` nor `clear`.
    """
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        raise FaultError("not JSON") from None
    if not isinstance(content, dict):
        raise FaultError("not a JSON object")
    if "node" in content:
        raise FaultError("the topic names the node, the order must not")
    fields = {name: _as_text(name, value) for name, value in content.items()}
    return _order(fields, node, nodes, orderable(faults))


def _as_text(name: str, value: object) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case str() | int() | float():
            return str(value)
        case _:
            raise FaultError(f"{name} is neither text, number, true nor false")


def _order(
    fields: Mapping[str, str],
    node: str,
    nodes: Collection[str],
    faults: Mapping[str, Fault],
) -> Order:
    if node != ALL and node not in nodes:
        raise FaultError(f"no node {node!r} here, only {', '.join(nodes)} and {ALL}")
    names = [name for name in fields if name not in _MODIFIERS]
    if unknown := [name for name in names if name not in faults]:
        raise FaultError(
            f"{unknown[0]!r} is not a fault; faults are {', '.join(faults)}"
        )
    if len(names) != 1:
        raise FaultError("an order names exactly one fault")
    order = Order(
        names[0],
        fields[names[0]],
        None if node == ALL else node,
        _seconds(fields["seconds"]) if "seconds" in fields else None,
        _count(fields["count"]) if "count" in fields else None,
    )
    _check(order, faults[order.fault])
    return order


def _check(order: Order, fault: Fault) -> None:
    this = f"{order.fault}={order.value}"
    if fault.values and order.value not in fault.values:
        raise FaultError(f"{this}: {order.fault} can be {', '.join(fault.values)} only")
    if not fault.values and (
        not _STATUS.fullmatch(order.value) or order.value == "success"
    ):
        raise FaultError(
            f"{this}: the status is 1 to 40 letters, digits, _ or -, and not success"
        )
    if order.seconds is None and fault.timed.get(order.value):
        raise FaultError(f"{this} needs seconds")
    if order.seconds is not None and order.value not in fault.timed:
        raise FaultError(f"{this} takes no seconds")
    if order.count is not None and order.value in fault.at_once:
        raise FaultError(f"{this} acts at once and takes no count")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not LEAST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise FaultError(
            f"seconds={text} is not a number, {LEAST_SECONDS:g} to {LONGEST_SECONDS:g}"
        )
    return seconds


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise FaultError(f"count={text} is not a whole number, 1 to 999999")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderOrders:
    """Something to be done, and the orders that stood when it came."""

    orders: Mapping[str, Order] = field(default_factory=dict)

    def ordered(self, fault: str, value: str) -> bool:
        order = self.orders.get(fault)
        return order is not None and order.value == value


class StandingOrders:
    """The orders that stand at one node, one a fault; a new one replaces the old."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._left: dict[str, int] = {}

    def add(self, order: Order) -> None:
        self.clear(order.fault)
        self._orders[order.fault] = order
        if order.count is not None:
            self._left[order.fault] = order.count

    def clear(self, fault: str) -> None:
        """Take `fault` back, or everything where it is `ALL`."""
        for name in list(self._orders) if fault == ALL else [fault]:
            self._orders.pop(name, None)
            self._left.pop(name, None)

    def view(self) -> Mapping[str, Order]:
        return self._orders

    def take(self) -> Mapping[str, Order]:
        """Return what stands for the command that came, and count it."""
        taken = dict(self._orders)
        for fault in list(self._left):
            self._left[fault] -= 1
            if not self._left[fault]:
                self.clear(fault)
        return taken


GRAMMAR = """\
orders for faults:
  [node=NODE,]FAULT=VALUE[,seconds=S][,count=N]
  Without node: for all. With count: over after N commands; else it stands
  until it is cleared. A new order for a fault replaces the old one."""


def describe_faults(faults: Mapping[str, Fault]) -> str:
    """Return the grammar of orders and the faults, as --help shows them."""
    lines = [GRAMMAR, ""]
    for name, fault in orderable(faults).items():
        values = (ALL, "FAULT") if name == CLEAR else fault.values
        lines.append(f"  {name}={'|'.join(values) or fault.takes}")
        lines += textwrap.wrap(
            fault.meaning, 74, initial_indent=" " * 6, subsequent_indent=" " * 6
        )
    return "\n".join(lines)
