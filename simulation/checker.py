"""Judges a run by its record alone, and shares no code with what it judges."""

from __future__ import annotations

from collections.abc import Iterable

from simulation.answering import Answering
from simulation.expiring import Expiring
from simulation.facts import Facts, Findings
from simulation.guarding import Guarding
from simulation.halting import Halting
from simulation.holding import Holding
from simulation.lasting import Lasting
from simulation.mealtimes import Mealtimes
from simulation.moving import Moving
from simulation.overdue import OverdueMeals
from simulation.picturing import Picturing
from simulation.planning import Planning
from simulation.reading import Reading
from simulation.record import (
    Answered,
    Asked,
    Asks,
    Booted,
    Came,
    ClockSet,
    Complained,
    Corrupted,
    Crashed,
    Durable,
    Emptied,
    Ended,
    Entry,
    Executed,
    Fault,
    HistoryDamaged,
    Holds,
    Loaded,
    Mended,
    NotLoaded,
    NotStored,
    OpenCommands,
    OverdueTold,
    Overslept,
    Paused,
    Pictured,
    Pictures,
    Read,
    Resend,
    RestoreConfirmed,
    Restored,
    Sent,
    Shown,
    StationBegan,
    Stopped,
    Together,
    TogetherEnded,
    Told,
    ZoneSet,
)
from simulation.repeating import DAY, Repeating
from simulation.sending import Sending
from simulation.telling import Telling


def judge(record: Iterable[Entry]) -> Findings:
    """Return which promises the record shows broken."""
    findings = Findings()
    courts: dict[str, _Court] = {}
    holding = Holding()
    for entry in record:
        match entry:
            case StationBegan():
                facts = Facts(entry, findings)
                holding.add(facts)
                courts[entry.station] = _Court(entry, facts)
            case Together():
                holding.ordered(entry)
            case TogetherEnded():
                holding.ended(entry)
            case Fault() | ClockSet() | Crashed() | Stopped() | Ended():
                for court in courts.values():
                    court.hear_of_world(entry)
            case _:
                station = getattr(entry, "station", None)
                if station is not None:
                    courts[station].hear(entry)
        _tell(holding, entry)
    return findings


def _tell(holding: Holding, entry: Entry) -> None:
    """Tell of what concerns all stations, once each has heard of it."""
    match entry:
        case Durable():
            holding.durable(entry.station, entry.at)
        case Crashed():
            holding.crashed()
        case Restored():
            holding.restored(entry.station)
        case _:
            pass


