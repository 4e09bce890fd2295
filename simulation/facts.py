"""What is known of one station at each moment of its record, for the judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Any, override

from simulation.record import (
    Answered,
    Contents,
    Durable,
    Loaded,
    NotStored,
    RestoreConfirmed,
    Restored,
    StationBegan,
)
from simulation.wires import WIRES

FINAL = frozenset(
    {"succeeded", "failed", "rejected", "expired", "cancelled", "superseded"}
)
LOST_FOR = 3600.0
"""Seconds after which what was lost on its way does not matter any more."""
IN_FLIGHT = frozenset({"sent", "accepted"})

type Intent = tuple[float, str, str, tuple[str, ...], str | None]
"""What was wanted; it stays the same when it goes on under another id."""
type Part = tuple[Intent, str]
"""An intent and a node."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A command as a file has it."""

    id: int
    kind: str
    params: Mapping[str, Any]
    state: str
    intent: Intent
    pet: int | None
    key: str | None
    finishes: int | None
    parts: dict[str, tuple[str, int, str]]
    """For each node: state, attempts, and why it came into that state."""
    expires_at: float | None
    """Unix seconds."""
    not_before: float | None = None
    """Unix seconds."""
    cause: str = ""
    """Why it came into its state."""
    ordered_by: str = ""
    """Why it is there."""
    meal: tuple[str, str] | None = None
    """The meal that it is for, and what its owner's clock shows then."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken."""

    promise: int
    at: float
    station: str
    what: str

    @override
    def __str__(self) -> str:
        return f"promise {self.promise}: {self.station} at {self.at:.3f}: {self.what}"


@dataclass(slots=True)
class Findings:
    """What the judges say of a record."""

    violations: list[Violation] = field(default_factory=list)
    excused: Counter[str] = field(default_factory=Counter)
    """What a promise does not cover, counted apart."""


class Facts:
    """The state of a station's record."""

    def __init__(self, began: StationBegan, findings: Findings) -> None:
        self.name = began.station
        self.wire = WIRES[began.protocol]
        self.nodes = began.nodes
        self.drops_repeats = frozenset(began.drops_repeats)
        self.tells = frozenset(began.tells)
        self.findings = findings
        self._files: dict[str, dict[int, Stored]] = {"stored": {}, "history": {}}
        self.known: dict[int, Stored] = {}
        """All commands that survive a loss of power."""
        self.ever_known: dict[int, Stored] = {}
        self.known_since: dict[int, float] = {}
        """When each command was first seen on disk."""
        self.attempted_at: dict[tuple[int, str], float] = {}
        """When the first attempt to send a part was on disk."""
        self.done_at: dict[tuple[int, str], float] = {}
        """When it was on disk that a part was done."""
        self.answered: dict[int, float] = {}
        self.not_stored: set[int] = set()
        self.durable_ids: set[int] = set()
        self.loads = 0
        self.restores: list[tuple[float, float]] = []
        """When the backup was taken and when it was put back."""
        self.plan: list[Mapping[str, Any]] = []
        """The lines of the owner's plan that survive a loss of power."""
        self.plan_pause: Mapping[str, Any] | None = None
        """The pause of that plan, be it over."""
        self.overdue: list[Mapping[str, Any]] = []
        """The dates that should have happened by now, as that file has them."""
        self.befell: set[str] = set()
        """The kinds of faults that came so far."""
        self._lost_at = -LOST_FOR
        self.knows = False
        """Whether the files last put back say themselves that they are a backup."""
        self._kept_after_restore = False
        self._in_history: set[int] = set()
        """What is in the history that is on disk now."""
        self.lost: set[int] = set()
        """What was in one that went bad: nobody but us knows more of it."""

    def history_damaged(self) -> None:
        """Note that what the history had is lost, but to us."""
        self.lost |= self._in_history | self._files["history"].keys()
        self._in_history = set()

    def break_promise(self, promise: int, at: float, what: str) -> None:
        self.findings.violations.append(Violation(promise, at, self.name, what))

    def excuse(self, what: str) -> None:
        self.findings.excused[what] += 1

    @property
    def others_tell(self) -> bool:
        """Whether somebody else has told nodes what we had told them."""
        return any(fault in self.befell for fault in self.wire.repeats)

    def forgotten(self, at: float, *, by: float) -> bool:
        """Whether a backup older than `at` was put back between then and `by`."""
        return any(taken <= at < back <= by for taken, back in self.restores)

    def befallen(self, fault: str, at: float) -> None:
        """Note a fault of the world."""
        self.befell.add(fault)
        if fault in self.wire.loses:
            self._lost_at = at

    def lost_lately(self, at: float) -> bool:
        """Whether more may be held for a node than anybody here can know."""
        return bool(self.restores) or at - self._lost_at < LOST_FOR

    def can_tell(self, node: str) -> bool:
        """Whether a restore must be noticed: by a node's word, or by the files'."""
        return self.knows or node in self.tells

    def is_said_to_have_failed(self, intent: Intent, node: str) -> bool:
        """Whether a person settled a doubt so, and wanted it once more then."""
        parts = (
            command.parts.get(node)
            for command in self.ever_known.values()
            if command.intent == intent
        )
        return any(
            part is not None and (part[0], part[2]) == ("failed", "person")
            for part in parts
        )

    def is_wanted_again(self, intent: Intent, node: str, again: Intent) -> bool:
        """Whether its node said that it failed, and a person had it done once more."""
        known = self.ever_known.values()
        parts = (each.parts.get(node) for each in known if each.intent == intent)
        failed = any(
            part is not None
            and part[0] == "failed"
            and part[2] in ("node", "late_answer")
            for part in parts
        )
        return failed and any(
            each.intent == again and each.ordered_by == "action" for each in known
        )

    def is_excused_again(self, what: str, node: str) -> bool:
        """Excuse what comes again after a restore that nobody can have prevented."""
        if not self.can_tell(node):
            self.excuse(f"{what} again after a restore: node cannot tell")
            return True
        if self._kept_after_restore:
            self.excuse(f"{what} again after a restore: a person said so")
            return True
        return False

    # What the record says

    def durable(self, entry: Durable) -> None:
        self._read(entry.part, entry.contents, entry.at)
        self.durable_ids |= self.known.keys()
        if entry.part == "history":
            self._in_history = self._still_in_history(entry.contents, entry.at)

    def loaded(self, entry: Loaded) -> None:
        self.loads += 1
        if self.loads > 1:
            self._lost_at = entry.at
        self._read("stored", entry.stored, entry.at)
        self._read("history", entry.history, entry.at)
        self._still_in_history(entry.history, entry.at)
        for command_id in self.answered:
            if command_id not in self.known and command_id not in self.lost:
                self.break_promise(1, entry.at, f"#{command_id} was answered and lost")
        self.answered = {i: at for i, at in self.answered.items() if i in self.known}
        for command_id in self.not_stored & self.known.keys():
            self.excuse("failed as not stored, and found on disk after a crash")
            self.ever_known[command_id] = self.known[command_id]
        self.not_stored.clear()

    def restored(self, entry: Restored) -> None:
        self.restores.append((entry.taken_at, entry.at))
        self._kept_after_restore = False
        self.knows = entry.stored is not None and _says_in_backup(entry.stored)
        self._files["history"] = {}
        self._in_history = set()
        self._read("stored", entry.stored, entry.at)
        self._read("history", entry.history, entry.at)
        self.ever_known = dict(self.known)
        self.answered = {i: at for i, at in self.answered.items() if i in self.known}

    def confirmed(self, entry: RestoreConfirmed) -> None:
        self._kept_after_restore = entry.keep

    def answer(self, entry: Answered) -> None:
        if entry.command_id in self.lost - self.known.keys():
            self.excuse("answered with one that was in a history that went bad")
            return
        if entry.command_id not in self.known:
            what = f"#{entry.command_id} was answered before it was stored"
            self.break_promise(1, entry.at, what)
        self.answered.setdefault(entry.command_id, entry.at)

    def failed(self, entry: NotStored) -> None:
        self.not_stored.add(entry.command_id)
        self.ever_known.pop(entry.command_id, None)

    def _still_in_history(self, contents: Contents, at: float) -> set[int]:
        """Return what is in a history, which must have all that was on disk of it."""
        found = set(_commands(contents) or ()) if contents else set()
        if lost := sorted(self._in_history - found):
            self.break_promise(3, at, f"the history has no longer {lost}")
        return found

    def _read(self, part: str, contents: Contents, at: float) -> None:
        found = {} if contents is None else _commands(contents)
        if found is None:
            return
        if part == "stored":
            data = {} if contents is None else json.loads(contents)["data"]
            self.plan = data.get("meals", [])
            self.plan_pause = data.get("plan_pause")
            self.overdue = data.get("overdue", [])
        if part == "history":
            # What was in one that went bad is known all the same.
            found = {**self._files[part], **found}
        self._files[part] = found
        # Both files may hold a command; the history says how it ended.
        self.known = {**self._files["stored"], **self._files["history"]}
        for command_id, command in self.known.items():
            self.known_since.setdefault(command_id, at)
            if command_id not in self.not_stored:
                self.ever_known[command_id] = command
            for node, (state, attempts, _) in command.parts.items():
                if attempts:
                    self.attempted_at.setdefault((command_id, node), at)
                if state == "done":
                    self.done_at.setdefault((command_id, node), at)


