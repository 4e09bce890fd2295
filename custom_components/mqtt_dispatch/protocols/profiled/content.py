"""What stands where in JSON that anybody may have sent."""

from __future__ import annotations

from typing import Any, Final

from .profile import Keys, Scalar

ABSENT: Final = object()
_PLACES: Final = frozenset(map(str, range(100)))


def at(content: Any, path: Keys) -> Any:  # noqa: ANN401
    """Return what stands there in what anybody may have sent; `ABSENT`: nothing."""
    for key in path:
        if isinstance(content, dict):
            content = content.get(key, ABSENT)
        elif isinstance(content, list) and key in _PLACES:
            place = int(key)
            content = content[place] if place < len(content) else ABSENT
        else:
            return ABSENT
    return content


def same(found: object, wanted: Scalar) -> bool:
    """Whether they are equal; true is not 1."""
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted
