"""A push service that takes nothing is known, and the pages of an alert are found among years of others."""

from diary.db import Database

COLUMNS = (
    # Since when the service was tried and took nothing; null once it took something again.
    "in_vain_since text",
    # How many messages it did not take since then.
    "in_vain integer not null default 0",
)


def up(db: Database) -> None:
    for column in COLUMNS:
        db.execute(f"alter table push_hosts add column {column}")
    # Nearly every delivery is of no alert: with those in the index, SQLite's statistics speak against using
    # it, and every delivery there is was read for each alert that somebody took charge of.
    db.execute("drop index deliveries_by_alert")
    db.execute("create index deliveries_by_alert on deliveries (alert_id) where alert_id is not null")
