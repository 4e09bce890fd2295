"""How HEAD firmware takes a command: what it checks, in which order, and remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.greenhouse.equipment import Board, Handler
from simulator.greenhouse.memory import Memory
from simulator.greenhouse.wire import (
    LONGEST_COMMAND,
    Task,
    is_too_deep,
    number,
    read_object,
    signature,
)
from simulator.node import Effect, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.greenhouse.head import HeadNode

CLOCK_TOLERANCE_SECONDS = 10
LONGEST_CMD = 31
LONGEST_ID = 63
SIGNATURE_LENGTH = 64
RESTART_SECONDS = 1.0

type _Refusal = tuple[str, str]
"""Its code and its message."""


class Commands:
    """What a node makes of commands. `board` is what its equipment uses, too."""

    def __init__(self, node: HeadNode, board: Board) -> None:
        self._node = node
        self._answers = node.answers
        self._board = board
        self._memory = Memory()

    def lose_power(self) -> None:
        self._memory = Memory()

    def ended(self, cmd_id: str, status: str) -> None:
        """Note the last answer to a command."""
        self._memory.end(cmd_id, status)

    def take(self, channel: str, payload: bytes, now: float) -> list[Effect]:
        """Take a message on the topic of a command."""
        if len(payload) > LONGEST_COMMAND:
            return _dropped(payload)
        try:
            content = read_object(payload)
        except (ValueError, TypeError):
            return self._unreadable(channel, payload, now)
        cmd_id = content.get("cmd_id")
        if not isinstance(cmd_id, str):
            return _dropped(payload)
        cmd = content.get("cmd")
        task = Task(
            cmd_id,
            cmd if isinstance(cmd, str) else "",
            _params(content),
            channel,
            content,
            orders=self._node.orders.take(),
        )
        return self._take(task, now)

    def _unreadable(self, channel: str, payload: bytes, now: float) -> list[Effect]:
        """Answer what is no JSON where an id can be made out."""
        text = payload.decode(errors="replace")
        _, found, rest = text.partition('"cmd_id"')
        parts = rest.split('"')
        if not found or len(parts) < len(("", "id", "rest")) or not parts[1]:
            return _dropped(payload)
        task = Task(parts[1], "", {}, channel)
        return self._answers.say(
            task,
            "INVALID",
            now,
            error_code="invalid_json",
            error_message="Command payload is not valid JSON",
        )

    def _take(self, task: Task, now: float) -> list[Effect]:
        if task.ordered("silent", "idle"):
            return [task.note("silent")]
        refusal = _malformed(task) or self._unsigned(task) or self._untimely(task, now)
        if refusal is not None:
            return self._answers.turn_away(task, now, *refusal)
        return self._look_up(task, now)

    def _look_up(self, task: Task, now: float) -> list[Effect]:
        status = self._memory.look_up(task.id, now)
        if status is not None:
            return self._again(task, status, now)
        if self._node.safe_mode and task.cmd != "exit_safe_mode":
            text = "Node is in safe mode. Use 'exit_safe_mode' command to exit."
            return self._answers.turn_away(task, now, "safe_mode_active", text)
        handler = self._handlers().get(task.cmd)
        if handler is None:
            return self._answers.error(
                task, now, "unknown_command", "Command not found"
            )
        # Only what takes a command up can say that of it, and it is asked for none
        # that is remembered.
        for fault in ("invalid", "busy"):
            if fault in task.orders:
                said = self._answers.say(task, fault.upper(), now, error_code="ordered")
                return [task.note(fault), *said]
        return handler(task, now)

    def _unsigned(self, task: Task) -> _Refusal | None:
        """Return what is wrong with the form of a signature."""
        content = task.content
        code = "invalid_hmac_format"
        if ("ts" in content) is not ("sig" in content):
            return code, "ts and sig must be provided together"
        if "ts" not in content:
            return "hmac_required", "Command must include ts and sig"
        sig = content["sig"]
        if number(content["ts"]) is None or not isinstance(sig, str):
            return code, "Invalid HMAC fields format"
        if self._node.secret is None:
            return "missing_node_secret", "node_secret is not configured"
        if len(sig) != SIGNATURE_LENGTH:
            return code, "Invalid HMAC signature length"
        return None

    def _untimely(self, task: Task, now: float) -> _Refusal | None:
        """Return whether it comes at the wrong time, or is signed by another."""
        content, secret = task.content, str(self._node.secret)
        if not self._node.knows_time and task.cmd != "set_time":
            return "time_not_synced", "Time is not synchronized yet"
        ahead = int(self._node.time(now)) - int(content["ts"])
        if self._node.knows_time and abs(ahead) > CLOCK_TOLERANCE_SECONDS:
            return "timestamp_expired", "Command timestamp is outside acceptable range"
        signed = signature(content, secret)
        if is_too_deep(content) or content["sig"].lower() != signed:
            text = "Command HMAC signature verification failed"
            return "invalid_signature", text
        return None

    def _again(self, task: Task, status: str, now: float) -> list[Effect]:
        note = Note(f"dropped {task.id}: a repeat")
        if status == "ERROR":
            text = "Command was already processed and failed previously"
            code = "command_already_failed"
            return [note, *self._answers.error(task, now, code, text)]
        return [note, *self._answers.say(task, status, now)]

    def _handlers(self) -> Mapping[str, Handler]:
        return {
            **dict.fromkeys(("restart", "reboot"), self._restart),
            **dict.fromkeys(
                ("report_config", "config_report", "get_config", "sync_config"),
                self._report,
            ),
            "set_time": self._set_time,
            "exit_safe_mode": self._exit_safe_mode,
            "get_diagnostics": self._diagnose,
            **self._node.equipment.handlers(),
        }

    def _restart(self, task: Task, now: float) -> list[Effect]:
        effects: list[Effect] = [self._board.executed(task)]
        if task.ordered("die", "executed"):
            return effects + self._board.die(task, now)
        at = now + self._node.scaled(RESTART_SECONDS)
        self._node.agenda.put("restart", at, self._node.restart)
        return effects + self._answers.done(task, now)

    def _report(self, task: Task, now: float) -> list[Effect]:
        details = {"note": "config_report_published"}
        return [
            *self._node.report(),
            *self._answers.done(task, now, details=details),
        ]

    def _set_time(self, task: Task, now: float) -> list[Effect]:
        told = number(task.params.get("unix_ts"))
        if told is None:
            text = "Missing or invalid unix_ts"
            return self._answers.error(task, now, "invalid_params", text)
        if not self._node.set_time(told, now):
            return self._answers.error(
                task, now, "set_time_failed", "Failed to set time"
            )
        return self._answers.done(task, now)

    def _exit_safe_mode(self, task: Task, now: float) -> list[Effect]:
        self._node.safe_mode = False
        return self._answers.done(task, now)

    def _diagnose(self, task: Task, now: float) -> list[Effect]:
        return self._answers.done(task, now, details=self._node.telling.diagnosis(now))


def _malformed(task: Task) -> _Refusal | None:
    code = "invalid_command_format"
    if not task.cmd or not task.id:
        return code, "Command must include non-empty cmd and cmd_id"
    if len(task.cmd.encode()) > LONGEST_CMD:
        return code, "Command name is too long"
    if len(task.id.encode()) > LONGEST_ID:
        return code, "cmd_id is too long"
    return None


def _params(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a command's parameters; without `params` they lie beside `cmd`."""
    if "params" not in content:
        return content
    params = content["params"]
    return params if isinstance(params, dict) else {}


def _dropped(payload: bytes) -> list[Effect]:
    return [Note(f"dropped {len(payload)} bytes that it does not understand")]
