"""What a person is told of profiles of his own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from homeassistant.core import HomeAssistant

from ..owned_profiles import RefusedProfile
from ..protocols.base import NodeModel
from .markdown import as_code
from .sentences import sentence


def refused_in_words(hass: HomeAssistant, refused: Sequence[RefusedProfile]) -> str:
    """Return which profiles are not taken, and why, as Markdown; empty if all are."""
    if not refused:
        return ""
    files = "; ".join(
        sentence(
            hass,
            "profile_refused",
            file=as_code(each.file),
            line=each.line,
            reason=as_code(each.reason),
        )
        for each in refused
    )
    return sentence(hass, "profiles_refused", files=files)


def unprovable_in_words(hass: HomeAssistant, models: Iterable[NodeModel]) -> str:
    """Return what an owner must know of nodes, and what they cannot prove.

    It is Markdown; empty if nothing is known of it.
    """
    return "\n\n".join(
        "\n".join(
            (
                sentence(hass, key, model=model.title),
                *(f"- {each}" for each in sentences),
            )
        )
        for model in dict.fromkeys(models)
        for key, sentences in (
            ("to_know", model.means),
            ("not_provable", model.not_provable),
        )
        if sentences
    )
