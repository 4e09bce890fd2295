"""What `scripts/test` says of its runs, which are played here."""

from __future__ import annotations

import os
from pathlib import Path
import shutil
import subprocess

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
PYTHON = """\
#!/usr/bin/env bash
case "$*" in
  *--ignore=tests/real*) exit "$MAIN" ;;
  *tests/real*) exit "$BESIDE" ;;
  *scripts.covered*) touch covered ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose tests end as MAIN and BESIDE say."""
    scripts, bin_folder = tmp_path / "scripts", tmp_path / ".venv" / "bin"
    for folder in (scripts, bin_folder, tmp_path / "tmp"):
        folder.mkdir(parents=True)
    for name in ("test", "common.sh"):
        shutil.copy(SCRIPTS / name, scripts / name)
    _program(scripts / "setup", "#!/usr/bin/env bash\n")
    _program(scripts / "frontend", "#!/usr/bin/env bash\n")
    _program(bin_folder / "python", PYTHON)
    (tmp_path / ".venv-2026.11.0").symlink_to(tmp_path / ".venv")
    return tmp_path


def _program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _ends_with(project: Path, *arguments: str, main: int, beside: int) -> int:
    environment = {
        **os.environ,
        "MAIN": str(main),
        "BESIDE": str(beside),
        "TMPDIR": str(project / "tmp"),
    }
    ran = subprocess.run(
        [project / "scripts" / "test", *arguments],
        env=environment,
        check=False,
        capture_output=True,
    )
    assert not [*(project / "tmp").iterdir()], "a file is left behind"
    return ran.returncode


@pytest.mark.parametrize("arguments", [(), ("--core",), ("--ha", "2026.11.0")])
@pytest.mark.parametrize(
    ("main", "beside", "ends"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (5, 0, 5)]
)
def test_it_ends_well_only_where_both_runs_did(
    project: Path, arguments: tuple[str, ...], main: int, beside: int, ends: int
) -> None:
    assert _ends_with(project, *arguments, main=main, beside=beside) == ends


def test_how_much_was_gone_through_is_asked_of_the_whole_suite_alone(
    project: Path,
) -> None:
    _ends_with(project, "--core", main=0, beside=0)
    assert not (project / "covered").exists()
    _ends_with(project, main=0, beside=0)
    assert (project / "covered").exists()
