"""What tells greenhouse nodes the time, all of them at once.

Without it a node refuses every command but `set_time`, and says nothing of itself.
"""

from __future__ import annotations

from ..base import Site
from ..messages import Publication
from .signing import canonical_json


def time_answer(site: Site, wall: float) -> tuple[Publication, ...]:
    """Return the answer to `time/request`; see `Protocol.time_answer`."""
    answer = {
        "message_type": "time_response",
        "unix_ts": int(wall),
        "server_time": int(wall),
    }
    return (Publication(f"{site.prefix}/time/response", canonical_json(answer)),)
