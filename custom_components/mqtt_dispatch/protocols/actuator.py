"""What a node moves, and how a person handles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """How a person handles an actuator."""

    VALVE = "valve"
    """Orders `open` and `close`; its state is `open` or `closed`."""
    COVER = "cover"
    """Orders `open`, `close` and `stop`; its state is `opening`, `closing` or
    `stopped`, and nobody says when it has arrived."""
    SWITCH = "switch"
    """Orders `on` and `off`, which are its states too."""
    LIGHT = "light"
    """Orders `on` and `off`, which are its states too."""
    BUTTON = "button"
    """Order `press`."""
    NUMBER = "number"
    """Order `set`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """The param of an order that a person chooses beforehand."""

    param: str
    minimum: float
    maximum: float
    usual: float
    unit: str
    """As Home Assistant writes it: `s`, `ms`, `ml`, `%`; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actuator:
    """Something that a node moves, with the orders that move it."""

    key: str
    """Unique at its node; lower-case letters, digits and `_`."""
    form: Form
    name: str
    """What it is called in translations."""
    label: str = ""
    """What tells it from others of the same name: a number, a channel."""
    orders: Mapping[str, tuple[str, Mapping[str, Any]]]
    """By what a person does with it: the kind and params of the command."""
    state: str | None = None
    """The reading that says in which state it is."""
    takes: float = 0.0
    """Seconds after which it has certainly arrived where it was to go."""
    assumed: str | None = None
    """The reading that is `yes` while nobody said that state, but what was ordered."""
    amount: Amount | None = None
    """What the order `open`, `press` or `set` needs besides."""
