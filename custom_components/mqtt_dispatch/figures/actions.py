"""The action that tells figures."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse

from ..history.period import PERIOD_FIELDS, period_of
from ..ordering.schemas import Action, Fields, a_text, for_a_device
from ..ordering.targets import Target, async_target
from ..texts.responses import time_as_response
from .asking import async_figures
from .computing import NodeFigures
from .reading import Window

ATTR_KIND: Final = "kind"
ATTR_NODE: Final = "node"
WHOSE_FIELDS: Final[Fields] = {ATTR_NODE: a_text, ATTR_KIND: a_text}


async def async_window(call: ServiceCall) -> tuple[Target, Window]:
    """Return the station that an action looks back at, and at what of it.

    A device of a node means what went to that node. Raises as `async_target`.
    """
    target = await async_target(call, POLICY_READ)
    await target.async_demand_station(POLICY_READ)
    since, until = period_of(call)
    node = call.data.get(ATTR_NODE)
    if node is None and not target.is_station:
        (node,) = target.nodes
    kind = call.data.get(ATTR_KIND)
    return target, Window(since=since, until=until, node=node, kind=kind)


async def _get_metrics(call: ServiceCall) -> ServiceResponse:
    """Tell how much was ordered, what became of it, and how long that took."""
    target, window = await async_window(call)
    found = await async_figures(target.coordinator, window)
    return {
        "since": time_as_response(window.since),
        "until": time_as_response(window.until),
        **_as_response(found.station),
        "nodes": {node: _as_response(found.nodes[node]) for node in found.nodes},
    }


def _as_response(figures: NodeFigures) -> dict[str, Any]:
    return {
        **asdict(figures.total),
        "kinds": {kind: asdict(of_kind) for kind, of_kind in figures.kinds.items()},
    }


FIGURES_ACTIONS: Final[tuple[Action, ...]] = (
    (
        "get_metrics",
        _get_metrics,
        for_a_device({**PERIOD_FIELDS, **WHOSE_FIELDS}),
        SupportsResponse.ONLY,
    ),
)
