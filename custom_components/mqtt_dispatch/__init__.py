"""MQTT Dispatch: tell a node to do something once, and it happens once."""

from __future__ import annotations

from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PROTOCOL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .actions import async_setup_actions
from .attendance import async_forget_attendance
from .broker.link import Link, async_keep_link, async_take_link
from .bundle import async_forget_bundle, async_serve_bundle, async_show_bundle
from .const import DOMAIN, ENTRY_MINOR_VERSION, ENTRY_VERSION, PLATFORMS
from .coordinator import DispatchConfigEntry, DispatchCoordinator
from .engine.view import Presence
from .entities.moved import async_move_entities
from .entity import async_register_devices, node_identifier
from .exporting.download import async_serve_history
from .flows.discovered import async_withdraw_offers_of
from .history.issues import async_watch_history
from .issues import (
    async_forget_issues,
    async_report_unusable_storage,
    async_watch_for_issues,
)
from .node_facts import async_learn_of_nodes, async_welcome_nodes
from .ordering.offered_kinds import (
    async_follow_kinds,
    async_load_description,
    async_offer_kinds,
)
from .ordering.origins import async_follow_origins
from .owned_profiles import (
    FOLDER as PROFILES_FOLDER,
    async_keep_step,
    async_read_profiles,
)
from .station import configuration_of, is_known, nodes_of, prefix_of, protocol_of
from .storage.store import StationStore, StorageUnusable
from .websocket.commands import async_setup_websocket

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, the websocket commands and the download."""
    async_setup_actions(hass)
    async_setup_websocket(hass)
    async_serve_history(hass)
    async_watch_history(hass)
    async_follow_origins(hass)
    await async_read_profiles(hass)
    await async_load_description(hass)
    await async_serve_bundle(hass)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: DispatchConfigEntry) -> bool:
    """Have what an earlier version made of an entry be as this one makes it."""
    if entry.version > ENTRY_VERSION:
        return False
    if entry.minor_version < ENTRY_MINOR_VERSION:
        # No earlier version had stations of what an owner describes himself.
        if is_known(entry):
            async_move_entities(hass, entry)
        hass.config_entries.async_update_entry(entry, minor_version=ENTRY_MINOR_VERSION)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DispatchConfigEntry) -> bool:
    """Set up a station."""
    if not await mqtt.async_wait_for_mqtt_client(hass):
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_unavailable"
        )
    await async_read_profiles(hass, beginning=entry)
    if not is_known(entry):
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="profile_missing",
            translation_placeholders={
                "profile": entry.data[CONF_PROTOCOL],
                "folder": "/".join(PROFILES_FOLDER),
            },
        )
    topics = protocol_of(entry).topics(prefix_of(entry))
    try:
        # A node says hello once, be it while its station is only being set up.
        link = await async_take_link(hass, entry.entry_id, topics)
    except HomeAssistantError as error:
        # MQTT was there a moment ago.
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="mqtt_unavailable"
        ) from error
    try:
        await _async_set_up(hass, entry, link)
    except BaseException:
        link.stop()
        raise
    _reload_when_changed(entry)
    async_keep_step(hass, entry)
    async_offer_kinds(hass)
    async_follow_kinds(hass, entry)
    await async_show_bundle(hass)
    return True


async def _async_set_up(
    hass: HomeAssistant, entry: DispatchConfigEntry, link: Link
) -> None:
    store = StationStore(hass, entry.entry_id)
    try:
        stored, history = await store.async_load()
    except StorageUnusable as unusable:
        async_report_unusable_storage(hass, entry, unusable)
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key=f"storage_{unusable.reason}",
            translation_placeholders={"path": unusable.path},
        ) from unusable
    except HomeAssistantError as error:
        # The core has logged what is wrong with which file.
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="storage_unreadable"
        ) from error
    coordinator = DispatchCoordinator(
        hass, entry, store, link, stored=stored, history=history
    )
    entry.runtime_data = coordinator
    await coordinator.async_find_pictures()
    async_register_devices(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_watch_for_issues(coordinator)
    async_learn_of_nodes(coordinator)
    coordinator.async_start()
    entry.async_create_background_task(
        hass, async_welcome_nodes(coordinator), f"{DOMAIN} {entry.title} welcome"
    )


async def async_unload_entry(hass: HomeAssistant, entry: DispatchConfigEntry) -> bool:
    """Unload a station; what it has stored goes on when it is loaded again."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.async_stop()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Remove a station with all that it has stored."""
    async_withdraw_offers_of(hass, entry)
    async_forget_issues(hass, entry)
    async_forget_attendance(hass, entry.entry_id)
    await async_forget_bundle(hass, entry)
    async_offer_kinds(hass)
    await StationStore(hass, entry.entry_id).async_remove()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: DispatchConfigEntry, device_entry: dr.DeviceEntry
) -> bool:
    """Let a person remove the device of a node that is gone, and the node with it.

    A node that is heard, or sleeps as it should, is not gone; a station goes with its
    entry alone.
    """
    identifiers = device_entry.identifiers
    if (DOMAIN, entry.entry_id) in identifiers:
        return False
    for node, subentry_id in nodes_of(entry).items():
        if node_identifier(entry.entry_id, node) not in identifiers:
            continue
        if (
            entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.data.nodes[node].presence is Presence.HERE
        ):
            return False
        hass.config_entries.async_remove_subentry(entry, subentry_id)
    return True


@callback
def _reload_when_changed(entry: DispatchConfigEntry) -> None:
    """Take up new options, a new name, or a node that came or went.

    Home Assistant also notes in the entry who announced it; that needs no reload.
    """
    set_up_as = configuration_of(entry)

    async def changed(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
        await async_show_bundle(hass)
        # What leads to the panel goes with it.
        entry.runtime_data.async_update_listeners()
        if configuration_of(entry) != set_up_as:
            link = entry.runtime_data.link
            async with async_keep_link(hass, entry.entry_id):
                with link.hold():
                    await hass.config_entries.async_reload(entry.entry_id)

    entry.async_on_unload(entry.add_update_listener(changed))
