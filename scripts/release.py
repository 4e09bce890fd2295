"""Put into a folder what a release consists of.

`mqtt_dispatch.zip` is what HACS and the Marketplace unpack as the folder of the
integration: what git knows of it, the licence, and the version of the tag in the
manifest. `notes.md` is what the changelog says of that version.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
import re
import subprocess
import sys
import zipfile

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "custom_components" / "mqtt_dispatch"
MANIFEST = PACKAGE / "manifest.json"
NOTES = "notes.md"
TAG = re.compile(r"v?((\d+\.\d+\.\d+)(?:(?:a|b|rc)\d+)?)")
"""Groups: the version, and the one that it becomes, which the changelog tells of."""


class ReleaseError(Exception):
    """There is nothing that could be released under this tag."""


def release(tag: str, folder: Path) -> None:
    """Write the zip and the notes of this tag."""
    match = TAG.fullmatch(tag)
    if match is None:
        raise ReleaseError(f"{tag} is no tag of a release, such as v1.2.3 or v1.2.3b1.")
    version, final = match.groups()
    notes = _notes(final)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTES).write_text(notes, encoding="utf-8")
    _write_zip(folder / f"{PACKAGE.name}.zip", version)


def _notes(version: str) -> str:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        if title.split(maxsplit=1)[0] == version:
            return text.strip() + "\n"
    raise ReleaseError(f"CHANGELOG.md has no section {version}.")


def _write_zip(path: Path, version: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in _files():
            content = file.read_bytes()
            if file == MANIFEST:
                content = _manifest(content, version)
            # No times and no modes of this machine: the same tag makes the same bytes.
            inside = PACKAGE if file.is_relative_to(PACKAGE) else ROOT
            entry = zipfile.ZipInfo(file.relative_to(inside).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)


def _files() -> list[Path]:
    known = subprocess.run(
        ["git", "ls-files", "-z", "--", PACKAGE, ROOT / "LICENSE"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in sorted(known.split("\0")) if name]


def _manifest(content: bytes, version: str) -> bytes:
    manifest = json.loads(content) | {"version": version}
    return f"{json.dumps(manifest, indent=2, ensure_ascii=False)}\n".encode()


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/release", description=__doc__)
    parser.add_argument("tag", help="such as v1.2.3, or v1.2.3b1")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args()
    try:
        release(arguments.tag, arguments.folder)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
