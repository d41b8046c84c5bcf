"""A phone whose push service does not accept our signature for it alone: refused, judged, set aside."""

from diary.db import Database

COLUMNS = (
    # The last time its push service answered 401 or 403 for it, since it was posted.
    "refused_at text",
    # Nothing is sent to it until it is posted anew.
    "set_aside_at text",
    # When the operator found that it is this phone alone; kept when it is posted anew.
    "judged_at text",
)


def up(db: Database) -> None:
    for column in COLUMNS:
        db.execute(f"alter table subscriptions add column {column}")
