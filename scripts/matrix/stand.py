"""A station on real parts, to which things can happen: one test stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
import shutil
import time
from typing import Any, Self

import aiohttp

from scripts.parts.api import Json, RefusedError, wait_for_state
from scripts.parts.broker import Broker, BrokerKind
from scripts.parts.flows import DOMAIN, device_id
from scripts.parts.home_assistant import HomeAssistantProcess
from scripts.parts.hurried import LONGEST_WAIT
from scripts.parts.process import PartError, free_port
from scripts.parts.simulator import Simulator
from scripts.parts.stations import KITCHEN, Staged

from .control import Control
from .ear import nodes_at_rest
from .plan import FOLDER_VARIABLE, PROTOCOL_VARIABLE, QOS_VARIABLE, Folder
from .proxy import Proxy
from .stored import Stored
from .verdict import Answered, Outcome, Told, executions

NODES = KITCHEN.nodes
HOOK = "scripts.matrix.hooks.home_assistant"
OPTIONS = {
    "accept_timeout": 2.0,
    "done_timeout": 4.0,
    "retry_delay": 2.0,
    "hold": 3.0,
    "feeds_waiting": 0,
    "feeds_per_hour": 0,
}
"""Seconds, shorter than usual, so that what must time out does so soon; and as many
feeds as there are points to look at."""

SIMULATOR_OPTIONS = (
    *("--work-seconds", "1", "--interval-scale", "0.25"),
    # Node 2 answers after node 1, so that each answer has points of its own.
    *("--fault", "node=2,ack=delay,seconds=0.3"),
    *("--fault", "node=2,evt=delay,seconds=0.3"),
)
PERSISTENT = ("autosave_on_changes true", "autosave_interval 1")
"""Lines for a mosquitto that knows after a kill what it knew before it."""

PATIENCE = 60
ANSWER_PATIENCE = 30
LOOK_AGAIN_SECONDS = 0.05

NATIVE = "native"
"""Nodes that are the library of `firmware/` itself."""
_PLAYED = {"old": "plain", "new": "new", NATIVE: "native"}
"""Those of the maker are left alone for 16 s after a feed: no run could wait for it."""
_TOLD = {
    "succeeded": Told.SUCCEEDED,
    "unconfirmed": Told.IN_DOUBT,
    "failed": Told.NOT_DONE,
    "rejected": Told.NOT_DONE,
    "expired": Told.NOT_DONE,
    "cancelled": Told.NOT_DONE,
    "superseded": Told.NOT_DONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What stands differ in."""

    firmware: str
    """Of the nodes: "new" drops repeated ids and tells the last one, "old" does not,
    NATIVE knows and says what it did, whatever befell it."""
    mqtt: str = "5"
    """The version that Home Assistant speaks."""
    broker_configuration: tuple[str, ...] = ()
    through_proxy: bool = False
    qos: int | None = None
    """Of all that goes to nodes, whatever the integration says; None: what it says."""

    @property
    def proves(self) -> bool:
        """Whether nodes know what they did."""
        return self.firmware == NATIVE


