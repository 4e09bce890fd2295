"""Settings of who relays that keep from us what nodes say, as far as they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..base import Site
from ..messages import Learned
from .content import ABSENT, at, same
from .names import HARDWARE_ID
from .profile import Keys, Model, Profile, Setting

HINDERED: Final = "hindered"
"""What is learned of a node: the places of those settings in its profile."""
_BY_ID: Final = "{hardware_id}"


def hindrances(profile: Profile, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what keeps from us what a node says, a sentence each."""
    places = fields.get(HINDERED) or ()
    return tuple(
        setting.means for at, setting in enumerate(profile.settings) if at in places
    )


def told_settings(
    profile: Profile, site: Site, topic: str, content: object
) -> Iterator[Learned]:
    """Yield for which nodes what is set is otherwise now, as a message says."""
    if not any(setting.topic == topic for setting in profile.settings):
        return
    for node, fields in site.nodes.items():
        model = profile.models.get(str(fields.get("model", "")))
        before = list(fields.get(HINDERED) or ())
        now = [
            place
            for place, setting in enumerate(profile.settings)
            if (
                _hinders(setting, model, fields, content)
                if setting.topic == topic
                else place in before
            )
        ]
        if now != before:
            yield Learned(node, {HINDERED: now})


def _hinders(
    setting: Setting, model: Model | None, fields: Mapping[str, Any], content: object
) -> bool:
    hardware_id = fields.get(HARDWARE_ID)
    value: Any = ABSENT
    if hardware_id or _BY_ID not in setting.path:
        value = at(content, _path(setting.path, str(hardware_id)))
    if value in (ABSENT, None) and setting.otherwise is not None:
        value = at(content, setting.otherwise)
    if value is ABSENT or value is None:
        return False
    if setting.fine is not None:
        return not any(same(value, each) for each in setting.fine)
    return model is not None and isinstance(value, list) and _hides(value, model)


def _hides(names: list[Any], model: Model) -> bool:
    """Whether any of what a model tells is among these."""
    told = {path[0] for each in model.readings.values() for path in each.paths if path}
    return any(isinstance(name, str) and name in told for name in names)


def _path(path: Keys, hardware_id: str) -> Keys:
    return tuple(hardware_id if key == _BY_ID else key for key in path)
