"""Each issue and its flow have their texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from custom_components.mqtt_dispatch import issues, repairs
from custom_components.mqtt_dispatch.engine.model.command import Outcome
from custom_components.mqtt_dispatch.flows.overdue_flow import MealOverdueFlow
from custom_components.mqtt_dispatch.history.database import Trouble
from custom_components.mqtt_dispatch.owned_profiles import PROFILE_REFUSED

from ..package import EN, LANGUAGES, SOURCES, UNUSABLE, calls, keyword, texts_in


def test_every_issue_has_its_text() -> None:
    assert set(EN["issues"]) == {
        issues.BINDING_LAPSED,
        issues.CLOCK_DOUBTED,
        issues.FOREIGN,
        issues.KEEPS_FAILING,
        issues.MEAL_OVERDUE,
        issues.NOT_UNDERSTOOD,
        issues.NODE_HINDERED,
        issues.PLAN_DEVIATES,
        issues.PLAN_NOT_HELD,
        issues.RESTORED,
        issues.RUNAWAY,
        issues.UNCONFIRMED,
        issues.STILL_NOT_DONE,
        issues.STORAGE_FAILING,
        PROFILE_REFUSED,
        *Trouble,
        *(f"storage_{reason}" for reason in UNUSABLE),
    }
    for key, texts in EN["issues"].items():
        # What can be fixed is described in its flow.
        assert ("fix_flow" in texts) != ("description" in texts), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_issues_of_which_a_station_may_have_several_are_told_apart_in_the_list(
    language: str,
) -> None:
    texts = LANGUAGES[language]["issues"]
    for issue, what in (
        (issues.BINDING_LAPSED, "{node}"),
        (issues.MEAL_OVERDUE, "{meal}"),
        (issues.NODE_HINDERED, "{node}"),
        (issues.NOT_UNDERSTOOD, "{command}"),
        (issues.PLAN_DEVIATES, "{node}"),
        (issues.PLAN_NOT_HELD, "{node}"),
        (issues.STILL_NOT_DONE, "{command}"),
        (issues.UNCONFIRMED, "{command}"),
    ):
        assert what in texts[issue]["title"]


def flow_classes() -> Iterator[ast.ClassDef]:
    """Yield the classes of the flows in which a person settles an issue."""
    for name in ("repairs.py", "flows/decision.py", "flows/overdue_flow.py"):
        for node in SOURCES[name].body:
            if isinstance(node, ast.ClassDef):
                yield node


@pytest.mark.parametrize(
    ("issue", "flows"),
    [
        ("unconfirmed", {"DecisionFlow", "UnconfirmedFlow"}),
        ("restored", {"DecisionFlow", "RestoredFlow"}),
        ("runaway", {"DecisionFlow", "RunawayFlow"}),
        ("clock_doubted", {"DecisionFlow", "ClockFlow"}),
        ("plan_not_held", {"DecisionFlow", "PlanNotHeldFlow"}),
        ("meal_overdue", {"DecisionFlow", "MealOverdueFlow"}),
        ("storage_corrupt", {"UnusableStorageFlow"}),
    ],
)
def test_every_step_and_end_of_a_fix_flow_has_its_text(
    issue: str, flows: set[str]
) -> None:
    source = [node for node in flow_classes() if node.name in flows]
    assert len(source) == len(flows)
    reasons = {
        key
        for call in calls("async_abort", within=source)
        for key in texts_in(keyword(call, "reason"))
    }
    steps = {
        key
        for call in calls("async_show_menu", "async_show_form", within=source)
        for key in texts_in(keyword(call, "step_id"))
    }
    texts = EN["issues"][issue]["fix_flow"]
    assert reasons == set(texts["abort"])
    assert steps == set(texts["step"])


def test_the_question_of_a_command_in_doubt_offers_every_outcome() -> None:
    options = EN["issues"]["unconfirmed"]["fix_flow"]["step"]["init"]["menu_options"]
    assert list(options) == [outcome.value for outcome in Outcome]


@pytest.mark.parametrize(
    ("issue", "flow"),
    [
        ("restored", repairs.RestoredFlow),
        ("runaway", repairs.RunawayFlow),
        ("meal_overdue", MealOverdueFlow),
    ],
)
def test_every_choice_of_a_menu_leads_somewhere(issue: str, flow: type) -> None:
    options = EN["issues"][issue]["fix_flow"]["step"]["init"]["menu_options"]
    (source,) = (node for node in flow_classes() if node.name == flow.__name__)
    (shown,) = (
        keyword(call, "menu_options")
        for call in calls("async_show_menu", within=[source])
    )
    assert isinstance(shown, ast.List)
    assert texts_in(*shown.elts) == set(options)
    for option in options:
        assert hasattr(flow, f"async_step_{option}")
