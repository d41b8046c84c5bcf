CREATE INDEX alert_entries_by_root on alert_entries (root_id);
CREATE INDEX alert_episodes_by_episode on alert_episodes (episode_id);
CREATE INDEX alerts_by_participant on alerts (participant_id, opened_at);
CREATE INDEX alerts_by_site on alerts (site_id, opened_at);
CREATE INDEX alerts_not_resolved on alerts (participant_id) where state <> 'resolved';
CREATE INDEX alerts_open on alerts (level, opened_at) where state = 'open';
CREATE INDEX attempts_by_account on attempts (account_key, at);
CREATE INDEX attempts_by_address on attempts (address, at);
CREATE INDEX audit_by_object on audit (object_id);
CREATE INDEX audit_by_time on audit (at);
CREATE INDEX calendar_feeds_by_account on calendar_feeds (account_id);
CREATE UNIQUE INDEX calls_by_account on calls (account_id, participant_id) where closed_at is null;
CREATE INDEX calls_by_site on calls (site_id, opened_at);
CREATE INDEX changes_by_guardian on changes (participant_id, guardian_seq);
CREATE INDEX changes_by_object on changes (object_id);
CREATE INDEX channels_by_account on channels (account_id);
CREATE INDEX consents_by_participant on consents (participant_id);
CREATE INDEX day_rows_at_a_glance on day_rows (participant_id, local_day, glance, shares);
CREATE INDEX deliveries_by_account on deliveries (account_id, due_at);
CREATE INDEX deliveries_by_alert on deliveries (alert_id) where alert_id is not null;
CREATE INDEX deliveries_by_expiry on deliveries (expires_at) where ended_at is null;
CREATE INDEX deliveries_by_fallback on deliveries (fallback_at) where fallback_at is not null;
CREATE INDEX deliveries_by_next on deliveries (next_at) where next_at is not null;
CREATE INDEX deliveries_by_participant on deliveries (participant_id, due_at);
CREATE INDEX deliveries_by_urgency on deliveries (next_at) where next_at is not null and about in ('page', 'recheck');
CREATE INDEX delivery_reminders_by_reminder on delivery_reminders (reminder_id);
CREATE INDEX entries_by_participant on entries (participant_id, received_at);
CREATE INDEX entries_by_root on entries (root_id, participant_id, version);
CREATE INDEX episodes_by_participant on episodes (participant_id, first_at);
CREATE INDEX guardianships_by_participant on guardianships (participant_id);
CREATE INDEX heads_by_day on entry_heads (participant_id, local_day);
CREATE INDEX heads_by_episode on entry_heads (episode_id);
CREATE INDEX heads_by_kind on entry_heads (participant_id, kind, occurred_at);
CREATE INDEX heads_by_link on entry_heads (participant_id, linked_id);
CREATE INDEX heads_by_meter on entry_heads (participant_id, meter_key);
CREATE INDEX heads_by_slot on entry_heads (participant_id, slot_key);
CREATE INDEX heads_by_time on entry_heads (participant_id, occurred_at);
CREATE INDEX heads_waiting on entry_heads (participant_id) where state = 'held' or pending_id is not null;
CREATE INDEX participant_states_by_participant on participant_states (participant_id, from_at);
CREATE INDEX participant_zones_by_participant on participant_zones (participant_id, from_at);
CREATE INDEX participants_by_site on participants (site_id, subject_no);
CREATE INDEX planned_visits_by_participant on planned_visits (participant_id, day);
CREATE INDEX plans_by_day on plans (zone, planned_to_day);
CREATE UNIQUE INDEX problems_by_subject on problems (kind, subject) where closed_at is null;
CREATE INDEX queries_by_participant on queries (participant_id, raised_at);
CREATE INDEX queries_by_root on queries (root_id);
CREATE INDEX queries_by_site on queries (site_id, state, due_day);
CREATE UNIQUE INDEX rechecks_by_entry on reminders (entry_root_id) where kind = 'recheck';
CREATE INDEX refusals_by_participant on refusals (participant_id, received_at);
CREATE INDEX refusals_by_site on refusals (site_id, received_at);
CREATE INDEX reminders_by_close on reminders (closes_at) where state in ('planned', 'due');
CREATE INDEX reminders_by_due on reminders (due_at) where state = 'planned';
CREATE INDEX reminders_by_next on reminders (next_at) where next_at is not null;
CREATE INDEX reminders_by_participant on reminders (participant_id, due_at);
CREATE INDEX same_records_by_root on same_records (root_id);
CREATE INDEX schedules_by_participant on schedules (participant_id, from_day);
CREATE INDEX sessions_by_account on sessions (account_id);
CREATE INDEX subscriptions_by_account on subscriptions (account_id);
CREATE UNIQUE INDEX subscriptions_by_endpoint on subscriptions (endpoint) where ended_at is null;
CREATE INDEX zone_changes_by_participant on zone_changes (participant_id, asked_at);
CREATE TABLE accounts (
        id text primary key,
        role text not null check (role in
            ('participant', 'guardian', 'coordinator', 'investigator', 'monitor', 'administrator')),
        site_id text references sites (id),
        participant_id text unique references participants (id),
        login text not null unique,
        language text not null check (language in ('zh-CN', 'en')),
        secret_hash text,
        totp_secret text,
        totp_pending text,
        totp_last_step integer,
        state text not null check (state in ('invited', 'open', 'closed')),
        created_at text not null check (length(created_at) = 24),
        closed_at text,
        check ((role = 'participant') = (participant_id is not null)),
        check ((role = 'administrator') = (site_id is null))) strict;
