"""What a person is told of profiles of his own."""

from __future__ import annotations

from collections.abc import Sequence

from homeassistant.core import HomeAssistant

from ..owned_profiles import RefusedProfile
from .sentences import sentence


def refused_in_words(hass: HomeAssistant, refused: Sequence[RefusedProfile]) -> str:
    """Return which profiles are not taken, and why; empty if all are."""
    if not refused:
        return ""
    files = "; ".join(
        sentence(
            hass, "profile_refused", file=each.file, line=each.line, reason=each.reason
        )
        for each in refused
    )
    return sentence(hass, "profiles_refused", files=files)
