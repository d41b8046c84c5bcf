"""Until when contraception is needed: a table of cases, and what holds for all of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import study_file
from diary.rules.contraception import Agent, Ending, ending, is_needed, needs_second_method
from tests.shared import cases

SETTINGS = study_file.load().contraception
DAY = timedelta(days=1)


def agent(name: str, runs: bool, last: str | None) -> Agent:
    return Agent(name, runs, date.fromisoformat(last) if last else None)


@pytest.mark.parametrize("case", cases("contraception_end.json"), ids=lambda case: str(case["name"]))
def test_cases(case: dict[str, Any]) -> None:
    trial_end = date.fromisoformat(case["trial_end"]) if case["trial_end"] else None
    found = ending(trial_end, [agent(*one) for one in case["agents"]], SETTINGS.washout_days_of)
    assert (found.day.isoformat() if found.day else None, found.why) == (case["day"], case["why"])


AGENTS = st.lists(
    st.builds(
        Agent, st.sampled_from(["tacrolimus", "basiliximab", "rabbit atg"]), st.booleans(),
        st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    )
)  # fmt: skip


@given(st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)), AGENTS)
def test_it_has_an_end_only_when_nothing_runs_and_every_last_dose_is_known(
    trial_end: date | None, agents: list[Agent]
) -> None:
    found = ending(trial_end, agents, SETTINGS.washout_days_of)
    closed = trial_end is not None and all(not a.runs and a.last_dose_day for a in agents)
    assert (found.day is not None) == closed == (found.why is None)
    for one in agents:
        if found.day and one.last_dose_day:
            assert found.day - one.last_dose_day >= timedelta(SETTINGS.washout_days_of(one.name))


def test_the_last_day_is_included() -> None:
    end = Ending(date(2026, 5, 30))
    assert is_needed(end, end.day or date.min) and not is_needed(end, date(2026, 5, 31))
    assert is_needed(Ending(None, "in_trial"), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("methods", "runs", "expected"),
    [
        (["hormonal"], True, True),
        (["hormonal", "barrier"], True, False),
        (["barrier"], True, False),
        (["hormonal"], False, False),
        ([], True, False),
    ],
)
def test_hormones_alone_beside_mycophenolate_are_a_task(
    methods: list[str], runs: bool, expected: bool
) -> None:
    assert needs_second_method(methods, [Agent("mycophenolate", runs, None)]) is expected
    assert not needs_second_method(methods, [Agent("tacrolimus", True, None)])
