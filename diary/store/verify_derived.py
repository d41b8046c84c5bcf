"""What was worked out from the entries: does it still follow from them by the rules?

Which version counts, its verdict, the episodes, and the numbering of changes are no record of their own,
but screens and summaries are made of them.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from diary import clock
from diary.db import Database, Row
from diary.rules import episodes as rules
from diary.rules import glucose
from diary.rules.hypoglycaemia import Verdict, classify
from diary.store import episodes
from diary.store.judging import NOTHING
from diary.store.verify_rows import Finding, Person, people
from diary.study import Study

_HEAD = (
    "root_id", "entry_id", "tip_id", "participant_id", "kind", "occurred_at", "local_day", "state",
    "pending_id", "linked_id", "band", "severe", "basis", "ada_level", "in_summaries", "episode_id",
)  # fmt: skip
_VERSIONS = f"""
    select e.id, e.root_id, e.version, e.replaces, e.participant_id, e.kind, e.occurred_at, e.local_day,
        e.received_at, e.data, e.state, d.id as decision_id, {", ".join(f"h.{n} as head_{n}" for n in _HEAD)}
    from entries e left join entry_decisions d on d.entry_id = e.id
        left join entry_heads h on h.root_id = e.root_id
    order by e.root_id, e.version
"""
# Things that phones and desks hear of: each must be among the participant's changes.
_TOLD = {"entries": "entry", "alerts": "alert", "schedules": "schedule"}


class Derived:
    """One look at everything derived; `study` holds the limits that the verdicts were made by."""

    def __init__(self, db: Database, study: Study) -> None:
        self.db = db
        self.study = study
        self.people = people(db)
        self.members: defaultdict[str, list[_Member]] = defaultdict(list)

    def findings(self) -> Iterator[Finding]:
        for root_id, group in groupby(self.db.query(_VERSIONS), key=lambda row: row["root_id"]):
            yield from self._head(f"entry_heads {root_id}", list(group))
        for row in self.db.query(
            "select h.root_id from entry_heads h left join entries e on e.id = h.root_id where e.id is null"
        ):
            yield Finding(f"entry_heads {row['root_id']}", "speaks of an entry that is not there")
        yield from self._episodes()
        yield from _changes(self.db)

    def _head(self, where: str, versions: Sequence[Row]) -> Iterator[Finding]:
        head = {name: versions[0][f"head_{name}"] for name in _HEAD}
        if head["root_id"] is None:
            yield Finding(where, "is missing: nothing of this entry counts")
            return
        expected, counts = which_counts(versions)
        wrong = [name for name, value in expected.items() if head[name] != value]
        if wrong:
            yield Finding(where, f"does not follow from the entry's versions: {', '.join(wrong)}")
            return
        verdicts = self._verdicts(head, counts)
        told = {name: head[name] for name in ("band", "severe", "basis", "ada_level", "in_summaries")}
        found = next((verdict for verdict, columns in verdicts if columns == told), None)
        if found is None:
            best = verdicts[-1][1] if verdicts else {}
            names = ", ".join(name for name, value in told.items() if best.get(name) != value)
            yield Finding(where, f"is not what the rules say of it: {names or 'value'}")
        if head["episode_id"]:
            sure = found if len(verdicts) == 1 else None
            self.members[head["episode_id"]].append(_Member(head, counts, sure))

    def _verdicts(self, head: Row, counts: Row) -> list[tuple[Verdict, Row]]:
        """What could be said of it, once for each thing known of the participant since it came."""
        made: list[tuple[Verdict, Row]] = []
        for person in _known_since(self.people[head["participant_id"]], counts["received_at"]):
            verdict, band = self._judge(head["participant_id"], person, counts)
            columns: Row = {
                "band": band, "severe": None if verdict.severe is None else int(verdict.severe),
                "basis": verdict.basis, "ada_level": verdict.ada_level,
                "in_summaries": int(verdict.in_summaries and head["state"] == "stored"),
            }  # fmt: skip
            if (verdict, columns) not in made:
                made.append((verdict, columns))
        return made

    def _judge(self, participant_id: str, person: Person, entry: Row) -> tuple[Verdict, str | None]:
        data, study = _data(entry), self.study
        participant: Row = {"id": participant_id, **vars(person)}
        if data is None:
            return NOTHING, None
        if entry["kind"] == "hypo_event":
            return episodes.judge_event(self.db, participant, data, entry["local_day"], study), None
        reading = episodes.reading_of(data, study) if entry["kind"] == "reading" else None
        if reading is None:
            return NOTHING, None
        circumstances = episodes.circumstances_of(participant, entry["local_day"])
        verdict = classify(reading, None, circumstances, study.glucose)
        return verdict, None if reading.is_excluded else glucose.band(reading.glucose, study.glucose)

    def _episodes(self) -> Iterator[Finding]:
        known = {row["id"]: row for row in self.db.query("select * from episodes")}
        for episode_id, members in self.members.items():
            where = f"episodes {episode_id}"
            episode = known.pop(episode_id, None)
            if episode is None:
                yield Finding(where, f"is gone, and entry {members[0].head['root_id']} belongs to it")
            elif any(member.head["participant_id"] != episode["participant_id"] for member in members):
                yield Finding(where, "is another participant's than its members")
            elif wrong := self._wrong(episode, [one for one in members if one.head["state"] != "withdrawn"]):
                yield Finding(where, f"does not follow from its members: {', '.join(wrong)}")
        for episode_id in known:
            yield Finding(f"episodes {episode_id}", "has no member")

    def _wrong(self, episode: Row, members: "Sequence[_Member]") -> list[str]:
        """Which of its columns; where every member was withdrawn nothing says what they should be."""
        if not members:
            return []
        points = [member.point(self.db, self.study) for member in members]
        times = sorted(clock.to_text(member.at) for member in members)
        # An event draws the time of its reading in, also where that is no low and so no member.
        linked = [at for member in members if (at := member.linked_at(self.db))]
        wrong = []
        if episode["first_at"] not in {times[0], min([*times, *linked])}:
            wrong.append("first_at")
        if episode["last_at"] not in {times[-1], max([*times, *linked])}:
            wrong.append("last_at")
        sure = [point for point in points if point]
        if len(sure) == len(members):
            severe, basis = rules.joint_verdict(sure)
            if episode["severe"] != (None if severe is None else int(severe)):
                wrong.append("severe")
            if episode["basis"] != basis:
                wrong.append("basis")
        return wrong


class _Member:
    """A head with its episode; `verdict` None where the record does not say which one was made."""

    def __init__(self, head: Row, counts: Row, verdict: Verdict | None) -> None:
        self.head = head
        self.data = _data(counts) or {}
        self.verdict = verdict

    @property
    def at(self) -> datetime:
        return clock.from_text(self.head["occurred_at"])

    def linked_at(self, db: Database) -> str | None:
        linked = episodes.linked_reading(db, self.head["participant_id"], self.head["linked_id"])
        return linked["occurred_at"] if linked else None

    def point(self, db: Database, study: Study) -> rules.Point | None:
        root_id, verdict = self.head["root_id"], self.verdict
        if verdict is None:
            return None
        if self.head["kind"] == "hypo_event":
            return rules.event_point(root_id, self.at, None, episodes.event_of(self.data), verdict)
        reading = episodes.reading_of(self.data, study)
        if reading is None:
            return None
        return rules.reading_point(root_id, self.at, reading, verdict, study.glucose)


def which_counts(versions: Sequence[Row]) -> tuple[Row, Row]:
    """From all versions of an entry, oldest first: what its head must say, and the version that counts.

    A first version counts at once, held or not; a held correction waits beside the version that counts
    until it is accepted, corrected again or taken back.
    """
    counts, state = versions[0], ""
    pending: Row | None = None
    for row in versions:
        takes_back = row["data"] is None and pending is not None and pending["id"] == row["replaces"]
        if row["version"] > 1 and row["state"] == "held":
            pending = row
        elif takes_back and state != "held":
            pending = None
        else:
            counts, pending = row, row if row["state"] == "held" else None
            state = "withdrawn" if row["data"] is None else row["state"]
        if row["decision_id"]:
            counts, pending = row, None
            state = "withdrawn" if row["data"] is None else "stored"
    copied = ("participant_id", "kind", "occurred_at", "local_day")
    expected: Row = {name: counts[name] for name in copied}
    expected |= {
        "entry_id": counts["id"], "tip_id": versions[-1]["id"], "state": state,
        "pending_id": pending["id"] if pending else None,
        "linked_id": (_data(counts) or {}).get("reading_id"),
    }  # fmt: skip
    return expected, counts


def _data(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The entry's answers; None for a withdrawal, and for what was spoilt (the row itself is a finding)."""
    try:
        read = json.loads(entry["data"] or "null")
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _known_since(people: Sequence[Person], received_at: str) -> Sequence[Person]:
    """What was known of the participant when the entry came, and all that became known after."""
    before = sum(person.since < received_at for person in people)
    return people[max(0, before - 1) :]


