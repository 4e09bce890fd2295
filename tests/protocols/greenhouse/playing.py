"""A greenhouse node that is played by hand."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any, override

from custom_components.mqtt_dispatch.protocols.messages import Publication

from ..played import Played
from .samples import FIELDS, HOME, NODE


class Node(Played):
    """One node that answers nothing by itself."""

    def __init__(self, said: Mapping[str, Any] = FIELDS) -> None:
        self.ever_sent: list[tuple[str, str]] = []
        super().__init__("greenhouse", {NODE: said})

    def beat(self, uptime: float, home: str = HOME) -> None:
        self.hear(f"{home}/heartbeat", {"uptime": uptime})

    def answer(
        self, command_id: int, status: str, channel: str = "pump_acid", **more: Any
    ) -> None:
        answer = {"cmd_id": self.cmd_id(command_id), "status": status, **more}
        self.hear(f"{HOME}/{channel}/command_response", answer)

    def is_open(self, command_id: int) -> bool:
        """Whether a command has not ended."""
        return command_id in self.engine.ledger.open

    def cmd_id(self, command_id: int) -> str:
        """Return the latest id under which the node was told a command."""
        told = (json.loads(payload) for _, payload in self.ever_sent)
        ids = (each.get("cmd_id", "") for each in told)
        own = [each for each in ids if each.startswith(f"md-{command_id}")]
        counting = [each for each in own if not each.endswith("-x")]
        return counting[-1] if counting else f"md-{command_id}"

    @override
    def _say(self, publications: tuple[Publication, ...]) -> None:
        super()._say(publications)
        self.ever_sent += [(each.topic, each.payload) for each in publications]

    def doses(self) -> list[dict[str, Any]]:
        """Return the doses that went down since this was last asked."""
        told = [json.loads(payload) for _, payload in self.taken()]
        return [each for each in told if each["cmd"] == "dose"]

    def live(self, minutes: float) -> None:
        """Let time pass while the node says every half minute that it is there."""
        for _ in range(int(minutes * 2)):
            self.advance(30.0)
            self.beat(1e6 + self.now.steady)


def dose(node: Node) -> int:
    return node.put("dose", NODE, channel="pump_acid", ml=0.1)