def _says_in_backup(contents: bytes) -> bool:
    try:
        return bool(json.loads(contents)["data"]["in_backup"])
    except (KeyError, TypeError, ValueError):
        # What is cut off or older says nothing.
        return False


def latest_in(contents: Contents) -> float:
    """Return the latest time that a file tells, or believes in; unix seconds, or 0."""
    try:
        data = json.loads(contents or b"")["data"]
        told = (item["timeline"][-1]["at"] for item in data["commands"])
        return float(max(data.get("believed_at", 0.0), *told, 0.0))
    except (LookupError, TypeError, ValueError):
        return 0.0


def _commands(contents: bytes) -> dict[int, Stored] | None:
    try:
        items = json.loads(contents)["data"]["commands"]
    except (KeyError, TypeError, ValueError):
        return None
    return {item["id"]: _command(item) for item in items}


def _command(item: dict[str, Any]) -> Stored:
    causes = {
        (entry["node"], entry["state"]): entry["cause"] for entry in item["timeline"]
    }
    deliveries, meal = item["deliveries"], item.get("meal")
    return Stored(
        id=item["id"],
        kind=item["kind"],
        params=item["params"],
        state=item["state"],
        intent=(
            item["created_at"],
            item["kind"],
            json.dumps(item["params"], sort_keys=True),
            tuple(delivery["node"] for delivery in deliveries),
            item["idempotency_key"],
        ),
        pet=item["params"].get("pet"),
        key=item["idempotency_key"],
        finishes=item["finishes"],
        parts={
            delivery["node"]: (
                delivery["state"],
                delivery["attempts"],
                causes.get((delivery["node"], delivery["state"]), ""),
            )
            for delivery in deliveries
        },
        expires_at=item.get("expires_at"),
        not_before=item.get("not_before"),
        cause=causes.get((None, item["state"]), ""),
        ordered_by=item["timeline"][0]["cause"] if item["timeline"] else "",
        meal=None if meal is None else (meal["meal_id"], meal["nominal"]),
    )
