"""Episodes of hypoglycaemia: which lows and events are one, kept current in the entry's transaction."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.rules import episodes as rules
from diary.rules.glucose import Glucose, parse_glucose
from diary.rules.hypoglycaemia import Circumstances, HypoEvent, Reading, Verdict, classify
from diary.study import Study

# Episodes this near to an instant are written anew; what they may chain to is read from twice as far, and
# what is linked to them from wherever it is, so that none is ever written from half of its members.
NEAR = timedelta(hours=12)


def reading_of(data: dict[str, Any], study: Study) -> Reading | None:
    """The reading in an entry's data; None when its value cannot be read (then it was never stored)."""
    glucose = parse_glucose(data.get("value"), data.get("unit"), study.glucose)
    if not isinstance(glucose, Glucose):
        return None
    return Reading(
        glucose=glucose,
        device=data.get("device", "meter"),
        sample=data.get("sample", "capillary"),
        confirmed=data.get("confirmed"),
        other_person=bool(data.get("other_person")),
        relabelled=bool(data.get("relabelled")),
    )


def event_of(data: dict[str, Any]) -> HypoEvent:
    """The answers in a hypo_event's data; one that is missing stays unanswered."""
    return HypoEvent(
        could_self_treat=data.get("could_self_treat"),
        helped_by=data.get("helped_by"),
        lost_consciousness=data.get("lost_consciousness"),
        seizure=data.get("seizure"),
        treatment=frozenset(data.get("treatment", ())),
    )


def circumstances_of(participant: Row, local_day: str) -> Circumstances:
    """Before enrolment is before the day of consent: the look-back is counted from there."""
    return Circumstances(
        treated_by_carer=bool(participant["treated_by_carer"]),
        before_enrolment=local_day < participant["consented_day"],
    )


def linked_reading(db: Database, participant_id: str, reading_id: str | None) -> Row | None:
    """What now counts for the reading that an event names by any of its versions."""
    if not reading_id:
        return None
    return one(
        db,
        "select h.*, e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.root_id = coalesce((select root_id from entries where id = :id),"
        "   (select root_id from same_records where id = :id))"
        " and h.participant_id = :p and h.kind = 'reading' and h.state <> 'withdrawn'",
        {"id": reading_id, "p": participant_id},
    )


def judge_event(
    db: Database, participant: Row, data: dict[str, Any], local_day: str, study: Study
) -> Verdict:
    """An event together with its reading: one verdict."""
    found = linked_reading(db, participant["id"], data.get("reading_id"))
    reading = reading_of(json.loads(found["data"]), study) if found else None
    return classify(reading, event_of(data), circumstances_of(participant, local_day), study.glucose)


def regroup(db: Database, participant: Row, at: Iterable[datetime], study: Study) -> None:
    """Group anew around these instants: every touched low and event gets its episode and verdict."""
    instants = _with_partners(db, participant["id"], list(at))
    heads = _heads_around(db, participant["id"], instants, 2 * NEAR)
    points = [point for head in heads if (point := _point(db, participant, head, study))]
    current = {head["root_id"]: head["episode_id"] for head in heads}
    touched = {head["root_id"] for head in heads if _is_near(head, instants)}
    taken: set[str] = set()
    grouped: set[str] = set()
    for episode in rules.group(points, study.episodes.gap_min):
        roots = [member.key for member in episode.members if member.kind != "recovered"]
        grouped.update(roots)
        if touched.intersection(roots):
            _write(db, participant["id"], episode, roots, _pick_id(roots, current, taken), current)
    for root_id in touched - grouped:
        if current[root_id]:
            _assign(db, root_id, None)
    drop_empty(db, participant["id"], {current[root] for root in touched if current[root]})


def _heads_around(
    db: Database, participant_id: str, instants: Iterable[datetime], reach: timedelta
) -> list[Row]:
    """Current readings and events within `reach` of any of the instants, in order of time."""
    found: dict[str, Row] = {}
    for instant in instants:
        rows = db.query(
            "select h.*, e.data from entry_heads h join entries e on e.id = h.entry_id"
            " where h.participant_id = :p and h.kind in ('reading', 'hypo_event') and h.state <> 'withdrawn'"
            " and h.occurred_at between :first and :last",
            {"p": participant_id, "first": clock.to_text(clock.shifted(instant, -reach)),
             "last": clock.to_text(clock.shifted(instant, reach))},
        )  # fmt: skip
        found |= {row["root_id"]: row for row in rows}
    return sorted(found.values(), key=lambda row: (row["occurred_at"], row["root_id"]))


def _is_near(head: Row, instants: Iterable[datetime]) -> bool:
    at = clock.from_text(head["occurred_at"])
    return any(abs(at - instant) <= NEAR for instant in instants)


def _with_partners(db: Database, participant_id: str, instants: list[datetime]) -> list[datetime]:
    """And the instants of what belongs to what is near: members of one episode, an event and its reading."""
    while True:
        heads = _heads_around(db, participant_id, instants, NEAR)
        far = {at for at in _partners(db, participant_id, heads) if all(abs(at - i) > NEAR for i in instants)}
        if not far:
            return instants
        instants = [*instants, *far]