class _Court:
    """The judges of one station."""

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._repeating = Repeating(facts)
        self._sending = Sending(facts, self._repeating)
        self._answering = Answering(facts)
        self._picturing = Picturing(facts)
        self._planning = Planning(began, facts)
        self._reading = Reading(facts)
        self._mealtimes = Mealtimes(began, facts)
        self._overdue = OverdueMeals(began, facts, self._mealtimes)
        self._telling = Telling(facts, self._sending)
        self._moving = Moving(facts)
        self._lasting = Lasting(facts)
        self._guarding = Guarding(began, facts)
        self._halting = Halting(facts)
        self._expiring = Expiring(began, facts)
        self._corrupted = False

    def hear_of_world(
        self, entry: Fault | ClockSet | Crashed | Stopped | Ended
    ) -> None:
        match entry:
            case Crashed():
                self._mealtimes.gone(entry.at)
                self._overdue.gone(entry.at)
                self._answering.crashed()
                self._reading.loaded()
            case Stopped():
                self._mealtimes.gone(entry.at)
                self._overdue.gone(entry.at)
            case Fault(at=at, kind=kind):
                self._facts.befallen(kind, at)
                if kind.startswith("disk"):
                    self._moving.disk_is_well = False
            case ClockSet(at=at, by=by):
                self._guarding.clock_set(at)
                self._halting.clock_set()
                self._expiring.clock_set(at, by)
                self._repeating.clock_jumped |= abs(by) >= DAY
                self._answering.clock_set(by)
                self._mealtimes.clock_set()
            case Ended():
                self._moving.look(entry.at)
                self._reading.look(entry.at)
                self._lasting.ended(entry.at)
                self._telling.ended(entry.at)
                self._mealtimes.ended(entry.at)
                self._overdue.ended(entry.at)
                if not entry.in_time:
                    self._facts.break_promise(4, entry.at, "never came to rest")

    def hear(self, entry: Entry) -> None:
        match entry:
            case Durable():
                self._facts.durable(entry)
                self._mealtimes.look(entry.at)
                self._overdue.durable()
                self._halting.durable(entry.at)
                self._expiring.durable(entry.at)
            case Sent():
                self._halting.sent(entry)
                self._sending.sent(entry)
                self._answering.sent(entry)
                self._picturing.sent(entry)
            case Executed():
                self._facts.befell.add(f"a {entry.kind}")
                if entry.kind == "reboot":
                    self._sending.booted[entry.node] = entry.at
                self._sending.execution(entry)
                self._lasting.execution(entry)
            case Booted():
                self._sending.booted[entry.node] = entry.at
            case Told():
                self._telling.told(entry)
                self._lasting.told(entry)
                self._moving.told(entry)
                self._expiring.told(entry)
            case Shown():
                self._telling.shown(entry)
            case OpenCommands():
                self._moving.open_commands(entry)
                self._halting.open_commands(entry)
                self._expiring.open_commands(entry)
                self._telling.open_commands(entry)
            case Overslept():
                self._moving.overslept(entry)
            case _:
                self._hear_of_nodes(entry)

    def _hear_of_nodes(self, entry: Entry) -> None:
        match entry:
            case Asks():
                self._answering.asks(entry)
            case Complained():
                self._answering.complained(entry)
                self._sending.turned_away(entry)
            case Pictured():
                self._picturing.taken(entry)
            case Pictures():
                self._picturing.shown(entry)
            case Came():
                self._reading.came(entry)
            case Read():
                self._reading.read(entry)
            case ZoneSet():
                self._planning.zone_set(entry)
                self._mealtimes.zone_set(entry.zone, entry.at)
                self._overdue.zone_set(entry.zone)
            case Holds():
                self._planning.holds(entry)
            case OverdueTold():
                self._overdue.told(entry)
            case _:
                self._hear_of_people(entry)

    def _hear_of_people(self, entry: Entry) -> None:
        match entry:
            case Asked():
                self._repeating.asked(entry)
                self._guarding.asked(entry)
            case Answered():
                self._facts.answer(entry)
                self._repeating.answered(entry)
                self._guarding.answered(entry)
            case NotStored():
                self._facts.failed(entry)
            case Resend():
                self._sending.resend(entry)
            case RestoreConfirmed():
                self._facts.confirmed(entry)
            case Emptied():
                self._halting.emptied(entry)
            case Paused():
                self._halting.paused(entry)
            case _:
                self._hear_of_files(entry)

    def _hear_of_files(self, entry: Entry) -> None:
        match entry:
            case Loaded():
                if self._corrupted:
                    what = "a corrupt file was taken for a good one"
                    self._facts.break_promise(3, entry.at, what)
                self._facts.loaded(entry)
                self._moving.loaded(entry)
                self._mealtimes.loaded()
                self._overdue.loaded(entry.at)
                self._guarding.loaded(entry.at)
                self._halting.loaded()
                self._expiring.loaded()
                self._answering.loaded(entry)
                self._reading.loaded()
            case NotLoaded():
                if not self._corrupted:
                    what = "its files cannot be read, and nobody touched them"
                    self._facts.break_promise(1, entry.at, what)
            case Corrupted():
                self._corrupted = True
            case HistoryDamaged():
                self._facts.history_damaged()
                self._guarding.history_damaged()
            case Mended():
                self._corrupted = False
            case Restored():
                self._corrupted = False
                self._facts.restored(entry)
                self._sending.restored(entry)
                self._guarding.restored()
                self._halting.restored()
                self._telling.restored(entry)
            case _:
                pass
