"""The devices that the owner of a house has described himself.

Each is a file in `mqtt_dispatch/profiles` of the configuration folder. They are read
when Home Assistant starts, when a station is loaded, and when one is added.
"""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PROTOCOL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .coordinator import DispatchConfigEntry
from .protocols import PROTOCOLS
from .protocols.base import Protocol
from .protocols.profiled.assembly import protocol_of
from .protocols.profiled.reading.located import ProfileError
from .protocols.profiled.reading.reader import LONGEST_PROFILE, read, text_of
from .texts.markdown import as_code

FOLDER: Final = (DOMAIN, "profiles")
"""Where they are, in the configuration folder."""
MOST_FILES: Final = 100
"""Files that are read, in the order of their names."""
PROFILE_REFUSED: Final = "profile_refused"
_SPEAKING: Final = (ConfigEntryState.LOADED, ConfigEntryState.SETUP_IN_PROGRESS)
_MOST_BYTES: Final = 4 * LONGEST_PROFILE + 1
"""A file of the most characters, each as long as one can be, and one more."""


@dataclass(frozen=True, slots=True)
class RefusedProfile:
    """A file of which no protocol can be made: on which line it is wrong, and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class _File:
    """What was made of a file when it was read last."""

    text: bytes
    protocol: Protocol | None
    """The latest that it described in order; None: it never did."""
    refused: RefusedProfile | None
    is_twin: bool = False
    """Whether it was refused for another profile that is called the same."""


@dataclass(slots=True)
class _Owned:
    """What was read last, by the names of the files."""

    files: Mapping[str, _File] = field(default_factory=dict)
    reading: Lock = field(default_factory=Lock)


_OWNED: Final[HassKey[_Owned]] = HassKey(f"{DOMAIN}_owned_profiles")


async def async_read_profiles(
    hass: HomeAssistant, *, beginning: DispatchConfigEntry | None = None
) -> tuple[RefusedProfile, ...]:
    """Read the owner's profiles, and return what was refused of them.

    A refused file is an issue until it is mended or gone; what it described before goes
    on until Home Assistant starts anew, unless another file is called the same. Loaded
    stations of what has changed are loaded anew. What is gone is known for as long as a
    station speaks it, but for one that is just `beginning`.
    """
    owned = hass.data.setdefault(_OWNED, _Owned())
    folder = Path(hass.config.path(*FOLDER))
    async with owned.reading:
        before = owned.files
        owned.files = await hass.async_add_executor_job(_read_all, folder, before)
        _make_known(hass, owned.files, beginning)
        _show_refused(hass, before, owned.files)
        files = owned.files.values()
        return tuple(file.refused for file in files if file.refused is not None)


async def async_add_profile(hass: HomeAssistant, text: str) -> str:
    """Write a new profile into its file, have it read, and return its key.

    Raises ProfileError for a wrong one, FileExistsError where its file is there already
    and OSError where it cannot be written.
    """
    key = (await hass.async_add_executor_job(read, text, PROTOCOLS)).key
    folder = Path(hass.config.path(*FOLDER))
    await hass.async_add_executor_job(_write, folder / f"{key}.json", text)
    await async_read_profiles(hass)
    return key


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("x", encoding="utf-8")
    try:
        with file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _read_all(folder: Path, before: Mapping[str, _File]) -> dict[str, _File]:
    files: dict[str, _File] = {}
    taken = {*PROTOCOLS.shipped}
    for path in sorted(folder.glob("*.json"))[:MOST_FILES]:
        file = files[path.name] = _read(path, before.get(path.name), taken)
        if file.refused is None and file.protocol is not None:
            taken.add(file.protocol.key)
    for name, file in files.items():
        if file.refused and file.protocol and file.protocol.key in taken:
            files[name] = replace(file, protocol=None)
    return files


def _read(path: Path, known: _File | None, taken: Collection[str]) -> _File:
    """Read a file; what has not changed stays the protocol that it is."""
    last = None if known is None else known.protocol
    text, is_twin = b"", False
    try:
        if not path.is_file():
            # Of a pipe nobody knows when it ends.
            return _File(text, last, RefusedProfile(path.name, 1, "no plain file"))
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES)
        if known is not None and known.text == text and not known.is_twin:
            if known.refused is not None:
                return known
            if last is not None and last.key not in taken:
                return known
        content = text_of(text)
        profile = read(content)
        if is_twin := profile.key in taken:
            read(content, taken)
        return _File(text, protocol_of(profile), None)
    except ProfileError as error:
        line, reason = error.line, error.reason
    except OSError as error:
        line, reason = 1, error.strerror or "cannot be read"
    return _File(text, last, RefusedProfile(path.name, line, reason), is_twin)


@callback
def _make_known(
    hass: HomeAssistant,
    files: Mapping[str, _File],
    beginning: DispatchConfigEntry | None,
) -> None:
    own = {file.protocol.key: file.protocol for file in files.values() if file.protocol}
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        key = entry.data[CONF_PROTOCOL]
        known = PROTOCOLS.get(key)
        speaks = entry.state in _SPEAKING and entry is not beginning
        if speaks and known is not None and key not in PROTOCOLS.shipped:
            own.setdefault(key, known)
    PROTOCOLS.set_own(own)
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        async_keep_step(hass, entry)


@callback
def async_keep_step(hass: HomeAssistant, entry: DispatchConfigEntry) -> None:
    """Load a station anew if its profile was changed since it was loaded."""
    key = entry.data[CONF_PROTOCOL]
    changes = key not in PROTOCOLS.shipped
    if changes and PROTOCOLS[key] is not entry.runtime_data.protocol:
        hass.config_entries.async_schedule_reload(entry.entry_id)


@callback
def _show_refused(
    hass: HomeAssistant, before: Mapping[str, _File], files: Mapping[str, _File]
) -> None:
    for name in before.keys() | files.keys():
        refused = files[name].refused if name in files else None
        issue_id = f"{PROFILE_REFUSED}_{name}"
        if refused is None:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            continue
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=PROFILE_REFUSED,
            translation_placeholders={
                "file": "/".join((*FOLDER, name)),
                "line": str(refused.line),
                "reason": as_code(refused.reason),
            },
        )
