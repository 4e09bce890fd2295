"""Home Assistant whose stations wait no longer than a test: run as a module.

What a kind has of its own, the half hour of a valve behind a hub, no option of a
station changes. The environment variable LONGEST_WAIT says how many seconds are enough.

Where RUNS_SCALED is there, what lasts at a node by a profile is over after so much of
its time, 0.1 for a tenth, and is never over too early. Nothing else is faster.
"""

from __future__ import annotations

from dataclasses import replace
import os
from pathlib import Path
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custom_components.mqtt_dispatch.engine.model.command import Command
    from custom_components.mqtt_dispatch.engine.model.step import Course
    from custom_components.mqtt_dispatch.protocols.base import Kind, Protocol, Site
    from custom_components.mqtt_dispatch.protocols.profiled.profile import Profile

LONGEST_WAIT = "LONGEST_WAIT"
RUNS_SCALED = "RUNS_SCALED"
_ANY_TIME = 1e6
"""Seconds."""


def main() -> int:
    """Run Home Assistant."""
    hurry()
    from homeassistant.__main__ import main as run  # noqa: PLC0415

    return run()


def hurry() -> None:
    """Have no node take longer to be done than is enough."""
    longest = float(os.environ[LONGEST_WAIT])
    configuration = sys.argv[sys.argv.index("--config") + 1]
    sys.path.insert(0, configuration)
    from custom_components.mqtt_dispatch import station  # noqa: PLC0415
    from custom_components.mqtt_dispatch.protocols import PROTOCOLS  # noqa: PLC0415

    def hurried(kind: Kind) -> Kind:
        enough = min(kind.policy.done_timeout, longest)
        return replace(kind, policy=replace(kind.policy, done_timeout=enough))

    scale = float(os.environ.get(RUNS_SCALED, "1"))
    vars(station)["PROTOCOLS"] = {
        key: replace(
            protocol,
            kinds={name: hurried(kind) for name, kind in protocol.kinds.items()},
        )
        for key, protocol in {**PROTOCOLS, **_with_short_runs(scale)}.items()
    }


def _with_short_runs(scale: float) -> dict[str, Protocol]:
    """Return the protocols of the package's profiles, with runs that end sooner."""
    from custom_components.mqtt_dispatch import protocols  # noqa: PLC0415
    from custom_components.mqtt_dispatch.protocols.profiled import (  # noqa: PLC0415
        assembly,
    )
    from custom_components.mqtt_dispatch.protocols.profiled.reading import (  # noqa: PLC0415
        reader,
    )

    if scale == 1:
        return {}
    files = Path(protocols.__file__).with_name("profiles").glob("*.json")
    read = (reader.read(file.read_text(encoding="utf-8")) for file in files)
    return {
        profile.key: _with_short_course(
            assembly.protocol_of(_with_patience(profile)), scale
        )
        for profile in read
    }


def _with_patience(profile: Profile) -> Profile:
    """Return a profile by which nothing is over too early."""
    models = {
        key: replace(
            model,
            kinds={
                name: replace(kind, tolerance=_ANY_TIME)
                for name, kind in model.kinds.items()
            },
        )
        for key, model in profile.models.items()
    }
    return replace(profile, models=models)


def _with_short_course(protocol: Protocol, scale: float) -> Protocol:
    def course(site: Site, command: Command, node: str) -> Course:
        usual = protocol.course(site, command, node)
        undoing = usual.undoing
        if undoing is not None and not undoing.goes_on:
            usual_end = undoing.after - _ANY_TIME
            undoing = replace(undoing, after=usual_end * scale)
        return replace(usual, lasts=usual.lasts * scale, undoing=undoing)

    return replace(protocol, course=course)


if __name__ == "__main__":
    sys.exit(main())
