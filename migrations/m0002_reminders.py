"""Reminders and deliveries: what is due, who was told by which way, and who could not be reached.

Conventions as in the first schema. Machines write `reminders` and `deliveries` millions of times, so their
times stand in the row and not in the audit trail; what people decide (roster, channels, calls, zones) is
in both.
"""

from datetime import timedelta

from diary import clock
from diary.db import Database
from migrations.engines import create_table

REMINDERS = {
    # One row for each occurrence of a schedule, and one for each re-check after a low.
    "reminders": """
        id text primary key,
        participant_id text not null references participants (id),
        schedule_id text references schedules (id),
        entry_root_id text references entries (id),
        kind text not null check (kind in ('dose', 'reading', 'contraception', 'diary', 'recheck')),
        local_day text not null check (length(local_day) = 10),
        slot text not null,
        due_at text not null check (length(due_at) = 24),
        opens_at text not null check (length(opens_at) = 24),
        closes_at text not null check (length(closes_at) = 24),
        state text not null check (state in ('planned', 'due', 'answered', 'missed', 'cancelled')),
        hold text check (hold in ('waiting', 'drawn', 'overdue')),
        next_at text,
        told integer not null,
        snoozed_until text,
        answer_root_id text,
        planned_at text not null check (length(planned_at) = 24),
        fired_at text,
        ended_at text,
        why text,
        check ((kind = 'recheck') = (schedule_id is null)),
        unique (schedule_id, local_day, slot)""",
    # How far each schedule is planned, so that a tick looks at new days only.
    "plans": """
        schedule_id text primary key references schedules (id),
        zone text not null,
        planned_to_day text not null check (length(planned_to_day) = 10)""",
    "subscriptions": """
        id text primary key,
        account_id text not null references accounts (id),
        session_id text,
        endpoint text not null,
        host text not null,
        p256dh text not null,
        auth text not null,
        device text not null,
        created_at text not null check (length(created_at) = 24),
        seen_at text not null check (length(seen_at) = 24),
        ended_at text,
        end_reason text check (end_reason in
            ('gone', 'unsubscribed', 'replaced', 'session_ended', 'account_closed'))""",
    # A push service that does not accept our signature is left alone until the operator has looked.
    "push_hosts": """
        host text primary key,
        stopped_at text,
        status integer,
        detail text""",
    "problems": """
        id text primary key,
        kind text not null,
        subject text not null,
        detail text not null,
        opened_at text not null check (length(opened_at) = 24),
        last_at text not null check (length(last_at) = 24),
        times integer not null,
        closed_at text,
        closed_by text references accounts (id)""",
    # Where else a person can be told: an address behind one of the channels that the operator set up.
    "channels": """
        id text primary key,
        account_id text not null references accounts (id),
        kind text not null check (kind in ('message', 'sms')),
        name text not null,
        address text not null,
        created_at text not null check (length(created_at) = 24),
        created_by text not null references accounts (id),
        test_code_hash text,
        test_sent_at text,
        tested_at text,
        ended_at text""",
    # One row for one message to one address. `group_id` is one thing told to one person: its tag and topic.
    "deliveries": """
        id text primary key,
        group_id text not null,
        about text not null check (about in ('reminder', 'recheck', 'page', 'test', 'operator')),
        kind text not null,
        site_id text references sites (id),
        participant_id text references participants (id),
        account_id text references accounts (id),
        alert_id text references alerts (id),
        channel text not null check (channel in ('push', 'message', 'sms', 'call')),
        address_id text not null,
        round integer not null,
        state text not null check (state in
            ('planned', 'claimed', 'handed_over', 'received', 'shown', 'opened',
             'answered', 'missed', 'cancelled', 'failed')),
        token text not null unique,
        due_at text not null check (length(due_at) = 24),
        expires_at text not null check (length(expires_at) = 24),
        next_at text,
        fallback_at text,
        attempts integer not null,
        claimed_by text,
        lease_until text,
        planned_at text not null check (length(planned_at) = 24),
        claimed_at text,
        handed_over_at text,
        received_at text,
        shown_at text,
        opened_at text,
        dismissed_at text,
        answered_at text,
        ended_at text,
        status integer,
        error text,
        check ((ended_at is null) = (state in
            ('planned', 'claimed', 'handed_over', 'received', 'shown', 'opened'))),
        unique (group_id, round, channel, address_id)""",
    "delivery_reminders": """
        group_id text not null,
        reminder_id text not null references reminders (id),
        primary key (group_id, reminder_id)""",
    "calendar_feeds": """
        id text primary key,
        account_id text not null references accounts (id),
        token_hash text not null unique,
        created_at text not null check (length(created_at) = 24),
        read_at text,
        revoked_at text""",
}

