"""Several writers at once: chains stay whole, numbers have no gap, one answer per slot."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from diary.db import Database, open_database
from diary.store import feed, intake, participants, verify
from diary.store.intake import Result
from diary.web.entry_reading import read_entry
from tests.people import NOW, STUDY, People
from tests.phone import Body, entry, reading

WRITERS = 6


def send(url: str, who: People, bodies: list[Body]) -> list[Result]:
    """As a phone's request does: one transaction, the participant's lock first."""
    db = open_database(url)
    try:
        participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
        results = []
        with db.atomic():
            participants.lock(db, participant["id"])
            for body in bodies:
                draft, _ = read_entry(body, who.lin.actor, lambda _: participant, STUDY)
                results.append(intake.receive(db, who.lin.actor, participant, draft, body, NOW, STUDY))  # type: ignore[arg-type]
        return results
    finally:
        db.close()


def all_at_once(url: str, who: People, batches: list[list[Body]]) -> list[Result]:
    with ThreadPoolExecutor(len(batches)) as pool:
        return [
            result for results in pool.map(lambda batch: send(url, who, batch), batches) for result in results
        ]


def test_writers_of_one_participant_leave_one_whole_chain(
    database_url: str, db: Database, who: People
) -> None:
    batches = [[reading(NOW, "2.8", 60 * n + minute) for minute in range(5)] for n in range(WRITERS)]
    results = all_at_once(database_url, who, batches)
    assert {result.status for result in results} == {"stored"}
    assert verify.verify(db, b"key", STUDY, NOW).findings == ()
    changes = list(
        db.query(
            "select seq from changes where participant_id = :p order by seq", {"p": who.lin.participant_id}
        )
    )
    assert [row["seq"] for row in changes] == list(range(1, len(changes) + 1))
    found, _ = feed.since(db, str(who.lin.participant_id), 0, as_guardian=False)
    assert len(feed.ids(found, "entry")) == 5 * WRITERS


def test_the_same_queue_from_many_phones_is_stored_once(database_url: str, db: Database, who: People) -> None:
    queue = [reading(NOW, "5.0", minute) for minute in range(10)]
    results = all_at_once(database_url, who, [queue] * WRITERS)
    assert sorted(result.status for result in results) == ["duplicate"] * 10 * (WRITERS - 1) + ["stored"] * 10


def test_one_slot_has_one_answer_whoever_comes_first(database_url: str, db: Database, who: People) -> None:
    slot = {"schedule_id": str(uuid4()), "due_day": "2026-03-02", "slot": "08:00", "status": "taken"}
    results = all_at_once(database_url, who, [[entry(NOW, "dose", slot)] for _ in range(WRITERS)])
    assert sorted(result.status for result in results) == ["conflict"] * (WRITERS - 1) + ["stored"]
    assert verify.verify(db, b"key", STUDY, NOW).findings == ()


def test_a_version_is_replaced_once_whoever_comes_first(database_url: str, db: Database, who: People) -> None:
    first = reading(NOW, "5.0")
    send(database_url, who, [first])
    changes = [[reading(NOW, f"6.{n}", replaces=first["id"], reason="slip")] for n in range(WRITERS)]
    results = all_at_once(database_url, who, changes)
    assert sorted(result.status for result in results) == ["conflict"] * (WRITERS - 1) + ["stored"]
