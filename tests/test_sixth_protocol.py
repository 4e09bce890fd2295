"""To add a protocol, its folder and two translations are written, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import json
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any

from custom_components.mqtt_dispatch.const import DOMAIN
from tests.nonempty import some
from tests.sixth.made_up import FILES, KEY, NAMES, texts

ROOT = Path(__file__).parents[1]
PACKAGE = Path("custom_components") / DOMAIN
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "test_*.py")


def copied(to: Path) -> None:
    """Copy the package, and what of the tests a story needs."""
    shutil.copytree(ROOT / PACKAGE.parent, to / PACKAGE.parent, ignore=_NOT_COPIED)
    (to / "tests").mkdir()
    for path in (ROOT / "tests").glob("*.py"):
        if not path.name.startswith("test_"):
            shutil.copy(path, to / "tests")
    shutil.copytree(ROOT / "tests/sixth", to / "tests/sixth", ignore=_NOT_COPIED)
    shutil.copy(ROOT / "pyproject.toml", to)


def merged(texts: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return texts with more of them; none is there already."""
    found = dict(texts)
    for key, value in more.items():
        if isinstance(value, Mapping):
            found[key] = merged(found.get(key, {}), value)
        else:
            assert key not in found
            found[key] = value
    return found


def digests(package: Path) -> dict[str, str]:
    """Return what a package is made of."""
    return {
        path.relative_to(package).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_folder_and_two_translations_are_all_that_a_protocol_takes(
    tmp_path: Path,
) -> None:
    shipped = digests(ROOT / PACKAGE)
    copied(tmp_path)
    folder = tmp_path / PACKAGE / "protocols" / KEY
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    translations = sorted((tmp_path / PACKAGE / "translations").glob("*.json"))
    assert {path.stem for path in translations} >= set(NAMES)
    for path in some(translations):
        # Until somebody translates it, the English text stands in other languages.
        language = path.stem if path.stem in NAMES else "en"
        present = json.loads(path.read_text(encoding="utf-8"))
        added = json.dumps(merged(present, texts(language)))
        path.write_text(added, encoding="utf-8")
    changed = digests(tmp_path / PACKAGE).items() - shipped.items()
    assert {name for name, _ in changed} == {
        *(f"protocols/{KEY}/{name}" for name in FILES),
        *(f"translations/{path.name}" for path in translations),
    }

    command = [sys.executable, "-m", "pytest", "tests/sixth/story.py", "-q"]
    run = subprocess.run(
        [*command, "--no-cov", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "passed" in run.stdout
    assert digests(ROOT / PACKAGE) == shipped