CREATE TABLE activation_codes (
        id text primary key,
        code_hash text not null unique,
        account_id text references accounts (id),
        issued_by text references accounts (id),
        issued_at text not null check (length(issued_at) = 24),
        expires_at text not null check (length(expires_at) = 24),
        used_at text,
        revoked_at text) strict;
CREATE TABLE alert_entries (
        alert_id text not null references alerts (id),
        entry_id text not null,
        root_id text not null,
        added_at text not null,
        primary key (alert_id, entry_id)) strict;
CREATE TABLE alert_episodes (
        alert_id text not null references alerts (id),
        episode_id text not null,
        primary key (alert_id, episode_id)) strict;
CREATE TABLE alerts (
        id text primary key,
        participant_id text not null references participants (id),
        site_id text not null references sites (id),
        level text not null check (level in ('page', 'desk')),
        kind text not null,
        state text not null check (state in ('open', 'acknowledged', 'resolved')),
        reason text,
        is_contraception integer not null check (is_contraception in (0, 1)),
        opened_at text not null check (length(opened_at) = 24),
        reopened_at text,
        value_at text,
        paged_at text,
        sent_at text,
        delivered_at text,
        seen_at text,
        seen_by text references accounts (id),
        acknowledged_at text,
        acknowledged_by text references accounts (id),
        resolved_at text,
        resolved_by text references accounts (id),
        resolution text,
        sae text check (sae in ('yes', 'no', 'undecided')), sae_by text references accounts (id), sae_at text, sae_reason text) strict;
CREATE TABLE attempts (
        id text primary key,
        account_key text not null,
        address text not null,
        at text not null check (length(at) = 24),
        cleared integer not null check (cleared in (0, 1))) strict;
CREATE TABLE audit (
        stream text not null,
        seq integer not null,
        at text not null check (length(at) = 24),
        actor_id text,
        actor_role text not null,
        site_id text,
        action text not null,
        object text not null,
        object_id text not null,
        field text,
        old text,
        new text,
        reason text,
        prev_hash text not null,
        hash text not null,
        primary key (stream, seq)) strict;
CREATE TABLE audit_seals (
        seq integer primary key,
        sealed_at text not null check (length(sealed_at) = 24),
        heads text not null,
        prev_mac text not null,
        mac text not null) strict;
CREATE TABLE calendar_feeds (
        id text primary key,
        account_id text not null references accounts (id),
        token_hash text not null unique,
        created_at text not null check (length(created_at) = 24),
        read_at text,
        revoked_at text) strict;
CREATE TABLE calls (
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
        note text) strict;
CREATE TABLE changes (
        participant_id text not null references participants (id),
        seq integer not null,
        guardian_seq integer,
        object text not null,
        object_id text not null,
        primary key (participant_id, seq)) strict;
