"""Nodes with the newest firmware, HEAD.

What they answer was compared with the firmware itself, built for another machine; see
`tests/protocols/vectors/greenhouse`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, override

from simulator.faults import ALL
from simulator.greenhouse import config as configs
from simulator.greenhouse.commands import Commands
from simulator.greenhouse.config import Config, ConfigError
from simulator.greenhouse.dosing import EC, PH, Dosing
from simulator.greenhouse.equipment import Board, Equipment, Probe, Sensors
from simulator.greenhouse.kinds import TYPES
from simulator.greenhouse.life import GreenhouseNode, Settings
from simulator.greenhouse.storage import Storage
from simulator.greenhouse.switching import Climate, Pumps, Relays
from simulator.greenhouse.telling import Telling
from simulator.greenhouse.wire import number, read_object
from simulator.node import Effect, Note, Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LEAST_TIME = 1_000_000_000

EQUIPMENT: dict[str, Callable[[Board], Equipment]] = {
    "ph": lambda board: Dosing(board, PH),
    "ec": lambda board: Dosing(board, EC),
    "climate": Climate,
    "relay": Relays,
    "irrig": Storage,
    "pump": Pumps,
    "light": lambda board: Sensors(
        board, {"light": Probe("LIGHT_INTENSITY", "lux", 12_000.5, {"stable": True})}
    ),
}


class HeadNode(GreenhouseNode):
    """One node; `memory` is what its flash held, from a `Remembered`.

    Raises ValueError where `memory` is not what a node stores.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        node_type: str,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        super().__init__(name, settings, now)
        self.key = node_type
        self.type = TYPES[node_type]
        self.config = _held(memory, name, node_type)
        self._listens_at = configs.address_in(self.config)
        self._tells_at_connect = True
        self._clock: float | None = None
        """How far its clock is ahead; None: it does not know the time."""
        self.safe_mode = False
        self._board = Board(
            node=name,
            agenda=self.agenda,
            orders=self.orders,
            answers=self.answers,
            channels=lambda: {
                each["name"]: each for each in self.config["channels"] if "name" in each
            },
            tell=self._event,
            report=self.report,
            keep=self._keep_calibration,
            die=self.die,
        )
        self.telling = Telling(self)
        self.equipment = EQUIPMENT[node_type](self._board)
        self._commands = Commands(self, self._board)

    # What it is

    @override
    def base(self) -> str:
        return f"{self.settings.prefix}/{configs.address_in(self.config)}"

    @property
    def secret(self) -> str | None:
        secret = self.config.get("node_secret")
        return secret if isinstance(secret, str) else None

    @property
    def knows_time(self) -> bool:
        return self._clock is not None

    def time(self, now: float) -> float:
        """Return what its clock shows: the time since its start, until it is told."""
        return now - self.booted_at if self._clock is None else now + self._clock

    @override
    def stamp(self, now: float) -> int:
        return int(self.time(now)) * 1000

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        prefix, temporary = self.settings.prefix, self._temporary
        here = configs.address_in(self.config)
        return tuple(
            dict.fromkeys(
                (
                    f"{prefix}/{here}/config",
                    f"{prefix}/{temporary}/config",
                    f"{prefix}/{here}/+/command",
                    f"{prefix}/time/response",
                    f"{prefix}/{temporary}/+/command",
                )
            )
        )

    @property
    def _temporary(self) -> str:
        return f"{'/'.join(configs.TEMPORARY)}/{self._name}"

    # Its life

    @override
    def clear(self, fault: str) -> None:
        if fault in (ALL, "safe_mode"):
            self.safe_mode = False

    @override
    def lose_power(self) -> None:
        self._clock = None
        self.safe_mode = False
        self._tells_at_connect = True
        self.equipment.lose_power()
        self._commands.lose_power()

    @override
    def lose_config(self) -> Mapping[str, Any]:
        self.config = configs.factory_config(self._name, self.key, self.type)
        return {"config": None}

    @override
    def set_clock_ahead(self, seconds: float) -> None:
        if self._clock is not None:
            self._clock = seconds

    def set_time(self, unix_ts: float, now: float) -> bool:
        """Be told the time; return whether it is one."""
        if unix_ts < LEAST_TIME:
            return False
        self._clock = int(unix_ts) - now
        return True

    @override
    def ended(self, cmd_id: str, status: str) -> None:
        self._commands.ended(cmd_id, status)

    @override
    def on_connect(self, now: float) -> list[Effect]:
        self.connected = True
        self._listens_at = configs.address_in(self.config)
        effects = self.telling.connected(now)
        unbound = configs.is_temporary(self.config)
        greets = unbound and (self._tells_at_connect or not self.type.tells_at_connect)
        if self.type.always_greets or greets:
            effects += self.telling.hello()
        if self.type.tells_at_connect and self._tells_at_connect:
            effects += self.report()
        self.telling.start(now)
        return effects + self.telling.levels(now)

    @override
    def hear(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        prefix = f"{self.settings.prefix}/"
        if topic == f"{prefix}time/response":
            return self._told_time(payload, now)
        for address in (self._listens_at, self._temporary):
            start = f"{prefix}{address}/"
            if not topic.startswith(start):
                continue
            match topic.removeprefix(start).split("/"):
                case ["config"]:
                    return self._configure(payload, now)
                case [channel, "command"]:
                    return self._commands.take(channel, payload, now)
        return []

    def _told_time(self, payload: bytes, now: float) -> list[Effect]:
        try:
            told = number(read_object(payload).get("unix_ts"))
        except (ValueError, TypeError):
            told = None
        knew = self.knows_time
        if told is None or not self.set_time(told, now):
            return [Note("refused what it was told of the time")]
        return [] if knew else self.telling.levels(now)

    @override
    def at_once(self, fault: str, now: float) -> list[Effect]:
        match fault:
            case "safe_mode":
                self.safe_mode = True
                self.equipment.lose_power()
                return self.telling.safe_mode(now)
            case "error":
                return self.telling.error(now)
        return []

    def _event(self, code: str, now: float) -> list[Effect]:
        return self.telling.event(code, now)

    # Its configuration

    def _configure(self, payload: bytes, now: float) -> list[Effect]:
        if order := self.orders.take().get("config"):
            return [Note(f"fault on a configuration: {order}")]
        try:
            config = configs.read_config(payload, self.type)
        except ConfigError as error:
            return [Note(f"refused a configuration: {error}")]
        unbound = configs.is_temporary(self.config)
        if unbound and configs.is_temporary(config):
            return self.report()
        if configs.is_the_same(config, self.config):
            return self.report()
        moves = configs.moves(config, self.config)
        self.config = configs.kept(config, self.config)
        effects: list[Effect] = [Remembered({"config": self.config})]
        if not moves or not self.type.reconnects:
            return effects + self.report()
        # What would tell goes to a connection that is not there yet.
        self._tells_at_connect = self.type.keeps_telling
        return effects + self.reconnect(now)

    def report(self) -> list[Effect]:
        """Tell what it holds."""
        if order := self.orders.view().get("binding"):
            return [Note(f"fault on what it holds: {order}")]
        held = {**self.config, "fw_version": configs.FW_VERSION}
        return [self.say("config_report", held)]

    def _keep_calibration(self, points: Mapping[str, Any]) -> list[Effect]:
        calibration = dict(self.config.get("calibration") or {})
        for sensor, point in points.items():
            calibration[sensor] = {**calibration.get(sensor, {}), **point}
        self.config = {**self.config, "calibration": calibration}
        return [Remembered({"config": self.config})]


def _held(memory: Mapping[str, Any] | None, name: str, key: str) -> Config:
    if memory is None:
        return configs.factory_config(name, key, TYPES[key])
    try:
        held = memory["config"]
    except (KeyError, TypeError) as error:
        raise ValueError("not what a node's flash holds") from error
    if held is None:
        return configs.factory_config(name, key, TYPES[key])
    config = configs.read_config(json.dumps(held).encode(), TYPES[key])
    return configs.kept(config, configs.NETWORK)
