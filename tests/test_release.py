"""What people install, what is tested before they do, and what they are asked."""

from __future__ import annotations

import json
from pathlib import Path
import re
import subprocess
from types import ModuleType
from typing import Any
import zipfile

from homeassistant.core import HomeAssistant
from homeassistant.loader import Integration
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.protocols import PROTOCOLS

from .newer_core import core_of_the_plugin
from .nonempty import some
from .package import MANIFEST, PACKAGE

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
FORMS = sorted(
    path for path in (GITHUB / "ISSUE_TEMPLATE").iterdir() if path.stem != "config"
)
HACS: dict[str, Any] = json.loads((ROOT / "hacs.json").read_text())
HACS_SCHEMA = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Optional("content_in_root"): bool,
        vol.Optional("country"): vol.Any(str, [str]),
        vol.Optional("filename"): str,
        vol.Optional("hacs"): str,
        vol.Optional("hide_default_branch"): bool,
        vol.Optional("homeassistant"): str,
        vol.Optional("persistent_directory"): str,
        vol.Optional("render_readme"): bool,
        vol.Optional("zip_release"): bool,
    }
)
"""As HACS has it; what it does not know it refuses."""


def release(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / "release", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )


def workflow(name: str) -> dict[str, Any]:
    return load_yaml_dict(str(GITHUB / "workflows" / f"{name}.yml"))


def versions_that_ci_runs() -> set[str]:
    """Return the Home Assistants that `.ci/run` names."""
    script = (ROOT / ".ci" / "run").read_text()
    return set(re.findall(r"^\w+=(\d{4}\.\d+\.\d+)$", script, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a release of a version that no manifest here has."""
    folder = tmp_path_factory.mktemp("built")
    made = release(f"v{MANIFEST['version']}b7", folder)
    assert made.returncode == 0, made.stderr
    return folder


def test_hacs_installs_the_zip_of_a_release() -> None:
    HACS_SCHEMA(HACS)
    assert HACS["zip_release"] is True
    assert HACS["hide_default_branch"] is True
    assert HACS["filename"] == f"{DOMAIN}.zip"
    assert HACS["name"] == MANIFEST["name"]
    assert HACS["homeassistant"] in versions_that_ci_runs()


def test_the_zip_is_the_folder_of_the_integration(built: Path) -> None:
    with zipfile.ZipFile(built / HACS["filename"]) as archive:
        assert archive.testzip() is None
        inside = archive.namelist()
    assert len(inside) == len(set(inside))
    folder = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "manifest.json" in folder
    assert set(inside) == {"LICENSE", *folder}
    assert not [name for name in inside if re.search(r"(^|/)(test_|tests/)", name)]


def test_home_assistant_takes_the_zip_for_the_version_of_the_tag(
    hass: HomeAssistant, built: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(built / HACS["filename"]) as archive:
        archive.extractall(tmp_path / DOMAIN)
    installed = ModuleType("custom_components")
    installed.__path__ = [str(tmp_path)]
    found = Integration.resolve_from_root(hass, installed, DOMAIN)
    assert found
    assert found.version == f"{MANIFEST['version']}b7"
    told = json.loads((tmp_path / DOMAIN / "manifest.json").read_text())
    assert list(told) == list(MANIFEST)
    assert told | {"version": MANIFEST["version"]} == MANIFEST


def test_a_tag_makes_the_same_bytes_each_time(built: Path, tmp_path: Path) -> None:
    # The tag may come without its v.
    assert release(f"{MANIFEST['version']}b7", tmp_path).returncode == 0
    again = (tmp_path / HACS["filename"]).read_bytes()
    assert again == (built / HACS["filename"]).read_bytes()


def test_the_notes_are_what_the_changelog_says(built: Path) -> None:
    notes = (built / "notes.md").read_text().strip()
    assert notes
    assert "\n## " not in notes
    assert (
        f"## {MANIFEST['version']}\n\n{notes}\n" in (ROOT / "CHANGELOG.md").read_text()
    )


@pytest.mark.parametrize("tag", ["v1.2", "nightly", "v1.2.3-x", "v1.2.3b", "v98.76.54"])
def test_what_is_no_tag_of_a_release_or_not_in_the_changelog_makes_none(
    tag: str, tmp_path: Path
) -> None:
    made = release(tag, tmp_path / "dist")
    assert made.returncode == 1
    assert tag.removeprefix("v") in made.stderr
    assert not (tmp_path / "dist").exists()


def test_the_workflow_tests_the_versions_that_ci_runs() -> None:
    matrix = workflow("tests")["jobs"]["tests"]["strategy"]["matrix"]["include"]
    tested = [row["home_assistant"] for row in matrix]
    assert len(tested) == len(set(tested))
    assert set(tested) == set(some(versions_that_ci_runs()))


def test_the_newest_core_is_lent_what_the_plugin_lacks_no_longer_than_needed() -> None:
    lent = dict(
        line.split("==")
        for line in (ROOT / "requirements_newest.txt").read_text().splitlines()
        if not line.startswith("#")
    )
    assert lent["homeassistant"] in versions_that_ci_runs()
    assert lent["homeassistant"] != core_of_the_plugin(), (
        "The plugin has caught up: remove requirements_newest.txt,"
        " tests/newer_core.py and what names them."
    )


def test_a_release_is_what_was_tested_and_what_the_script_built() -> None:
    jobs = workflow("release")["jobs"]
    assert jobs["tests"]["uses"] == "./.github/workflows/tests.yml"
    assert jobs["release"]["needs"] == "tests"
    publish = jobs["release"]["steps"][-1]["run"]
    assert f" dist/{HACS['filename']} " in publish
    assert " dist/notes.md " in publish


def test_the_commands_and_pages_that_are_named_are_there() -> None:
    files = [
        *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "README.md")),
        *some(sorted((GITHUB / "workflows").iterdir())),
    ]
    text = "".join(file.read_text() for file in files)
    named = re.findall(r"(?<![\w/.])(?:scripts/[a-z][a-z-]*|\.ci/run)\b", text)
    for path in {ROOT / command for command in some(named)}:
        assert path.is_file(), path
        assert path.stat().st_mode & 0o100, path
    for page in some(re.findall(r"\]\((?!https?:|#)([^)#]+)", text)):
        assert (ROOT / page).exists(), page


@pytest.mark.parametrize("form", some(FORMS), ids=lambda path: path.stem)
def test_a_form_asks_each_thing_once(form: Path) -> None:
    asked = load_yaml_dict(str(form))
    assert {"name", "description", "body"} <= set(asked)
    fields = [field for field in asked["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in some(fields)]
    assert len(ids) == len(set(ids))
    for field in fields:
        if field["id"] == "protocol":
            assert set(PROTOCOLS) == set(field["attributes"]["options"][:-1])


def test_a_bug_report_comes_with_the_diagnostics() -> None:
    asked = {
        field.get("id"): field
        for field in load_yaml_dict(str(GITHUB / "ISSUE_TEMPLATE" / "bug.yml"))["body"]
    }
    assert "protocol" in asked
    assert asked["diagnostics"]["validations"]["required"] is True


def test_the_code_owner_is_one_in_both_places() -> None:
    rules = [
        line.split()
        for line in (GITHUB / "CODEOWNERS").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert rules == [["*", *MANIFEST["codeowners"]]]
    assert all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", owner) for owner in rules[0][1:])
