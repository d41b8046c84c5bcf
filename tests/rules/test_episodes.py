from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules.episodes import (
    Episode,
    Point,
    PointKind,
    event_point,
    group,
    joint_verdict,
    kind_of,
    reading_point,
)
from diary.rules.hypoglycaemia import Circumstances, HypoEvent, Reading, classify
from tests.rules.readings import LIMITS, glucose
from tests.shared import cases

CASES = cases("episodes.json")
KINDS: st.SearchStrategy[PointKind] = st.sampled_from(["low", "low", "event", "recovered"])
START_AT = datetime(2026, 3, 1, tzinfo=UTC)


def point(case: dict[str, Any]) -> Point:
    return Point(**{**case, "at": datetime.fromisoformat(case["at"])})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_points_make_the_episodes_that_the_case_says(case: dict[str, Any]) -> None:
    points = [point(row) for row in case["points"]]
    for order in (points, points[::-1]):
        found = []
        for episode in group(order, case["gap_min"]):
            severe, basis = joint_verdict(episode.members)
            keys = [member.key for member in episode.members]
            found.append({"members": keys, "severe": severe, "basis": basis})
        assert found == case["expect"]


@st.composite
def time_lines(draw: st.DrawFn) -> list[Point]:
    minutes = draw(st.lists(st.integers(0, 400), max_size=14))
    keys = draw(st.permutations([f"p{place}" for place in range(len(minutes))]))
    points = []
    for key, minute in zip(keys, minutes, strict=True):
        kind = draw(KINDS)
        linked = draw(st.sampled_from([None, *keys])) if kind == "event" else None
        linked = None if linked == key else linked
        points.append(Point(key, START_AT + timedelta(minutes=minute), kind, linked))
    return points


def parts_of(episodes: list[Episode]) -> set[frozenset[str]]:
    return {frozenset(member.key for member in episode.members) for episode in episodes}


def parts_by_walking(points: list[Point], gap_min: int) -> set[frozenset[str]]:
    """The oracle: any two qualifying points near enough and with no recovery between are neighbours."""
    recovered = [p.at for p in points if p.kind == "recovered"]
    near: dict[str, set[str]] = {p.key: set() for p in points}
    for a in points:
        for b in points:
            qualify = "recovered" not in (a.kind, b.kind)
            close = timedelta(0) <= b.at - a.at <= timedelta(minutes=gap_min)
            if (qualify and close and not any(a.at < at < b.at for at in recovered)) or b.key == a.linked_to:
                near[a.key].add(b.key)
                near[b.key].add(a.key)
    parts = set()
    for p in points:
        if p.kind == "recovered":
            continue
        seen, to_visit = {p.key}, [p.key]
        while to_visit:
            fresh = near[to_visit.pop()] - seen
            seen |= fresh
            to_visit.extend(fresh)
        parts.add(frozenset(seen))
    return parts


@given(time_lines(), st.sampled_from([15, 60, 120]))
def test_grouping_agrees_with_walking_from_neighbour_to_neighbour(points: list[Point], gap_min: int) -> None:
    assert parts_of(group(points, gap_min)) == parts_by_walking(points, gap_min)


@given(time_lines(), st.randoms(use_true_random=False))
def test_the_order_in_which_points_come_changes_nothing(points: list[Point], random: Any) -> None:
    shuffled = points[:]
    random.shuffle(shuffled)
    assert group(shuffled, 60) == group(points, 60)


@given(time_lines())
def test_every_low_and_event_is_in_exactly_one_episode_with_what_it_links_to(points: list[Point]) -> None:
    episodes = group(points, 60)
    keys = [member.key for episode in episodes for member in episode.members]
    assert len(keys) == len(set(keys))
    assert {p.key for p in points if p.kind != "recovered"} <= set(keys)
    for episode in episodes:
        within = {member.key for member in episode.members}
        assert all(m.linked_to is None or m.linked_to in within for m in episode.members)
        assert (episode.from_at, episode.to_at) == (
            min(m.at for m in episode.members),
            max(m.at for m in episode.members),
        )


def test_a_thousand_lows_are_grouped_in_linear_steps_of_a_chain() -> None:
    points = [Point(f"{2000 - n:05}", START_AT + timedelta(minutes=n), "low") for n in range(1000)]
    (episode,) = group(points, 60)
    assert len(episode.members) == 1000


@pytest.mark.parametrize(
    ("reading", "kind"),
    [
        (Reading(glucose("3.8")), "low"),
        (Reading(glucose("LO")), "low"),
        (Reading(glucose("0.6")), "low"),
        (Reading(glucose("3.9")), "recovered"),
        (Reading(glucose("HI")), "recovered"),
        (Reading(glucose("5.0"), device="lab"), "recovered"),
        (Reading(glucose("28")), None),
        (Reading(glucose("28"), confirmed=True), "recovered"),
        (Reading(glucose("2.8"), device="cgm"), "low"),
        (Reading(glucose("6.1"), device="cgm"), None),
        (Reading(glucose("2.8"), sample="control"), None),
        (Reading(glucose("2.8"), other_person=True), None),
        (Reading(glucose("6.1"), relabelled=True), None),
    ],
    ids=str,
)
def test_only_a_reading_that_surely_shows_recovery_ends_an_episode(
    reading: Reading, kind: str | None
) -> None:
    assert kind_of(reading, LIMITS) == kind
    verdict = classify(reading, None, Circumstances(), LIMITS)
    placed = reading_point("r", START_AT, reading, verdict, LIMITS)
    assert (placed and placed.kind) == kind


def test_readings_and_events_placed_with_their_verdicts_give_the_episodes_verdict() -> None:
    low = Reading(glucose("3.2"))
    told = HypoEvent("yes", helped_by="family")
    alone = reading_point("r", START_AT, low, classify(low, None, Circumstances(), LIMITS), LIMITS)
    assert alone is not None
    assert joint_verdict([alone]) == (None, "review")
    answer = event_point("e", START_AT, "r", told, classify(low, told, Circumstances(), LIMITS))
    assert joint_verdict([alone, answer]) == (False, "none")
    unsure = HypoEvent("unknown")
    doubt = event_point("f", START_AT, "r", unsure, classify(low, unsure, Circumstances(), LIMITS))
    assert joint_verdict([alone, doubt]) == (None, "review")
    assert joint_verdict([alone, answer, doubt]) == (None, "review")
