"""What a node moves, and how a person handles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """How a person handles an actuator."""

    VALVE = "valve"
    """Orders `open` and `close`; its state is `open` or `closed`."""
    COVER = "cover"
    """Orders `open` and `close`, and `stop` and `set` (to a position in percent, 100 is
    open) where it knows them.

    It tells its position as its `level`. One that does not has the states `opening`,
    `closing` and `stopped`, and nobody says when it has arrived."""
    SWITCH = "switch"
    """Orders `on` and `off`, which are its states too."""
    LIGHT = "light"
    """Orders `on` and `off`, which are its states too, and `set` (to a brightness in
    percent, its `level`) where it can be dimmed."""
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
    """In what a person chooses it, as Home Assistant writes it: `s`, `mL`, `%`; empty
    for none."""
    name: str = ""
    """What it is called in translations; empty: as the param."""
    per_unit: int = 1
    """How much of the param, and of the limits here, is one of that unit."""
    every: int = 1
    """What the param must be a multiple of, where its limits are whole numbers."""

    @property
    def step(self) -> float:
        """How far apart two of them are: `every`, or as fine as limits are written.

        What is chosen in such steps from the minimum is a multiple of the step.
        """
        limits = (self.minimum, self.maximum, self.usual)
        places = 0
        while any(Decimal(str(each)).scaleb(places) % 1 for each in limits):
            places += 1
        return float(f"1e-{places}") if places else self.every


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
    level: str | None = None
    """The reading that says how far it is open or how bright it is, in percent."""
    device_class: str | None = None
    """What it is, as Home Assistant calls it: `curtain`, `damper`. None: unsaid."""
    configures: bool = False
    """Whether a person sets a node up with it, and does not handle it every day."""
    formerly: tuple[str, str] | None = None
    """The platform and key of the entity that was for the same before."""
    takes: float = 0.0
    """Seconds after which it has certainly arrived where it was to go."""
    assumed: str | None = None
    """The reading that is `yes` while nobody said that state, but what was ordered."""
    amount: Amount | None = None
    """What the order `open`, `press` or `set` needs besides."""
    done_once_over: bool = False
    """Whether `open` is taken when it opens and done once it has closed by itself, and
    so is `press`: it is taken when it begins."""
    water: bool = False
    """Whether water runs through it while it is open, or for as long as it is told."""
    stopped_by: tuple[str, Mapping[str, Any]] | None = None
    """The kind and params of the command that ends early what `press` began."""