CREATE TABLE channels (
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
        ended_at text) strict;
CREATE TABLE consents (
        id text primary key,
        participant_id text not null references participants (id),
        giver text not null check (giver in ('participant', 'guardian', 'child_assent')),
        guardian_id text references accounts (id),
        version text not null,
        day text not null check (length(day) = 10),
        recorded_by text not null references accounts (id),
        recorded_at text not null check (length(recorded_at) = 24)) strict;
CREATE TABLE day_rows (
        participant_id text not null references participants (id),
        local_day text not null check (length(local_day) = 10),
        readings text,
        log text,
        windows text,
        shares text,
        glance text, closes_at text,
        primary key (participant_id, local_day)) strict;
CREATE TABLE deliveries (
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
        unique (group_id, round, channel, address_id)) strict;
CREATE TABLE delivery_reminders (
        group_id text not null,
        reminder_id text not null references reminders (id),
        primary key (group_id, reminder_id)) strict;
CREATE TABLE entries (
        id text primary key,
        root_id text not null,
        version integer not null check (version >= 1),
        replaces text unique references entries (id),
        participant_id text not null references participants (id),
        kind text not null,
        occurred_at text not null check (length(occurred_at) = 24),
        occurred_text text not null,
        zone text not null,
        local_day text not null check (length(local_day) = 10),
        recorded_at text not null check (length(recorded_at) = 24),
        recorded_text text not null,
        received_at text not null check (length(received_at) = 24),
        skew_s integer,
        author_id text not null references accounts (id),
        author_role text not null,
        proxy_reason text,
        reason text,
        source_note text,
        origin text not null check (origin in ('typed', 'bluetooth', 'file', 'api', 'staff', 'paper')),
        app_version text,
        data text,
        body_hash text not null,
        state text not null check (state in ('stored', 'held')),
        late integer not null check (late in (0, 1)),
        severe integer check (severe in (0, 1)),
        basis text not null check (basis in ('none', 'value', 'assistance', 'both', 'review')),
        ada_level integer check (ada_level between 0 and 3),
        in_summaries integer not null check (in_summaries in (0, 1)),
        check ((version = 1) = (replaces is null)),
        check (version = 1 or reason is not null)) strict;
CREATE TABLE entry_decisions (
        id text primary key,
        entry_id text not null unique references entries (id),
        decision text not null check (decision in ('accepted')),
        source_note text not null,
        decided_by text not null references accounts (id),
        decided_at text not null check (length(decided_at) = 24)) strict;
CREATE TABLE entry_heads (
        root_id text primary key references entries (id),
        entry_id text not null references entries (id),
        tip_id text not null references entries (id),
        participant_id text not null references participants (id),
        kind text not null,
        occurred_at text not null,
        local_day text not null,
        state text not null check (state in ('stored', 'held', 'withdrawn')),
        pending_id text references entries (id),
        band text,
        linked_id text,
        meter_key text,
        slot_key text,
        severe integer check (severe in (0, 1)),
        basis text not null,
        ada_level integer,
        in_summaries integer not null check (in_summaries in (0, 1)),
        episode_id text) strict;
CREATE TABLE episodes (
        id text primary key,
        participant_id text not null references participants (id),
        first_at text not null,
        last_at text not null,
        severe integer check (severe in (0, 1)),
        basis text not null check (basis in ('none', 'value', 'assistance', 'both', 'review'))) strict;
CREATE TABLE guardianships (
        account_id text not null references accounts (id),
        participant_id text not null references participants (id),
        relation text not null,
        started_at text not null check (length(started_at) = 24),
        ended_at text,
        primary key (account_id, participant_id)) strict;
CREATE TABLE identities (
        holder_id text primary key,
        holder text not null check (holder in ('participant', 'account')),
        name text not null,
        phone text,
        email text,
        updated_at text not null check (length(updated_at) = 24)) strict;
CREATE TABLE identity_versions (
        holder_id text not null,
        version integer not null check (version >= 1),
        name text not null,
        phone text,
        email text,
        birth_day text,
        changed_at text not null check (length(changed_at) = 24),
        changed_by text references accounts (id),
        primary key (holder_id, version)) strict;
