"""The desk: what each local day adds up to, in which state a participant was when, and queries.

Conventions as in the first schema. A day whose `readings` or `windows` is null is counted anew when it is
looked at, and by the worker: so the days of the diaries that are here already begin as null. `glance` and
`shares` say the same in a few characters, for a list of a thousand people.
"""

from diary.db import Database
from migrations.engines import append_only, create_table

TABLES = {
    "day_rows": """
        participant_id text not null references participants (id),
        local_day text not null check (length(local_day) = 10),
        readings text,
        log text,
        windows text,
        shares text,
        glance text,
        primary key (participant_id, local_day)""",
    "participant_states": """
        id text primary key,
        participant_id text not null references participants (id),
        state text not null,
        from_at text not null check (length(from_at) = 24),
        reason text""",
    "queries": """
        id text primary key,
        participant_id text not null references participants (id),
        site_id text not null references sites (id),
        root_id text not null references entries (id),
        entry_id text not null references entries (id),
        field text,
        is_contraception integer not null check (is_contraception in (0, 1)),
        state text not null check (state in ('open', 'answered', 'closed')),
        raised_by text not null references accounts (id),
        raised_at text not null check (length(raised_at) = 24),
        due_day text not null check (length(due_day) = 10),
        answered_at text,
        closed_by text references accounts (id),
        closed_at text""",
    "query_messages": """
        id text primary key,
        query_id text not null references queries (id),
        number integer not null check (number >= 1),
        participant_id text not null references participants (id),
        author_id text not null references accounts (id),
        author_role text not null,
        text text not null,
        at text not null check (length(at) = 24),
        unique (query_id, number)""",
}

INDEXES = (
    "participant_states_by_participant on participant_states (participant_id, from_at)",
    # All that the overview reads of a day, without its windows beside it.
    "day_rows_at_a_glance on day_rows (participant_id, local_day, glance, shares)",
    "queries_by_participant on queries (participant_id, raised_at)",
    "queries_by_site on queries (site_id, state, due_day)",
    "queries_by_root on queries (root_id)",
)

APPEND_ONLY = ("participant_states", "query_messages")


def up(db: Database) -> None:
    for name, columns in TABLES.items():
        create_table(db, name, columns)
    for index in INDEXES:
        db.execute(f"create index {index}")
    for table in APPEND_ONLY:
        append_only(db, table)
    db.execute(
        "insert into day_rows (participant_id, local_day) select distinct participant_id, local_day"
        " from entry_heads"
    )
    # Every state a participant was in stands in the trail: the one at the start, and each change.
    db.execute(
        "insert into participant_states (id, participant_id, state, from_at, reason)"
        " select 'first-' || p.id, p.id, coalesce((select a.old from audit a where a.object = 'participant'"
        " and a.object_id = p.id and a.field = 'state' order by a.seq limit 1), p.state), p.created_at, null"
        " from participants p"
    )
    db.execute(
        "insert into participant_states (id, participant_id, state, from_at, reason)"
        " select a.stream || '-' || a.seq, a.object_id, a.new, a.at, a.reason from audit a"
        " where a.object = 'participant' and a.field = 'state'"
    )
