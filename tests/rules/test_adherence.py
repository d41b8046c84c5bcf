"""Adherence: closed windows only, one answer each, whatever the order of arrival."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diary.rules.adherence import Answer, Judged, LeftOut, Run, Share, Window, combine, judge, share

DAY = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
LATER = MIDNIGHT + timedelta(days=400)


def window(kind: str, hour: float, day: int = 0, **more: Any) -> Window:
    due = MIDNIGHT + timedelta(days=day, hours=hour)
    slot = f"{int(hour):02}:{int(hour * 60) % 60:02}"
    values: dict[str, Any] = {
        "schedule_id": "s1", "kind": kind, "day": DAY + timedelta(days=day), "slot": slot, "due_at": due,
        "opens_at": due - timedelta(hours=1), "closes_at": due + timedelta(hours=2),
    }  # fmt: skip
    return Window(**{**values, **more})


def taken(one: Window, after_h: float = 0, *, root: str = "a", **more: Any) -> Answer:
    kind: Any = one.kind
    return Answer(
        root, kind, one.due_at + timedelta(hours=after_h), one.schedule_id, one.day, one.slot, **more
    )


def reading(hour: float, root: str = "r") -> Answer:
    return Answer(root, "reading", MIDNIGHT + timedelta(hours=hour))


def outcomes(judged: list[Judged]) -> list[str]:
    return [one.outcome for one in judged]


def test_an_open_window_is_never_counted_even_when_it_is_answered() -> None:
    one = window("dose", 8)
    judged = judge([one], [taken(one)], [], one.closes_at - timedelta(seconds=1))
    assert outcomes(judged) == ["open"]
    assert share(judged, "dose") == Share(0, 0)
    assert outcomes(judge([one], [taken(one)], [], one.closes_at)) == ["done"]


def test_two_answers_to_one_dose_count_once() -> None:
    one = window("dose", 8)
    judged = judge([one], [taken(one, root="a"), taken(one, 0.1, root="b")], [], LATER)
    assert share(judged, "dose") == Share(1, 1)
    assert judged[0].root_id == "a"


def test_a_dose_left_out_as_the_site_said_leaves_the_denominator_and_another_skip_does_not() -> None:
    morning, evening = window("dose", 8), window("dose", 20)
    answers = [taken(morning, skip_reason="told_by_site"), taken(evening, skip_reason="forgot")]
    judged = judge([morning, evening], answers, [], LATER)
    assert [(one.outcome, one.reason) for one in judged] == [
        ("left_out", "told_by_site"), ("skipped", "forgot"),
    ]  # fmt: skip
    assert share(judged, "dose") == Share(0, 1)


def test_hospital_days_are_out_with_their_reason_and_an_agreed_pause_leaves_the_doses_in() -> None:
    windows = [window("dose", 8, day) for day in range(3)] + [window("reading", 7, day) for day in range(3)]
    stay = LeftOut(DAY, DAY, "hospital")
    pause = LeftOut(DAY + timedelta(days=1), None, "paused", frozenset({"reading", "diary"}))
    judged = judge(windows, [], [stay, pause], LATER)
    assert share(judged, "dose") == Share(0, 2)
    assert share(judged, "reading") == Share(0, 0)
    assert {one.reason for one in judged if one.outcome == "left_out"} == {"hospital", "paused"}


def test_one_reading_serves_one_window_and_the_one_that_closes_first_chooses() -> None:
    before, after = window("reading", 7), window("reading", 9)
    # 08:30 lies in both; 06:30 only in the first: both windows can be served.
    judged = judge([before, after], [reading(6.5, "x"), reading(8.5, "y")], [], LATER)
    assert share(judged, "reading") == Share(2, 2)
    assert share(judge([before, after], [reading(8.5)], [], LATER), "reading") == Share(1, 2)


def test_timing_has_both_published_definitions_side_by_side() -> None:
    doses = [
        window("dose", hour, day, interval_h=12.0, drug="Tacrolimus") for day in range(2) for hour in (8, 20)
    ]
    late_h = (0, 2.5, 0, 0)
    answers = [taken(one, late, root=str(n)) for n, (one, late) in enumerate(zip(doses, late_h, strict=True))]
    medication = combine(judge(doses, answers, [], LATER)).medication[0]
    assert medication.taking == Share(4, 4)
    assert medication.in_window == Share(3, 4)
    # 14.5 h and 9.5 h lie within 9-15 h, so all three intervals do.
    assert medication.intervals == Share(3, 3)
    later = [
        taken(one, late, root=str(n)) for n, (one, late) in enumerate(zip(doses, (0, 3.5, 0, 0), strict=True))
    ]
    assert combine(judge(doses, later, [], LATER)).medication[0].intervals == Share(1, 3)


def test_runs_of_missed_doses_and_days_with_the_right_number() -> None:
    doses = [window("dose", hour, day, drug="tacrolimus") for day in range(3) for hour in (8, 20)]
    answers = [taken(doses[0]), taken(doses[5], skip_reason="forgot"), taken(doses[4], root="b")]
    medication = combine(judge(doses, answers, [], LATER)).medication[0]
    assert medication.runs == (
        Run(3, doses[1].due_at, doses[3].due_at), Run(1, doses[5].due_at, doses[5].due_at),
    )  # fmt: skip
    assert medication.right_days == Share(0, 3)


def test_a_drug_goes_on_under_a_changed_schedule() -> None:
    first = window("dose", 8, 0, drug="Tacrolimus")
    second = window("dose", 8, 1, drug="tacrolimus", schedule_id="s2")
    found = combine(judge([first, second], [taken(second)], [], LATER)).medication
    assert [one.taking for one in found] == [Share(1, 2)]


def test_a_day_is_signed_off_once() -> None:
    evening = window("diary", 21)
    answers = [
        Answer("d", "day_complete", evening.due_at, day=DAY),
        Answer("e", "day_complete", LATER, day=DAY),
    ]
    assert share(judge([evening], answers, [], LATER), "diary") == Share(1, 1)


hours = st.floats(0, 24 * 6, allow_nan=False)


@given(
    st.lists(hours, max_size=30), st.lists(st.tuples(hours, st.integers(1, 20)), max_size=20), st.randoms()
)
def test_never_above_all_and_never_another_answer_by_another_order(
    readings: list[float], due: list[tuple[float, int]], random: Any
) -> None:
    windows = [
        window("reading", hour % 24, int(hour // 24), schedule_id=f"s{n}",
               closes_at=MIDNIGHT + timedelta(hours=hour + length / 5))
        for n, (hour, length) in enumerate(due)
    ]  # fmt: skip
    answers = [reading(hour, str(n)) for n, hour in enumerate(readings)]
    judged = judge(windows, answers, [], LATER)
    found = share(judged, "reading")
    assert 0 <= found.done <= min(found.due, len(answers))
    used = [one.root_id for one in judged if one.root_id]
    assert len(used) == len(set(used))
    shuffled = judge(random.sample(windows, len(windows)), random.sample(answers, len(answers)), [], LATER)
    assert shuffled == judged
    # A day comes out the same from itself and its neighbours alone.
    for day in {w.day for w in windows}:
        near = [w for w in windows if abs((w.day - day).days) <= 1]
        alone = [one for one in judge(near, answers, [], LATER) if one.window.day == day]
        assert alone == [one for one in judged if one.window.day == day]