def _changes(db: Database) -> Iterator[Finding]:
    for row in db.query(
        "select participant_id, count(*) as n, min(seq) as first, max(seq) as last,"
        " count(guardian_seq) as told, count(distinct guardian_seq) as numbers,"
        " coalesce(min(guardian_seq), 1) as guardian_first, coalesce(max(guardian_seq), 0) as guardian_last"
        " from changes group by participant_id"
    ):
        where = f"changes {row['participant_id']}"
        if (row["first"], row["last"]) != (1, row["n"]):
            yield Finding(where, f"has a gap: {row['n']} changes, numbered to {row['last']}")
        if row["guardian_first"] != 1 or not row["told"] == row["numbers"] == row["guardian_last"]:
            yield Finding(where, "has a gap in the guardians' numbers")
    for table, object_ in _TOLD.items():
        untold = db.query(
            f"select t.id from {table} t left join changes c on c.object_id = t.id and c.object = :object"
            " and c.participant_id = t.participant_id where c.seq is null",
            {"object": object_},
        )
        for row in untold:
            yield Finding(f"{table} {row['id']}", "is not among the participant's changes")
    unseen = db.query(
        "select r.id from refusals r left join changes c on c.object_id = r.id and c.object = 'refusal'"
        " where r.participant_id is not null and c.seq is null"
    )
    for row in unseen:
        yield Finding(f"refusals {row['id']}", "is not among the participant's changes")
