"""What greenhouse nodes answer to commands.

Any answer may follow an acknowledgement, and the first that is another one is the last
word. What the wire leaves open is decided here:

- A node that does not know the time yet may be told again, under the same id. It asked
  for the time 40 times and no more, so its refusal is a question, too.
- A test node that says it has done a command that it does not know has not.
- A pump node says how its pump is when it begins a run. A mere acknowledgement answers
  a repeat: it knows the id, also that of a run which it refused in safe mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ....engine.model.reports import (
    Accepted,
    Answer,
    AsksTime,
    Busy,
    Done,
    Failed,
    Rejected,
)
from ...untrusted import Unreadable, shown
from ..commands import spoken_of
from ..node_types import is_seed

_MOST_PARTS: Final = 4
_NOT_UNDERSTOOD: Final = ("unknown_command",)
_NOTHING_DONE: Final = "virtual_noop"
_LATER: Final = "time_not_synced"
_REFUSALS: Final = ("ERROR", "INVALID", "TIMEOUT")
_MERE: Final = frozenset({"cmd_id", "status", "ts"})
"""The fields of an answer that says no more than its status."""


def reason(content: Mapping[str, Any]) -> str:
    """Return in one line why a node did not do something; empty: it does not say."""
    details = _mapping(content.get("details"))
    for code, message in (
        (content.get("error_code"), content.get("error_message")),
        (details.get("error_code"), details.get("error_message")),
        (details.get("error"), None),
        (content.get("error"), content.get("message")),
    ):
        if said := [*_texts(code), *_texts(message)]:
            return shown(": ".join([*said, *_texts(details.get("note"))]))
    return shown(": ".join(_texts(details.get("note"))))


def answers(
    node: str, fields: Mapping[str, Any], content: Mapping[str, Any]
) -> tuple[Answer, ...]:
    """Return what a node's answer says of a command; `fields` are those of the node.

    Raises Unreadable: `foreign cmd_id`, or `unknown status`.
    """
    cmd_id = content.get("cmd_id")
    spoken = spoken_of(cmd_id) if isinstance(cmd_id, str) else None
    if spoken is None:
        raise Unreadable("foreign cmd_id")
    command_id, counts = spoken
    if not counts or _knows_and_says_no_more(fields, content):
        return ()
    return (_meant(node, command_id, content),)


def question(content: Mapping[str, Any]) -> tuple[AsksTime, ...]:
    """Return what a node asks that refuses a command."""
    return (AsksTime(),) if _code(content) == _LATER else ()


def _meant(node: str, command_id: int, content: Mapping[str, Any]) -> Answer:
    status, why = content.get("status"), reason(content)
    unknown = _note(content) == _NOTHING_DONE or (
        status in _REFUSALS and _is_unknown(content)
    )
    if unknown:
        return Failed(node, command_id, why or str(status), for_good=True)
    match status:
        case "ACK":
            return Accepted(node, command_id)
        case "DONE" | "NO_EFFECT":
            return Done(node, command_id)
        case "ERROR" | "TIMEOUT" if _code(content) != _LATER:
            return Failed(node, command_id, why or str(status))
        case "INVALID":
            return Rejected(node, command_id, why, after_all=True)
        case "BUSY" | "ERROR" | "TIMEOUT":
            return Busy(node, command_id, after_all=True)
    raise Unreadable("unknown status")


def _knows_and_says_no_more(
    fields: Mapping[str, Any], content: Mapping[str, Any]
) -> bool:
    return (
        fields.get("type") == "pump"
        and not is_seed(fields)
        and content.get("status") == "ACK"
        and content.keys() <= _MERE
    )


def _is_unknown(content: Mapping[str, Any]) -> bool:
    """Whether a node does not know what it was told.

    Firmware says so with a code, the vendor's simulator in a sentence.
    """
    message = _mapping(content.get("details")).get("error_message")
    return _code(content) in _NOT_UNDERSTOOD or (
        isinstance(message, str) and message.startswith("Unknown command")
    )


def _code(content: Mapping[str, Any]) -> object:
    details = _mapping(content.get("details"))
    return content.get("error_code") or details.get("error_code")


def _note(content: Mapping[str, Any]) -> object:
    return _mapping(content.get("details")).get("note")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> list[str]:
    """Return what is said by a text, or by a list of texts."""
    parts = value[:_MOST_PARTS] if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, str) and part]