CREATE TABLE meters (
        id text primary key,
        participant_id text not null references participants (id),
        serial text not null,
        model text,
        given_day text not null check (length(given_day) = 10),
        returned_day text,
        unique (participant_id, serial)) strict;
CREATE TABLE participant_states (
        id text primary key,
        participant_id text not null references participants (id),
        state text not null,
        from_at text not null check (length(from_at) = 24),
        reason text) strict;
CREATE TABLE participant_zones (
        id text primary key,
        participant_id text not null references participants (id),
        zone text not null,
        from_at text not null check (length(from_at) = 24)) strict;
CREATE TABLE participants (
        id text primary key,
        site_id text not null references sites (id),
        subject_no text not null unique,
        state text not null check (state in
            ('screening', 'enrolled', 'transplanted', 'paused', 'withdrawn', 'completed')),
        birth_day text not null check (length(birth_day) = 10),
        sex text not null check (sex in ('female', 'male')),
        fertile integer check (fertile in (0, 1)),
        premenopausal integer check (premenopausal in (0, 1)),
        treated_by_carer integer not null check (treated_by_carer in (0, 1)),
        minor_contraception_approved integer not null check (minor_contraception_approved in (0, 1)),
        display_unit text not null check (display_unit in ('mmol/L', 'mg/dL')),
        zone text not null,
        language text not null check (language in ('zh-CN', 'en')),
        consented_day text not null check (length(consented_day) = 10),
        transplant_days text not null,
        created_at text not null check (length(created_at) = 24)) strict;
CREATE TABLE planned_visits (
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
        cancel_reason text) strict;
CREATE TABLE plans (
        schedule_id text primary key references schedules (id),
        zone text not null,
        planned_to_day text not null check (length(planned_to_day) = 10)) strict;
CREATE TABLE problems (
        id text primary key,
        kind text not null,
        subject text not null,
        detail text not null,
        opened_at text not null check (length(opened_at) = 24),
        last_at text not null check (length(last_at) = 24),
        times integer not null,
        closed_at text,
        closed_by text references accounts (id)) strict;
CREATE TABLE push_hosts (
        host text primary key,
        stopped_at text,
        status integer,
        detail text, in_vain_since text, in_vain integer not null default 0) strict;
CREATE TABLE queries (
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
        closed_at text) strict;
CREATE TABLE query_messages (
        id text primary key,
        query_id text not null references queries (id),
        number integer not null check (number >= 1),
        participant_id text not null references participants (id),
        author_id text not null references accounts (id),
        author_role text not null,
        text text not null,
        at text not null check (length(at) = 24),
        unique (query_id, number)) strict;
CREATE TABLE refusals (
        id text primary key,
        status text not null check (status in ('refused', 'conflict')),
        participant_id text references participants (id),
        site_id text references sites (id),
        account_id text not null references accounts (id),
        entry_id text,
        raw text not null,
        raw_hash text not null,
        code text not null,
        fields text not null,
        kind text,
        received_at text not null check (length(received_at) = 24),
        unique (account_id, raw_hash, code)) strict;
CREATE TABLE reminders (
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
        unique (schedule_id, local_day, slot)) strict;
CREATE TABLE roster_days (
        site_id text not null references sites (id),
        day text not null check (length(day) = 10),
        account_id text not null references accounts (id),
        set_by text not null references accounts (id),
        set_at text not null check (length(set_at) = 24),
        primary key (site_id, day, account_id)) strict;
CREATE TABLE same_records (
        id text primary key,
        root_id text not null references entries (id),
        participant_id text not null references participants (id),
        account_id text not null references accounts (id),
        raw text not null,
        received_at text not null check (length(received_at) = 24)) strict;
CREATE TABLE schedules (
        id text primary key,
        participant_id text not null references participants (id),
        kind text not null check (kind in ('dose', 'reading', 'contraception', 'diary')),
        title text not null,
        times text not null,
        rrule text,
        zone text not null,
        from_day text not null check (length(from_day) = 10),
        to_day text,
        drug text,
        amount text,
        window_before_min integer not null,
        window_after_min integer not null,
        hold text,
        replaces text references schedules (id),
        created_by text not null references accounts (id),
        created_at text not null check (length(created_at) = 24),
        ended_by text references accounts (id),
        ended_at text,
        end_reason text) strict;
