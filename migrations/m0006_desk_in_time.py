"""The desk in time: zones since when, days whose windows close one by one, planned visits, decided SAEs.

Conventions as in the first schema. `day_rows.closes_at` is when the next window of a day closes that is not
over yet: until then its `shares` hold the closed part, and its `windows` are judged when they are looked at.
"""

from diary.db import Database
from migrations.engines import append_only, create_table

TABLES = {
    "participant_zones": """
        id text primary key,
        participant_id text not null references participants (id),
        zone text not null,
        from_at text not null check (length(from_at) = 24)""",
    # What the site plans for one participant; what the study plans stands in its settings.
    "planned_visits": """
        id text primary key,
        participant_id text not null references participants (id),
        name text not null,
        purpose text,
        day text not null check (length(day) = 10),
        before_days integer not null check (before_days >= 0),
        after_days integer not null check (after_days >= 0),
        planned_by text not null references accounts (id),
        planned_at text not null check (length(planned_at) = 24),
        cancelled_by text references accounts (id),
        cancelled_at text,
        cancel_reason text""",
}

COLUMNS = (
    "day_rows add column closes_at text",
    "alerts add column sae_by text references accounts (id)",
    "alerts add column sae_at text",
    "alerts add column sae_reason text",
)

INDEXES = (
    "participant_zones_by_participant on participant_zones (participant_id, from_at)",
    "planned_visits_by_participant on planned_visits (participant_id, day)",
    # Rare kinds (hospital stays, weights, visits) and the last reading are found without reading years.
    "heads_by_kind on entry_heads (participant_id, kind, occurred_at)",
)

APPEND_ONLY = ("participant_zones",)


def up(db: Database) -> None:
    for name, columns in TABLES.items():
        create_table(db, name, columns)
    for column in COLUMNS:
        db.execute(f"alter table {column}")
    for index in INDEXES:
        db.execute(f"create index {index}")
    for table in APPEND_ONLY:
        append_only(db, table)
    # Every zone a participant was in stands in the trail: the one at the start, and each change.
    db.execute(
        "insert into participant_zones (id, participant_id, zone, from_at)"
        " select 'first-' || p.id, p.id, coalesce((select a.old from audit a where a.object = 'participant'"
        " and a.object_id = p.id and a.field = 'zone' order by a.seq limit 1), p.zone), p.created_at"
        " from participants p"
    )
    db.execute(
        "insert into participant_zones (id, participant_id, zone, from_at)"
        " select a.stream || '-' || a.seq, a.object_id, a.new, a.at from audit a"
        " where a.object = 'participant' and a.field = 'zone'"
    )
