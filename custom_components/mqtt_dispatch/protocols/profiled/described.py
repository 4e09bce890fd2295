"""Where the nodes of a profile are described, whatever their prefix is."""

from __future__ import annotations

from functools import lru_cache
import re
from typing import Final

from ..base import Described
from ..messages import Message
from ..untrusted import Unreadable
from . import reports
from .profile import Profile
from .wording import PLACE, topic_filter

_PREFIX: Final = "{prefix}"


def described_at(profile: Profile) -> tuple[str, ...]:
    """Return what is subscribed to: the usual prefix, and all of as many levels."""
    if profile.recognition is None:
        return ()
    template = profile.topics[profile.recognition.topic]
    usual = topic_filter(template, profile.prefix)
    if any(_PREFIX in level and level != _PREFIX for level in template.split("/")):
        return (usual,)
    anywhere = "/".join("+" for _ in profile.prefix.split("/"))
    return tuple(dict.fromkeys((usual, topic_filter(template, anywhere))))


def described(profile: Profile, message: Message) -> Described | None:
    """Return which nodes a message describes; see `Protocol.described`."""
    if profile.recognition is None:
        return None
    template = profile.topics[profile.recognition.topic]
    found = _pattern_of(template).fullmatch(message.topic)
    if found is None:
        return None
    try:
        content = reports.content_of(message.payload, profile.longest_message)
    except Unreadable:
        return None
    nodes = tuple(reports.described(profile, content))
    prefix = found.groupdict().get("prefix", profile.prefix)
    return Described(prefix, nodes) if nodes else None


@lru_cache(maxsize=256)
def _pattern_of(template: str) -> re.Pattern[str]:
    """Return what matches the topic under any prefix, which it tells."""
    prefix = iter(("(?P<prefix>.+)",))
    parts = (
        next(prefix, "(?P=prefix)")
        if part == "prefix"
        else "[^/]+"
        if index % 2
        else re.escape(part).replace(r"\+", "[^/]+")
        for index, part in enumerate(PLACE.split(template))
    )
    return re.compile("".join(parts))
