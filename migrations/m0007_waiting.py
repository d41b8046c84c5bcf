"""What waits for the site is found without reading years of diary."""

from diary.db import Database

INDEXES = (
    "index heads_waiting on entry_heads (participant_id) where state = 'held' or pending_id is not null",
)


def up(db: Database) -> None:
    for index in INDEXES:
        db.execute(f"create {index}")
