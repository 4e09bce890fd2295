"""What of the package must have been gone through by the tests."""

from __future__ import annotations

from scripts.covered import too_little


def test_a_module_below_its_floor_is_named() -> None:
    covered = {"issues.py": 95.0, "texts/reasons.py": 94.99, "engine/core.py": 100.0}
    (line,) = too_little(covered)
    assert line.startswith("texts/reasons.py: 95.0 %")


def test_flows_are_gone_through_as_a_whole() -> None:
    covered = {"flows/nodes.py": 99.9, "config_flow.py": 99.0, "issues.py": 96.0}
    assert [line.split(":")[0] for line in too_little(covered)] == [
        "config_flow.py",
        "flows/nodes.py",
    ]
    assert too_little(dict.fromkeys(covered, 100.0)) == []