def _partners(db: Database, participant_id: str, heads: Sequence[Row]) -> list[datetime]:
    ids = sorted({head["episode_id"] for head in heads if head["episode_id"]})
    roots = [head["root_id"] for head in heads if head["kind"] == "reading"]
    found = _episode_instants(db, participant_id, ids) + _linked_instants(db, participant_id, roots)
    for head in heads:
        reading = linked_reading(db, participant_id, head["linked_id"]) if head["linked_id"] else None
        found += [clock.from_text(reading["occurred_at"])] if reading else []
    return found


def _episode_instants(db: Database, participant_id: str, episode_ids: Sequence[str]) -> list[datetime]:
    if not episode_ids:
        return []
    names = {f"e{i}": episode_id for i, episode_id in enumerate(episode_ids)}
    rows = db.query(
        "select occurred_at from entry_heads where participant_id = :p and state <> 'withdrawn'"
        f" and episode_id in ({', '.join(':' + name for name in names)})",
        {"p": participant_id, **names},
    )
    return [clock.from_text(row["occurred_at"]) for row in rows]


def _linked_instants(db: Database, participant_id: str, roots: Sequence[str]) -> list[datetime]:
    """When the events were that name a version of one of these readings."""
    if not roots:
        return []
    names = {f"r{i}": root for i, root in enumerate(roots)}
    rows = db.query(
        "select h.occurred_at from entry_heads h left join entries named on named.id = h.linked_id"
        " left join same_records s on s.id = h.linked_id"
        # Most entries name nothing: the bound leaves them out in the index.
        " where h.participant_id = :p and h.linked_id > '' and h.kind = 'hypo_event'"
        " and h.state <> 'withdrawn'"
        f" and coalesce(named.root_id, s.root_id) in ({', '.join(':' + name for name in names)})",
        {"p": participant_id, **names},
    )
    return [clock.from_text(row["occurred_at"]) for row in rows]


def _point(db: Database, participant: Row, head: Row, study: Study) -> rules.Point | None:
    if head["local_day"] < participant["consented_day"]:
        return None
    data = json.loads(head["data"])
    at = clock.from_text(head["occurred_at"])
    circumstances = circumstances_of(participant, head["local_day"])
    if head["kind"] == "hypo_event":
        verdict = judge_event(db, participant, data, head["local_day"], study)
        linked = linked_reading(db, participant["id"], head["linked_id"])
        return rules.event_point(
            head["root_id"], at, linked["root_id"] if linked else None, event_of(data), verdict
        )
    reading = reading_of(data, study)
    if reading is None:
        return None
    verdict = classify(reading, None, circumstances, study.glucose)
    return rules.reading_point(head["root_id"], at, reading, verdict, study.glucose)


def _pick_id(roots: Sequence[str], current: dict[str, str | None], taken: set[str]) -> str:
    """The episode keeps the id its earliest member has; of two that grew together one lives on."""
    for root in roots:
        known = current.get(root)
        if known and known not in taken:
            taken.add(known)
            return known
    return str(uuid4())


def _write(
    db: Database, participant_id: str, episode: rules.Episode, roots: Sequence[str], episode_id: str,
    current: dict[str, str | None],
) -> None:  # fmt: skip
    severe, basis = rules.joint_verdict(episode.members)
    db.execute(
        "insert into episodes (id, participant_id, first_at, last_at, severe, basis)"
        " values (:id, :p, :first, :last, :severe, :basis)"
        " on conflict (id) do update set first_at = excluded.first_at, last_at = excluded.last_at,"
        " severe = excluded.severe, basis = excluded.basis",
        {"id": episode_id, "p": participant_id, "first": clock.to_text(episode.from_at),
         "last": clock.to_text(episode.to_at), "basis": basis,
         "severe": None if severe is None else int(severe)},
    )  # fmt: skip
    for root in roots:
        before = current.get(root)
        if before != episode_id:
            _assign(db, root, episode_id)
            if before:
                _follow(db, before, episode_id)


def _assign(db: Database, root_id: str, episode_id: str | None) -> None:
    db.execute("update entry_heads set episode_id = :e where root_id = :r", {"e": episode_id, "r": root_id})


def _follow(db: Database, old_id: str, new_id: str) -> None:
    """An alert of the episode that a member left speaks of the one it went to as well."""
    db.execute(
        "insert into alert_episodes (alert_id, episode_id)"
        " select alert_id, cast(:new as text) from alert_episodes where episode_id = :old"
        " on conflict (alert_id, episode_id) do nothing",
        {"old": old_id, "new": new_id},
    )


def drop_empty(db: Database, participant_id: str, episode_ids: Iterable[str | None]) -> None:
    """Forget these episodes where nothing stands in them any more."""
    for episode_id in episode_ids:
        db.execute(
            "delete from episodes where id = :e and participant_id = :p"
            " and not exists (select 1 from entry_heads where episode_id = :e)",
            {"e": episode_id, "p": participant_id},
        )


def list_for_participant(db: Database, participant_id: str, first_at: str, last_at: str) -> list[Row]:
    """Episodes that began in the span [first_at, last_at), oldest first."""
    return list(
        db.query(
            "select * from episodes where participant_id = :p and first_at >= :first and first_at < :last"
            " order by first_at, id",
            {"p": participant_id, "first": first_at, "last": last_at},
        )
    )
