"""What somebody means who says a name to an assistant.

An assistant knows what is exposed to it: it may answer questions about a station of
which any entity is, and feed where the button that feeds is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.policy import FEED
from ..entity import async_device_of
from ..texts.sentences import node_title, sentence


class NotMeant(Exception):  # noqa: N818 - it is an answer, not a fault
    """Nothing is meant, or it is not clear what: the text says so."""


@dataclass(frozen=True, slots=True)
class Place:
    """A station, or one of its nodes."""

    coordinator: DispatchCoordinator
    device_id: str
    name: str
    """As its owner calls it."""
    node: str | None = None
    """None: the station."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that belong to it."""
        return (
            self.coordinator.engine.station.nodes if self.node is None else (self.node,)
        )


@callback
def async_offered(
    hass: HomeAssistant, assistant: str | None, *, to_feed: bool
) -> list[Place]:
    """Return what may be asked about, or fed, through an assistant.

    None: through anything, without regard to what is exposed.
    """
    may = _may_feed if to_feed else _may_ask
    return [place for place in _places(hass) if may(hass, assistant, place)]


@callback
def async_meant(
    hass: HomeAssistant, offered: list[Place], said: str | None
) -> list[Place]:
    """Return what of it has a name, or else is in an area of that name.

    Without a name it is all of it. Raises NotMeant if it is nothing.
    """
    found = offered if said is None else _called(hass, offered, said)
    if not found:
        raise NotMeant(sentence(hass, "assist_unknown", name=str(said)))
    stations = {place.coordinator for place in found if place.node is None}
    # What is said of a station is said of its nodes.
    return [
        place
        for place in found
        if place.node is None or place.coordinator not in stations
    ]


@callback
def async_one_feeder(hass: HomeAssistant, meant: list[Place]) -> list[Place]:
    """Return what of it one order feeds: a station, or nodes of one.

    Raises NotMeant if it is several stations.
    """
    if len({place.coordinator for place in meant}) > 1:
        names = ", ".join(sorted(place.name for place in meant))
        raise NotMeant(sentence(hass, "assist_which", names=names))
    coordinator = meant[0].coordinator
    if coordinator.protocol.kinds[FEED].whole_station:
        return [_place(coordinator)]
    return meant


def _called(hass: HomeAssistant, offered: list[Place], said: str) -> list[Place]:
    name = _plain(said)
    for names_of in (_names, _areas):
        found = [
            place
            for place in offered
            if name in {_plain(each) for each in names_of(hass, place)}
        ]
        if found:
            return found
    return []


def _places(hass: HomeAssistant) -> Iterator[Place]:
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is not ConfigEntryState.LOADED:
            continue
        coordinator: DispatchCoordinator = entry.runtime_data
        yield _place(coordinator)
        for node in coordinator.engine.station.nodes:
            yield _place(coordinator, node)


def _place(coordinator: DispatchCoordinator, node: str | None = None) -> Place:
    device = async_device_of(coordinator, node)
    if device is None:
        raise LookupError(node)
    name = device.name_by_user or device.name or coordinator.name
    return Place(coordinator, device.id, name, node)


def _names(hass: HomeAssistant, place: Place) -> Iterator[str]:
    """Yield all by which somebody may call a place."""
    yield place.name
    if place.node is None:
        yield place.coordinator.name
    else:
        yield node_title(place.coordinator, place.node)
    for entity in _entities(hass, place):
        if (state := hass.states.get(entity.entity_id)) is not None:
            yield state.name
        # Newer cores have a mark among them for the name that stands there.
        yield from (alias for alias in entity.aliases if isinstance(alias, str))


def _areas(hass: HomeAssistant, place: Place) -> Iterator[str]:
    """Yield what the areas are called in which a place is."""
    device = dr.async_get(hass).async_get(place.device_id)
    area_ids = {entity.area_id for entity in _entities(hass, place)}
    area_ids.add(None if device is None else device.area_id)
    for area_id in area_ids - {None}:
        area = ar.async_get(hass).async_get_area(str(area_id))
        if area is not None:
            yield area.name
            yield from area.aliases


def _may_ask(hass: HomeAssistant, assistant: str | None, place: Place) -> bool:
    """Whether anything of it is exposed; of a station, also anything of its nodes."""
    return any(
        _is_exposed(hass, assistant, entity)
        for entity in _registered(hass, place)
        if place.node is None or entity.device_id == place.device_id
    )


def _may_feed(hass: HomeAssistant, assistant: str | None, place: Place) -> bool:
    """Whether the button that feeds there is exposed, or each if there are several."""
    kind = place.coordinator.protocol.kinds.get(FEED)
    if kind is None:
        return False
    entry_id = place.coordinator.config_entry.entry_id
    buttons = (
        {f"{entry_id}_{FEED}"}
        if kind.whole_station
        else {f"{entry_id}_{node}_{FEED}" for node in place.nodes}
    )
    exposed = {
        entity.unique_id
        for entity in _registered(hass, place)
        if entity.domain == Platform.BUTTON and _is_exposed(hass, assistant, entity)
    }
    return buttons <= exposed


def _entities(hass: HomeAssistant, place: Place) -> list[er.RegistryEntry]:
    return [
        entity
        for entity in _registered(hass, place)
        if entity.device_id == place.device_id
    ]


def _registered(hass: HomeAssistant, place: Place) -> list[er.RegistryEntry]:
    """Return the entities of its whole station."""
    entry_id = place.coordinator.config_entry.entry_id
    return er.async_entries_for_config_entry(er.async_get(hass), entry_id)


def _is_exposed(
    hass: HomeAssistant, assistant: str | None, entity: er.RegistryEntry
) -> bool:
    if entity.disabled:
        return False
    return assistant is None or async_should_expose(hass, assistant, entity.entity_id)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
