"""The card and the panel: files that are served, a dashboard resource, a page.

They belong to all stations, but Home Assistant has options for single ones only. So a
choice about them is kept with every station: what one says no to is left, and the form
of any of them changes it for all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from homeassistant.components import frontend, lovelace, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, OPT_CARD_RESOURCE, OPT_PANEL
from .coordinator import DispatchConfigEntry
from .log import LOGGER

BASE: Final = "/mqtt_dispatch_frontend"
"""Where the files are served; the panel is a page of another path."""
FOLDER: Final = Path(__file__).parent / "www"
CARD: Final = "mqtt-dispatch-card.js"
PANEL: Final = "mqtt-dispatch-panel.js"
PANEL_PATH: Final = "mqtt-dispatch"


class Bundle:
    """What of the files is shown in this Home Assistant."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Show nothing yet."""
        self._hass = hass
        # Stations are set up together; two of them would add a resource each.
        self._lock = asyncio.Lock()
        self._urls: dict[str, str] = {}
        self._loaded_by_hand = ""

    async def async_serve(self) -> None:
        """Serve the files; a path cannot be taken away before the next start."""
        self._urls = await self._hass.async_add_executor_job(_urls)
        await self._hass.http.async_register_static_paths(
            [StaticPathConfig(BASE, str(FOLDER), cache_headers=True)]
        )

    async def async_show(self) -> None:
        """Show what the stations want: any number of times, with the same result."""
        async with self._lock:
            if not self._urls or frontend.DOMAIN not in self._hass.config.components:
                return
            if is_wanted(self._hass, OPT_CARD_RESOURCE):
                await self._async_keep_resource()
            frontend.async_remove_panel(self._hass, PANEL_PATH, warn_if_unknown=False)
            if is_wanted(self._hass, OPT_PANEL):
                await panel_custom.async_register_panel(
                    self._hass,
                    frontend_url_path=PANEL_PATH,
                    webcomponent_name="mqtt-dispatch-panel",
                    module_url=self._urls[PANEL],
                    sidebar_title="MQTT Dispatch",
                    sidebar_icon="mdi:tray-full",
                    require_admin=True,
                )

    async def async_forget(self, *, keep_resource: bool) -> None:
        """Show nothing any more: the last station is gone."""
        async with self._lock:
            frontend.async_remove_panel(self._hass, PANEL_PATH, warn_if_unknown=False)
            if self._loaded_by_hand:
                frontend.remove_extra_js_url(self._hass, self._loaded_by_hand)
                self._loaded_by_hand = ""
            resources = _resources(self._hass)
            if keep_resource or not isinstance(
                resources, lovelace.resources.ResourceStorageCollection
            ):
                return
            await resources.async_get_info()
            for item in _ours(resources):
                await resources.async_delete_item(item["id"])

    async def _async_keep_resource(self) -> None:
        """Have the card loaded with dashboards, once and in this version.

        Raises what Home Assistant raises where its own file is damaged.
        """
        url = self._urls[CARD]
        resources = _resources(self._hass)
        if resources is None:
            return
        if not isinstance(resources, lovelace.resources.ResourceStorageCollection):
            self._load_by_hand(url, in_yaml=bool(_ours(resources)))
            return
        # An older core would write what it has not yet read over what others have.
        await resources.async_get_info()
        wanted = {"res_type": "module", "url": url}
        ours = _ours(resources)
        if not ours:
            await resources.async_create_item(wanted)
        elif ours[0]["url"] != url:
            await resources.async_update_item(ours[0]["id"], wanted)
        for twin in ours[1:]:
            await resources.async_delete_item(twin["id"])

    def _load_by_hand(self, url: str, *, in_yaml: bool) -> None:
        """Load the card where resources stand in YAML, and say which lines do it."""
        if in_yaml or self._loaded_by_hand:
            return
        self._loaded_by_hand = url
        frontend.add_extra_js_url(self._hass, url)
        LOGGER.info(
            "Dashboard resources stand in YAML here. The card is loaded all the same; "
            "it is there sooner with these lines under 'lovelace:' 'resources:': "
            "'- url: %s/%s' and '  type: module'",
            BASE,
            CARD,
        )


type _Resources = (
    lovelace.resources.ResourceStorageCollection
    | lovelace.resources.ResourceYAMLCollection
)

_BUNDLE: HassKey[Bundle] = HassKey(f"{DOMAIN}_bundle")


def is_wanted(hass: HomeAssistant, option: str) -> bool:
    """Return whether no station says no to something that is for all of them."""
    return all(
        entry.options.get(option, True)
        for entry in hass.config_entries.async_entries(DOMAIN)
    )


async def async_serve_bundle(hass: HomeAssistant) -> None:
    """Serve the files, where Home Assistant serves anything."""
    if "http" not in hass.config.components:
        return
    hass.data[_BUNDLE] = bundle = Bundle(hass)
    await bundle.async_serve()


async def async_show_bundle(hass: HomeAssistant) -> None:
    """Show the card and the panel; a station never fails for want of them."""
    if (bundle := hass.data.get(_BUNDLE)) is None:
        return
    try:
        await bundle.async_show()
    except Exception:  # noqa: BLE001
        LOGGER.warning("The card and the panel could not be offered", exc_info=True)


async def async_forget_bundle(
    hass: HomeAssistant, removed: DispatchConfigEntry
) -> None:
    """Take away the card and the panel if the station that is removed is the last."""
    bundle = hass.data.get(_BUNDLE)
    others = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.entry_id != removed.entry_id
    ]
    if bundle is None or others:
        return
    keep = not removed.options.get(OPT_CARD_RESOURCE, True)
    try:
        await bundle.async_forget(keep_resource=keep)
    except Exception:  # noqa: BLE001
        LOGGER.warning("The card and the panel could not be removed", exc_info=True)


@callback
def path_of_command(hass: HomeAssistant, entry_id: str, command_id: int) -> str | None:
    """Return where the panel shows a command; None where there is no panel."""
    shown = _BUNDLE in hass.data and frontend.DOMAIN in hass.config.components
    if not shown or not is_wanted(hass, OPT_PANEL):
        return None
    return f"/{PANEL_PATH}/command/{entry_id}/{command_id}"


@callback
def async_want(hass: HomeAssistant, wanted: Mapping[str, bool]) -> None:
    """Keep with every station what of the options OPT_... is wanted."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        kept = {key: value for key, value in entry.options.items() if key not in wanted}
        refused = {
            option: False for option, is_wanted in wanted.items() if not is_wanted
        }
        hass.config_entries.async_update_entry(entry, options={**kept, **refused})


def _urls() -> dict[str, str]:
    """Return where each file is, by its content: a browser keeps it for a month."""
    return {
        name: f"{BASE}/{name}?v={sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}"
        for name in (CARD, PANEL)
    }


@callback
def _resources(hass: HomeAssistant) -> _Resources | None:
    """Return the resources of dashboards, None where there are no dashboards."""
    return getattr(hass.data.get(lovelace.LOVELACE_DATA), "resources", None)


def _ours(resources: _Resources) -> list[dict[str, Any]]:
    return [
        item
        for item in resources.async_items() or ()
        if item["url"].partition("?")[0] == f"{BASE}/{CARD}"
    ]
