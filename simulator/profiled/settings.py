"""What the nodes of a station by a profile have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.mqtt_dispatch.protocols.profiled.profile import (
        Model,
        Profile,
    )

HEARTBEAT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Settings:
    """One station; `models` says by node which model of the profile it is.

    `reach_seconds` is how long a message is on its way to a node, `work_seconds` how
    long work takes that says nothing of its length; `interval_scale` multiplies
    `HEARTBEAT_SECONDS`, and `duration_scale` what lasts. A node that is `new` has
    told nothing yet: it tells each reading for the first time when it changes.
    """

    profile: Profile
    prefix: str
    models: Mapping[str, str]
    reach_seconds: float = 0.1
    work_seconds: float = 2.0
    interval_scale: float = 1.0
    duration_scale: float = 1.0
    new: bool = False

    def model_of(self, node: str) -> Model:
        return self.profile.models[self.models[node]]

    @property
    def relayed(self) -> bool:
        """Whether one client speaks for all nodes: a sign or a refusal names none."""
        profile = self.profile
        topics = [sign.topic for sign in profile.online]
        topics += [refusal.topic for refusal in profile.refusals]
        return any("{node}" not in profile.topics[topic] for topic in topics)
