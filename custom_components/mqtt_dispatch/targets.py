"""From a device to the station and the nodes that it stands for."""

from __future__ import annotations

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN
from .coordinator import DispatchCoordinator


def target_of(
    hass: HomeAssistant, device_id: str
) -> tuple[DispatchCoordinator, tuple[str, ...]]:
    """Return the station of a device, and its nodes: all, or the one the device is.

    Raises ServiceValidationError where there is none that could do anything.
    """
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        raise _refused("unknown_device", device_id=device_id)
    name = device.name_by_user or device.name or device_id
    # Other integrations have identifiers of other lengths.
    own = [
        identifier[1] for identifier in device.identifiers if identifier[0] == DOMAIN
    ]
    if not own:
        raise _refused("not_a_station", device=name)
    entry_id, _, node = own[0].partition("_")
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise _refused("station_not_loaded", device=name)
    coordinator: DispatchCoordinator = entry.runtime_data
    return coordinator, (node,) if node else coordinator.engine.station.nodes


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