class Stand:
    """Broker, two nodes and a Home Assistant with the hook.

    `known` is the folder of a Home Assistant that knows broker and station.
    """

    must_see: tuple[str, ...] = (
        "after the rename of the station file",
        "after the write of the history",
        "after the bytes for node",
        "after the done of node",
    )
    """With what some point begins in each life to which nothing happens."""
    options: Mapping[str, float] = OPTIONS
    """Of the station."""
    once = True
    """Whether a node must not execute an order twice."""

    def __init__(
        self,
        folder: Path,
        known: Path,
        settings: Settings,
        *,
        environment: Mapping[str, str],
        beside: Stand | None = None,
        station: Staged | None = None,
    ) -> None:
        """Start nothing yet. A stand `beside` another shares its broker and nodes."""
        self.settings = settings
        self.station = station or KITCHEN.played_with(
            *SIMULATOR_OPTIONS, "--firmware", _PLAYED[settings.firmware]
        )
        self.folder = Folder(folder / "hook")
        self.folder.path.mkdir(parents=True)
        self.control = Control(self.folder)
        self._beside = beside
        self.broker: Broker = (
            beside.broker
            if beside
            else Broker(
                folder / "broker",
                kind=BrokerKind.MOSQUITTO,
                more_configuration=settings.broker_configuration,
            )
        )
        self.proxy = Proxy(self.broker.port)
        self.simulator: Simulator = (
            beside.simulator
            if beside
            else Simulator(
                folder / "simulator",
                self.broker,
                protocol=self.station.protocol,
                prefix=self.station.prefix,
                nodes=self.station.nodes,
                options=self.station.options,
            )
        )
        self.home_assistant = HomeAssistantProcess(
            folder / "home_assistant",
            name=self.station.name,
            port=free_port(),
            module=HOOK,
            environment={
                FOLDER_VARIABLE: str(self.folder.path),
                PROTOCOL_VARIABLE: self.station.protocol,
                LONGEST_WAIT: str(OPTIONS["done_timeout"]),
                QOS_VARIABLE: "" if settings.qos is None else str(settings.qos),
                **environment,
            },
        )
        config = self.home_assistant.config
        shutil.copytree(known / "home_assistant/config", config, symlinks=True)
        self.stored = Stored(config)
        self.device = ""
        self.orders: dict[int, Answered] = {}
        self.forgotten: set[int] = set()
        """Tags of which nothing is known any more, as an older file was put back."""
        self._clock_ahead = 0.0
        self._ends = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._ends.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ends.aclose()

    async def _start(self) -> None:
        await self._ends.enter_async_context(self.control)
        if self._beside is None:
            self._ends.push_async_callback(self.broker.stop)
            await self.broker.start()
            self._ends.push_async_callback(self.simulator.stop)
            await self.simulator.start()
        if self.settings.through_proxy:
            await self._ends.enter_async_context(self.proxy)
        through = self.settings.through_proxy
        self.stored.set_up(
            port=self.proxy.port if through else self.broker.port,
            mqtt=self.settings.mqtt,
            options=self.options,
        )
        self._ends.push_async_callback(self.home_assistant.kill)
        await self.start_home_assistant()

    async def start_home_assistant(self) -> None:
        """Start it on what it has stored, and return when it runs."""
        await self.home_assistant.start()
        self.device = await device_id(self.home_assistant.api, self.station.name)

    async def order(self, tag: int) -> Answered:
        """Give the order that has a tag, and return how the caller was left."""
        self.orders[tag] = Answered.NEVER
        try:
            async with asyncio.timeout(ANSWER_PATIENCE):
                await self.give(tag)
        except RefusedError:
            self.orders[tag] = Answered.REFUSED
        except (aiohttp.ClientError, TimeoutError):
            pass
        else:
            self.orders[tag] = Answered.STORED
        return self.orders[tag]

    async def give(self, tag: int) -> None:
        """Order a feed that bears a tag."""
        await self.call("feed", portions=1, pet=tag)

    def tag_of(self, command: Mapping[str, Any]) -> int | None:
        """Return of which order a command is, in a file or as it is told."""
        tag: int | None = command["params"].get("pet")
        return tag

    def executions(self, tag: int) -> dict[str, int]:
        """Return how often each node executed an order."""
        return executions(self.simulator.ledger(), NODES, tag)

    async def call(self, action: str, **fields: Any) -> Json:
        """Call an action, on the station unless `device_id` says otherwise."""
        fields.setdefault("device_id", self.device)
        return await self.home_assistant.api.call(DOMAIN, action, fields)

    async def commands(self) -> list[dict[str, Any]]:
        """Return all that Home Assistant tells of commands."""
        answer = await self.call("get_commands", limit=1000)
        commands: list[dict[str, Any]] = answer["commands"]
        return commands

    async def rest(self) -> None:
        """Return when every command has its end or is in doubt, and no node works.

        What is on its way to the nodes has reached them then.
        """
        while True:
            await self.until_state("binary_sensor.kitchen_ready", "on")
            await self.station_at_rest()
            before = await self.commands()
            await self.through_the_broker()
            await nodes_at_rest(self.broker, NODES, PATIENCE)
            await self.through_the_broker()
            if await self.commands() == before:
                return

    async def outcome(self, tag: int) -> Outcome:
        """Return what became of an order."""
        commands = [
            command
            for command in await self.commands()
            if self.tag_of(command) == tag
            # A command that goes on under another id is told under that one.
            and command["state"] != "superseded"
        ]
        return Outcome(
            self.orders[tag],
            tuple(map(_told, commands)),
            self.executions(tag),
            forgotten=tag in self.forgotten,
            once=self.once,
            broken_off=frozenset().union(*map(_broken_off, commands)),
            proven=self.settings.proves,
        )

    def recorded(self, tag: int, told: int) -> bool:
        """Return whether the history has so many whole lines of an order, no more.

        What nobody can know of, as an older file was put back, may have any number.
        """
        lines = self.stored.lines()
        if not all(line.whole for line in lines):
            return False
        mine = [
            line
            for line in lines
            if self.tag_of(line.command) == tag
            and line.command["state"] != "superseded"
        ]
        return tag in self.forgotten or len(mine) == told

    def put_clock_forward(self, seconds: float) -> None:
        """Let the next start find the clock further on."""
        self._clock_ahead += seconds
        text = str(self._clock_ahead)
        self.folder.clock_ahead.write_text(text, encoding="utf-8")

    def over(self, tag: int) -> bool:
        """Return whether an order was written into the history, or was refused."""
        return self.orders[tag] is Answered.REFUSED or any(
            self.tag_of(command) == tag for command in self.stored.history()
        )

    async def until_state(self, entity_id: str, state: str) -> None:
        """Wait until an entity has a state; raises PartError after a limit."""
        try:
            async with asyncio.timeout(PATIENCE):
                await wait_for_state(self.home_assistant.api, entity_id, state.__eq__)
        except TimeoutError:
            raise PartError(f"{entity_id} is not {state}") from None

    async def until(self, what: str, works: Callable[[], bool]) -> None:
        """Wait until a function of our own says so; raises PartError after a limit."""
        deadline = time.monotonic() + PATIENCE
        while not works():
            if time.monotonic() > deadline:
                raise PartError(f"Not true after {PATIENCE} s: {what}")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def station_at_rest(self) -> None:
        """Return when every command has its end or is in doubt, or after a limit."""
        slug = self.station.slug
        entities = [f"event.{slug}_command", f"sensor.{slug}_queue"]
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self.home_assistant.api.websocket() as socket,
            ):
                changes = socket.events("subscribe_entities", entity_ids=entities)
                async for _ in changes:
                    commands = await self.commands()
                    if all(command["state"] in _TOLD for command in commands):
                        return
        except TimeoutError:
            # It will never be at rest: the comparison says so.
            return

    async def through_the_broker(self) -> None:
        """Have all that Home Assistant sent before reach the broker."""
        message = {"topic": "matrix/fence", "payload": "", "qos": 1}
        await self.home_assistant.api.do("mqtt", "publish", message)


def _told(command: Mapping[str, Any]) -> Told:
    told = _TOLD.get(command["state"], Told.OPEN)
    if told is Told.NOT_DONE and _broken_off(command):
        return Told.BROKEN_OFF
    return told


def _broken_off(command: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        node
        for node, part in command["nodes"].items()
        if part.get("reason") == "interrupted"
    )