CREATE TABLE schema_migrations ( migration_set text not null, name text not null, applied_at text not null, primary key (migration_set, name));
CREATE TABLE sessions (
        id text primary key,
        account_id text not null references accounts (id),
        device text not null,
        created_at text not null check (length(created_at) = 24),
        last_seen_at text not null check (length(last_seen_at) = 24),
        expires_at text not null check (length(expires_at) = 24),
        revoked_at text) strict;
CREATE TABLE sites (
        id text primary key,
        name text not null unique,
        zone text not null,
        created_at text not null) strict;
CREATE TABLE subscriptions (
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
            ('gone', 'unsubscribed', 'replaced', 'session_ended', 'account_closed')), refused_at text, set_aside_at text, judged_at text) strict;
CREATE TABLE ticks (
        job text primary key,
        at text not null check (length(at) = 24)) strict;
CREATE TABLE zone_changes (
        id text primary key,
        participant_id text not null references participants (id),
        from_zone text not null,
        to_zone text not null,
        state text not null check (state in ('applied', 'waiting', 'refused')),
        asked_by text not null references accounts (id),
        asked_at text not null check (length(asked_at) = 24),
        decided_by text references accounts (id),
        decided_at text,
        reason text) strict;
CREATE TRIGGER alert_entries_no_delete before delete on alert_entries begin select raise(abort, 'alert_entries is append-only'); end;
CREATE TRIGGER alert_entries_no_update before update on alert_entries begin select raise(abort, 'alert_entries is append-only'); end;
CREATE TRIGGER audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;
CREATE TRIGGER audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end;
CREATE TRIGGER audit_seals_no_delete before delete on audit_seals begin select raise(abort, 'audit_seals is append-only'); end;
CREATE TRIGGER audit_seals_no_update before update on audit_seals begin select raise(abort, 'audit_seals is append-only'); end;
CREATE TRIGGER changes_no_delete before delete on changes begin select raise(abort, 'changes is append-only'); end;
CREATE TRIGGER changes_no_update before update on changes begin select raise(abort, 'changes is append-only'); end;
CREATE TRIGGER consents_no_delete before delete on consents begin select raise(abort, 'consents is append-only'); end;
CREATE TRIGGER consents_no_update before update on consents begin select raise(abort, 'consents is append-only'); end;
CREATE TRIGGER entries_no_delete before delete on entries begin select raise(abort, 'entries is append-only'); end;
CREATE TRIGGER entries_no_update before update on entries begin select raise(abort, 'entries is append-only'); end;
CREATE TRIGGER entry_decisions_no_delete before delete on entry_decisions begin select raise(abort, 'entry_decisions is append-only'); end;
CREATE TRIGGER entry_decisions_no_update before update on entry_decisions begin select raise(abort, 'entry_decisions is append-only'); end;
CREATE TRIGGER participant_states_no_delete before delete on participant_states begin select raise(abort, 'participant_states is append-only'); end;
CREATE TRIGGER participant_states_no_update before update on participant_states begin select raise(abort, 'participant_states is append-only'); end;
CREATE TRIGGER participant_zones_no_delete before delete on participant_zones begin select raise(abort, 'participant_zones is append-only'); end;
CREATE TRIGGER participant_zones_no_update before update on participant_zones begin select raise(abort, 'participant_zones is append-only'); end;
CREATE TRIGGER query_messages_no_delete before delete on query_messages begin select raise(abort, 'query_messages is append-only'); end;
CREATE TRIGGER query_messages_no_update before update on query_messages begin select raise(abort, 'query_messages is append-only'); end;
CREATE TRIGGER refusals_no_delete before delete on refusals begin select raise(abort, 'refusals is append-only'); end;
CREATE TRIGGER refusals_no_update before update on refusals begin select raise(abort, 'refusals is append-only'); end;
CREATE TRIGGER same_records_no_delete before delete on same_records begin select raise(abort, 'same_records is append-only'); end;
CREATE TRIGGER same_records_no_update before update on same_records begin select raise(abort, 'same_records is append-only'); end;