PEOPLE = {
    "roster_days": """
        site_id text not null references sites (id),
        day text not null check (length(day) = 10),
        account_id text not null references accounts (id),
        set_by text not null references accounts (id),
        set_at text not null check (length(set_at) = 24),
        primary key (site_id, day, account_id)""",
    # Who could not be reached: a person of the site telephones, and says what came of it.
    "calls": """
        id text primary key,
        site_id text not null references sites (id),
        participant_id text not null references participants (id),
        account_id text not null references accounts (id),
        about text not null check (about in ('reminder', 'recheck', 'blood_draw')),
        since_at text not null check (length(since_at) = 24),
        opened_at text not null check (length(opened_at) = 24),
        closed_at text,
        closed_by text references accounts (id),
        outcome text check (outcome in ('spoke', 'no_answer', 'reached_otherwise')),
        note text""",
    "zone_changes": """
        id text primary key,
        participant_id text not null references participants (id),
        from_zone text not null,
        to_zone text not null,
        state text not null check (state in ('applied', 'waiting', 'refused')),
        asked_by text not null references accounts (id),
        asked_at text not null check (length(asked_at) = 24),
        decided_by text references accounts (id),
        decided_at text,
        reason text""",
}

INDEXES = (
    "index reminders_by_participant on reminders (participant_id, due_at)",
    "index reminders_by_next on reminders (next_at) where next_at is not null",
    "index reminders_by_due on reminders (due_at) where state = 'planned'",
    "index reminders_by_close on reminders (closes_at) where state in ('planned', 'due')",
    "unique index rechecks_by_entry on reminders (entry_root_id) where kind = 'recheck'",
    "index plans_by_day on plans (zone, planned_to_day)",
    "unique index subscriptions_by_endpoint on subscriptions (endpoint) where ended_at is null",
    "index subscriptions_by_account on subscriptions (account_id)",
    "unique index problems_by_subject on problems (kind, subject) where closed_at is null",
    "index channels_by_account on channels (account_id)",
    "index deliveries_by_next on deliveries (next_at) where next_at is not null",
    # Pages are found at once, however many reminders are due in the same minute.
    "index deliveries_by_urgency on deliveries (next_at)"
    " where next_at is not null and about in ('page', 'recheck')",
    "index deliveries_by_fallback on deliveries (fallback_at) where fallback_at is not null",
    "index deliveries_by_expiry on deliveries (expires_at) where ended_at is null",
    "index deliveries_by_participant on deliveries (participant_id, due_at)",
    "index deliveries_by_account on deliveries (account_id, due_at)",
    "index deliveries_by_alert on deliveries (alert_id)",
    "index delivery_reminders_by_reminder on delivery_reminders (reminder_id)",
    "index calendar_feeds_by_account on calendar_feeds (account_id)",
    "unique index calls_by_account on calls (account_id, participant_id) where closed_at is null",
    "index calls_by_site on calls (site_id, opened_at)",
    "index zone_changes_by_participant on zone_changes (participant_id, asked_at)",
)


def up(db: Database) -> None:
    for name, columns in {**REMINDERS, **PEOPLE}.items():
        create_table(db, name, columns)
    for index in INDEXES:
        db.execute(f"create {index}")
    # What was prescribed before there were reminders is planned from today on.
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    db.execute(
        "insert into plans (schedule_id, zone, planned_to_day) select id, zone, :day from schedules",
        {"day": yesterday},
    )
