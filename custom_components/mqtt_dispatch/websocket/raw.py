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
_CALLED_A_SECRET: Final = re.compile(
    r"""((?:pass|pwd|secret|token|psk|credential|auth|private|cookie|key)"""
    r"""[\w.\-\\"' ]{0,40}\s{0,4}[:=]\s{0,4})"""
    # A text, be it cut off; a list or an object with all that follows; or a word.
    r"""("(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|[\[{].*|[^\s,;&}\]]+)""",
    re.IGNORECASE | re.DOTALL,
)


def raw_shown(coordinator: DispatchCoordinator, raw: Raw) -> dict[str, Any]:
    """Return a message as it came: its topic, when, and what may be read of it."""
    message, protocol = raw.message, coordinator.protocol
    text: str | None = None
    if not protocol.may_hold_secrets(message.topic):
        text = _readable(raw, secrets_of(coordinator))
    return {
        "topic": _printable(message.topic[:LONGEST_TOPIC]),
        "payload": None if text is None else text[:LONGEST_SHOWN],
        "cut": text is not None and (raw.cut or len(text) > LONGEST_SHOWN),
        "size": raw.size,
        "at": message.wall,
        "retained": message.retain,
        "why": raw.why or None,
    }


def secrets_of(coordinator: DispatchCoordinator) -> list[str]:
    """Return the secrets that people gave of the nodes, the longest first."""
    fields = coordinator.protocol.node_fields
    found = {
        str(value)
        for said in coordinator.driver.site.nodes.values()
        for name, value in said.items()
        if name in fields and fields[name].secret and value
    }
    return sorted(found, key=len, reverse=True)


def _readable(raw: Raw, secrets: Iterable[str]) -> str:
    text = raw.message.payload.decode("utf-8", "replace")
    spellings = [*_spellings(secrets)]
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
        yield secret


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() or each == "\n" else "�" for each in text)
