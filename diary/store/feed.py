"""The order in which a participant's things changed, so that a phone can ask "what is new since?"."""

from collections.abc import Iterable

from diary.db import Database, Row

PAGE = 500


def record(db: Database, participant_id: str, object_: str, object_id: str, *, hidden: bool) -> None:
    """Note that something changed; `hidden` leaves a guardian's numbering without a gap."""
    db.execute(
        # One max each, so that both come from the end of an index: two in one select read every change.
        "insert into changes (participant_id, seq, guardian_seq, object, object_id) values (:p,"
        " coalesce((select max(seq) from changes where participant_id = :p), 0) + 1,"
        " case when :hidden = 1 then null else"
        "   coalesce((select max(guardian_seq) from changes where participant_id = :p), 0) + 1 end,"
        " :object, :object_id)",
        {"p": participant_id, "hidden": int(hidden), "object": object_, "object_id": object_id},
    )


def since(db: Database, participant_id: str, cursor: int, *, as_guardian: bool) -> tuple[list[Row], int]:
    """Up to PAGE changes after `cursor`, each thing once at its latest change, and the next cursor.

    An unchanged cursor means that there is no more.
    """
    number = "guardian_seq" if as_guardian else "seq"
    rows = list(
        db.query(
            f"select {number} as n, object, object_id, not exists ("
            f"   select 1 from changes later where later.participant_id = c.participant_id"
            f"   and later.object_id = c.object_id and later.{number} > c.{number}) as latest"
            f" from changes c where participant_id = :p and {number} > :cursor"
            f" order by {number} limit :page",
            {"p": participant_id, "cursor": cursor, "page": PAGE},
        )
    )
    return [row for row in rows if row["latest"]], rows[-1]["n"] if rows else cursor


def ids(changes: Iterable[Row], object_: str) -> list[str]:
    return [row["object_id"] for row in changes if row["object"] == object_]
