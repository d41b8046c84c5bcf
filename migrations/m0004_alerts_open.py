"""Indexes for what the worker asks of alerts every few seconds."""

from diary.db import Database

INDEXES = (
    "index alerts_open on alerts (level, opened_at) where state = 'open'",
    "index alerts_not_resolved on alerts (participant_id) where state <> 'resolved'",
)


def up(db: Database) -> None:
    for index in INDEXES:
        db.execute(f"create {index}")
