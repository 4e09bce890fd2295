"""The lines of a valve hub: how they come, and what stands between their blanks.

A serial bridge makes mistakes that a radio hub does not: lines come joined or cut.
What the wire leaves open is decided here:

- A line begins at a line end or at a known first word, also right after another line
  without anything between. The end of `REBOOT_NODE` is none, nor is that of
  `DELETED_NODE`, and a last letter that a line has lost is not taken from the next one.
- What is before the first of them is a line too, which nobody will understand.
- The text of an `ERROR` ends where its line ends or where a whole line follows: it may
  hold first words.
- A number is decimal; where the hub's manual writes hexadecimal ones, `0x..` is read
  as well. A line that was cut within its last number cannot be told from a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
import re
from typing import Final

from ..untrusted import Unreadable, json_object

LONGEST_REPORT: Final = 4096
MOST_LINES: Final = 64
"""As many are read of one message."""
GARBLED: Final = "no whole line"
HIGHEST_ADDRESS: Final = 65533
HIGHEST_DEVICE: Final = 2**64 - 1

_FIRST_WORD: Final = re.compile(
    r"HUB_READY"
    r"|GET_DATETIME(?!VENT|RROR)"
    r"|(?:HEARTBEAT|EVENT|EVENT_LOG|SENSOR_DATA|SENSOR_BATCH|SENSOR_RECORD"
    r"|BATCH_COMPLETE|BATCH_ACK_SENT|QUEUED|QUEUE|UPDATE|NODE_LIST|DELETED_NODE"
    r"|(?<!REBOOT_)(?<!RESET_)(?<!DELETED_)NODE|ERROR)(?=\s|$)"
)
_LINE_END: Final = re.compile(r"[\r\n]+")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,20}")
_HEXADECIMAL: Final = re.compile(r"0[xX][0-9A-Fa-f]{1,16}")


def lines(payload: bytes, is_whole: Callable[[str], bool]) -> list[str]:
    """Return the lines of a message, whole or not, without blank ones.

    The message is plain text, or JSON with the text in `SerialReceived`. Whether a line
    begins within the text of an `ERROR` is for `is_whole` to say. Raises Unreadable.
    """
    found = []
    for text in _LINE_END.split(_text(payload)):
        starts = [match.start() for match in _FIRST_WORD.finditer(text)]
        bounds = [0, *(start for start in starts if start), len(text)]
        parts: list[str] = []
        for start, end in pairwise(bounds):
            part = text[start:end]
            if parts and parts[-1].startswith("ERROR") and not is_whole(part):
                parts[-1] += part
            else:
                parts.append(part)
        found += [line for part in parts if (line := part.strip())]
    return found


def whole(text: str, minimum: int, maximum: int) -> int:
    """Return the decimal number in its range. Raises Unreadable for anything else."""
    if not _DECIMAL.fullmatch(text) or not minimum <= int(text) <= maximum:
        raise Unreadable(GARBLED)
    return int(text)


def address(text: str) -> str:
    """Return a node's name. Raises Unreadable."""
    return str(whole(text, 1, HIGHEST_ADDRESS))


def expect(words: Sequence[str], *counts: int) -> None:
    """Raise Unreadable for a line with another number of words after its first."""
    if len(words) not in counts:
        raise Unreadable(GARBLED)


def code(text: str, maximum: int) -> int:
    """Return the number, decimal or as `0x..`. Raises Unreadable for anything else."""
    if _HEXADECIMAL.fullmatch(text):
        return whole(str(int(text, 16)), 0, maximum)
    return whole(text, 0, maximum)


def _text(payload: bytes) -> str:
    if len(payload) > LONGEST_REPORT:
        raise Unreadable("too long")
    if not payload.lstrip().startswith(b"{"):
        return payload.decode("ascii", "replace")
    text = json_object(payload, LONGEST_REPORT).get("SerialReceived")
    if not isinstance(text, str):
        raise Unreadable("no SerialReceived")
    return text
