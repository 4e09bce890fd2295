"""What a person is asked about the water that runs through a node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers.selector import ObjectSelector
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..const import CONF_FLOWS
from ..protocols.base import Protocol
from ..protocols.fields import Decimal
from ..protocols.params import InvalidCommand

MOST_LITRES: Final = 1000
"""Per minute."""
_FLOW: Final = Decimal(0, MOST_LITRES, above=True)
_MOST_VALVES: Final = 64
_LONGEST_LABEL: Final = 64


def question_of_flows(protocol: Protocol) -> VolDictType:
    """Return what a form asks about the flows of a node: of most, nothing."""
    return {vol.Optional(CONF_FLOWS): ObjectSelector()} if protocol.moves_water else {}


def flows_in(
    protocol: Protocol, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is kept of the flows that a person named, or the error.

    Whether there is such a valve is not asked: it may be heard of later.
    """
    flows = given.get(CONF_FLOWS)
    if not protocol.moves_water or flows in (None, "", {}):
        return {}, {}
    if not isinstance(flows, Mapping) or len(flows) > _MOST_VALVES:
        return {}, {CONF_FLOWS: "invalid_flows"}
    read: dict[str, float] = {}
    for label, flow in flows.items():
        name = str(label).strip()
        try:
            read[name] = _FLOW.check(name, flow)
        except InvalidCommand:
            return {}, {CONF_FLOWS: "invalid_flows"}
        if not 0 < len(name) <= _LONGEST_LABEL:
            return {}, {CONF_FLOWS: "invalid_flows"}
    return {CONF_FLOWS: read}, {}
