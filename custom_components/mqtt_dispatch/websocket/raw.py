"""Messages as they came, as far as anybody may read them.

What a node holds may let somebody in: what is known or called a secret is left out,
and so are the user and the query of an address. Rather too much than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
import json
import re
from typing import Any, Final

from ..broker.heard import Raw
from ..coordinator import DispatchCoordinator
from ..protocols.params import HIDDEN
from ..protocols.untrusted import without_access

LONGEST_SHOWN: Final = 500
"""Characters of a payload that are."""
LONGEST_TOPIC: Final = 200
_NEXT: Final = r""",\s*+["'{\[]"""
_GOES_ON: Final = rf"""(?=\s*+(?:{_NEXT}|[}}\]][}}\]\s]*+(?:{_NEXT}|\Z)|\Z))"""
"""Where what comes next is JSON as well, and no more of a value."""
_VALUES: Final = (
    # Texts, be they cut off, also within what stands for one character.
    r"\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z)",
    r"'(?:[^'\\]|\\.)*+(?:'|\\?\Z)",
    r"(?:true|false|null|-?\d[\d.e+\-]*+)",
)
_CALLED_A_SECRET: Final = re.compile(
    # PWM, and the power that something draws, are none.
    r"""((?:pass|pw(?![mr](?![a-z]))|secret|token|psk|credential|auth|private|cookie|key)"""
    r"""[\w.\-\\"' ]{0,40}\s*+[:=]\s*+)"""
    # A value; a list or an object with all that follows; or all up to the line's end.
    rf"""((?:{"|".join(_VALUES)})(?:{_GOES_ON}|[^\r\n]*+)|[\[{{].*|[^\r\n]+)""",
    re.IGNORECASE | re.DOTALL,
)


def raw_shown(coordinator: DispatchCoordinator, raw: Raw) -> dict[str, Any]:
    """Return a message as it came: its topic, when, and what may be read of it."""
    message, protocol = raw.message, coordinator.protocol
    text: str | None = None
    if not protocol.may_hold_secrets(message.topic):
        text = readable(raw, secrets_of(coordinator))
    return {
        "topic": _printable(message.topic[:LONGEST_TOPIC]),
        "payload": None if text is None else text[:LONGEST_SHOWN],
        "cut": text is not None and (raw.cut or len(text) > LONGEST_SHOWN),
        "size": raw.size,
        "at": message.wall,
        "retained": message.retain,
        "why": raw.why or None,
    }


def secrets_of(coordinator: DispatchCoordinator) -> set[str]:
    """Return the secrets that people gave of the nodes."""
    fields = coordinator.protocol.node_fields
    return {
        str(value)
        for said in coordinator.driver.site.nodes.values()
        for name, value in said.items()
        if name in fields and fields[name].secret and value
    }


def readable(raw: Raw, secrets: Iterable[str]) -> str:
    """Return the text of a message without these secrets, and what is called one."""
    text = raw.message.payload.decode("utf-8", "replace")
    # The longest first, since one may be a part of another.
    spellings = sorted(set(_spellings(secrets)), key=len, reverse=True)
    if raw.cut and spellings:
        # One of them may have been cut in two.
        text = text[: -len(spellings[0])]
    for secret in spellings:
        text = text.replace(secret, HIDDEN)
    text = _CALLED_A_SECRET.sub(rf"\1{HIDDEN}", without_access(text))
    return _printable(text)


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    """Yield each secret as JSON may write it, and as it is."""
    for secret in secrets:
        yield json.dumps(secret)[1:-1]
        yield json.dumps(secret, ensure_ascii=False)[1:-1]
        yield secret


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() or each == "\n" else "�" for each in text)
