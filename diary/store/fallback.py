"""What was not proved received in time goes on by the next way, and at last to the site's call list."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from diary import clock
from diary.db import UNAVAILABLE, Database, Row, marks
from diary.rules.quiet_hours import quiet_until
from diary.store import calls, deliveries, ladder, participants
from diary.store.deliveries import Notice, chunks
from diary.store.ladder import CHANNELS, Channel
from diary.study import Study

log = logging.getLogger(__name__)
GROUPS: Final = 100
EVERY: Final = 1_000_000_000
# The newest rows of a person among which the last few reminders are looked for, then as many as there are.
LOOK_AT: Final = (40, 4000)
_Round = tuple[str, int]
_Key = TypeVar("_Key")
# Of each group, by participant whose reminders are still open: the zone of that participant.
_Open = dict[str, dict[str, str]]


def run(db: Database, now: datetime, study: Study) -> int:
    """Go on with every group whose time for a receipt is over; how many were looked at.

    One worker at a time, so that none of them goes up the ladder twice. A group that cannot be looked at
    holds up no other; RuntimeError tells of it after all were looked at.
    """
    climbed, stuck = _all(
        db, lambda most: _waiting(db, now, most), lambda found: _look_at(db, found, now, study)
    )
    called, uncalled = _all(
        db, lambda most: _uncalled(db, now, most), lambda found: _telephone(db, found, now, study)
    )
    if stuck or uncalled:
        raise RuntimeError(f"{stuck + uncalled} group(s) of deliveries could not be looked at")
    return climbed + called


def _all(
    db: Database, find: Callable[[int], list[_Key]], act: Callable[[Sequence[_Key]], None]
) -> tuple[int, int]:
    """Act on all that `find` answers, a batch in one transaction; a batch that fails once more, one by one.

    How many there were, and how many of them failed.
    """
    done, failed = 0, set[_Key]()
    while batch := [key for key in find(EVERY if failed else GROUPS) if key not in failed][:GROUPS]:
        done += len(batch)
        try:
            _locked(db, batch, act)
        except UNAVAILABLE:
            raise
        except Exception:
            failed |= set(_one_by_one(db, batch, act))
    return done, len(failed)


def _locked(db: Database, batch: Sequence[_Key], act: Callable[[Sequence[_Key]], None]) -> None:
    with db.atomic():
        db.lock("deliveries:fallback")
        act(batch)


def _one_by_one(db: Database, batch: Sequence[_Key], act: Callable[[Sequence[_Key]], None]) -> Iterable[_Key]:
    for key in batch:
        try:
            _locked(db, [key], act)
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("the deliveries of %s could not go on", key)
            yield key


def _waiting(db: Database, now: datetime, most: int) -> list[_Round]:
    rows = db.query(
        # By the index of what waits, oldest first: grouped at once, every delivery would be read.
        "select distinct group_id, round from (select group_id, round from deliveries"
        " where fallback_at <= :now and channel <> 'call' order by fallback_at limit :most) d"
        " order by group_id, round",
        {"now": clock.to_text(now), "most": most},
    )
    return [(row["group_id"], row["round"]) for row in rows]


def _rounds(db: Database, group_ids: Sequence[str]) -> dict[_Round, list[Row]]:
    """The deliveries of these groups by round, locked."""
    deliveries.lock_groups(db, group_ids)
    holders, names = marks(group_ids)
    rows = db.query(
        "select d.*, l.state as alert_state from deliveries d left join alerts l on l.id = d.alert_id"
        f" where d.group_id in ({holders}) order by d.id",
        names,
    )
    found: defaultdict[_Round, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["group_id"], row["round"]].append(row)
    return found


def _open_of(db: Database, group_ids: Sequence[str]) -> _Open:
    """A guardian's notice may be about several children, each with its own clock and its own calls."""
    holders, names = marks(group_ids)
    rows = db.query(
        "select distinct m.group_id, r.participant_id, p.zone from delivery_reminders m"
        " join reminders r on r.id = m.reminder_id join participants p on p.id = r.participant_id"
        f" where m.group_id in ({holders}) and r.state in ('planned', 'due')",
        names,
    )
    found: _Open = {}
    for row in rows:
        found.setdefault(row["group_id"], {})[row["participant_id"]] = row["zone"]
    return found


def _people_of(db: Database, group_ids: Sequence[str]) -> list[str]:
    holders, names = marks(group_ids)
    rows = db.query(
        "select distinct r.participant_id from delivery_reminders m join reminders r on r.id = m.reminder_id"
        f" where m.group_id in ({holders}) order by r.participant_id",
        names,
    )
    return [row["participant_id"] for row in rows]


def _look_at(db: Database, found: Sequence[_Round], now: datetime, study: Study) -> None:
    group_ids = sorted({group_id for group_id, _ in found})
    rounds, people = _rounds(db, group_ids), _open_of(db, group_ids)
    over: list[str] = []
    later: list[Row] = []
    climbing: list[tuple[Row, Channel]] = []
    for key in found:
        rows = rounds[key]
        passed = [row for row in rows if row["fallback_at"] and row["fallback_at"] <= clock.to_text(now)]
        if not passed:
            continue
        first, zones = passed[0], set(people.get(key[0], {}).values())
        until = None if _is_over(rows, bool(zones), now) else _quiet_until(first, zones, now, study)
        if until is not None and clock.to_text(until) < first["expires_at"]:
            later += [{"id": row["id"], "at": clock.to_text(until)} for row in passed]
            continue
        over += [row["id"] for row in passed]
        if not _is_over(rows, bool(zones), now) and (after := _rung(rows, passed)):
            # At night nothing but the list, which rings nobody, is left for what is over by the morning.
            climbing.append((first, after if until is None else "sms"))
    _look_no_more(db, over)
    db.execute_many("update deliveries set fallback_at = :at where id = :id", later)
    _climb(db, climbing, now, study)


def _rung(rows: Sequence[Row], passed: Sequence[Row]) -> Channel | None:
    """The rung to go on from; None while another phone or address of it still has time to answer."""
    highest: Channel = max((row["channel"] for row in rows), key=CHANNELS.index)
    waits = any(row["channel"] == highest and row["fallback_at"] for row in rows if row not in passed)
    return None if waits else highest


def _is_over(rows: Sequence[Row], is_due: bool, now: datetime) -> bool:
    """Somebody's phone said that it arrived, or there is nothing left to tell."""
    first = rows[0]
    if first["expires_at"] <= clock.to_text(now) or any(row["received_at"] for row in rows):
        return True
    return first["alert_state"] != "open" if first["about"] == "page" else not is_due


def _quiet_until(row: Row, zones: Iterable[str], now: datetime, study: Study) -> datetime | None:
    """The first morning of those it is about; None where it is day for one of them, or it must not wait."""
    if row["about"] != "reminder":
        return None
    ends = [quiet_until(now, zone, study.reminders.quiet_from, study.reminders.quiet_to) for zone in zones]
    nights = [end for end in ends if end is not None]
    return min(nights, default=None) if len(nights) == len(ends) else None


def _look_no_more(db: Database, ids: Sequence[str]) -> None:
    for batch in chunks(ids):
        holders, names = marks(batch)
        db.execute(f"update deliveries set fallback_at = null where id in ({holders})", names)


def _climb(db: Database, climbing: Sequence[tuple[Row, Channel]], now: datetime, study: Study) -> None:
    if not climbing:
        return
    addresses = ladder.addresses_of(db, [row["account_id"] for row, _ in climbing])
    told = []
    for row, after in climbing:
        channel, ids = ladder.next_rung(addresses, row["account_id"], row["about"], after=after)
        told += [(_notice(row), channel, address_id) for address_id in ids]
    deliveries.add(db, told, now, study=study)


def _notice(row: Row) -> Notice:
    return Notice(
        group_id=row["group_id"], about=row["about"], kind=row["kind"], account_id=row["account_id"],
        site_id=row["site_id"], participant_id=row["participant_id"], alert_id=row["alert_id"],
        round=row["round"], due_at=clock.from_text(row["due_at"]),
        expires_at=clock.from_text(row["expires_at"]),
    )  # fmt: skip


def _uncalled(db: Database, now: datetime, most: int) -> list[str]:
    rows = db.query(
        "select id from deliveries where channel = 'call' and fallback_at <= :now"
        " order by fallback_at, id limit :most",
        {"now": clock.to_text(now), "most": most},
    )
    return [row["id"] for row in rows]


def _telephone(db: Database, ids: Sequence[str], now: datetime, study: Study) -> None:
    """Put on the call list whom no way was left to. The participants are locked first, in one order, as
    every writer of theirs does.
    """
    holders, names = marks(ids)
    rows = db.query(f"select distinct group_id from deliveries where id in ({holders})", names)
    group_ids = sorted(row["group_id"] for row in rows)
    for participant_id in _people_of(db, group_ids):
        participants.lock(db, participant_id)
    rounds, people = _rounds(db, group_ids), _open_of(db, group_ids)
    called = [
        row["id"] for round_ in rounds.values() for row in round_
        if row["id"] in ids and row["fallback_at"] is not None
        and _call(db, row, round_, sorted(people.get(row["group_id"], {})), now, study)
    ]  # fmt: skip
    _put_on_list(db, called, "handed_over", now)
    _put_on_list(db, [one for one in ids if one not in called], "cancelled", now)


def _call(
    db: Database, row: Row, rows: Sequence[Row], people: Sequence[str], now: datetime, study: Study
) -> bool:
    """Whether somebody is to be telephoned about one of the people whom it tells of."""
    if row["state"] != "planned" or _is_over(rows, bool(people), now):
        return False
    since = {person: _unreached_since(db, row, person, study) for person in people}
    for participant_id, at in since.items():
        if at is not None:
            calls.open(db, row["account_id"], participant_id, row["about"], at, now)
    return any(since.values())


def _put_on_list(db: Database, ids: Sequence[str], state: str, now: datetime) -> None:
    for batch in chunks(ids):
        holders, names = marks(batch)
        db.execute(
            "update deliveries set fallback_at = null, state = case when state = 'planned' then :state"
            " else state end, ended_at = case when state = 'planned' and :state = 'cancelled' then :now"
            " else ended_at end, handed_over_at = case when state = 'planned' and :state = 'handed_over'"
            f" then :now else handed_over_at end where id in ({holders})",
            {**names, "state": state, "now": clock.to_text(now)},
        )


def _unreached_since(db: Database, row: Row, participant_id: str, study: Study) -> datetime | None:
    """Since when nothing about this participant reached this person, if it is long enough to telephone.

    A re-check after a low does not wait for a second one.
    """
    if row["about"] == "recheck":
        return clock.from_text(row["due_at"])
    wanted = study.reminders.call_after_missed
    for most in LOOK_AT:
        groups, is_all = _last_told(db, row, participant_id, most)
        if len(groups) >= wanted or is_all:
            break
    last = groups[:wanted]
    if row["group_id"] not in {group["group_id"] for group in last}:
        # Nobody could be told this time, by our own fault: no reason to telephone today.
        return None
    if len(last) < wanted or any(group["reached"] for group in last):
        return None
    return clock.from_text(last[-1]["due_at"])


def _last_told(db: Database, row: Row, participant_id: str, most: int) -> tuple[list[Row], bool]:
    """Reminders of the participant that this person was told of, the newest first, each with its repeats as
    one; and whether those are all there are. What no worker ever tried to send says nothing of the person;
    a service that did not take it does: nobody was reached. Without any way there is only the call list.
    """
    about = "account_id = :a and about = 'reminder' and due_at <= :due"
    rows = list(
        db.query(
            f"""
            select d.group_id, min(d.due_at) as due_at, count(*) as n,
                max(case when d.received_at is not null or d.answered_at is not null then 1 else 0 end)
                    as reached,
                max(case when d.channel <> 'call' and (d.handed_over_at is not null or d.attempts > 0
                    or d.state = 'failed') then 1 else 0 end) as tried,
                min(case when d.channel = 'call' then 1 else 0 end) as no_way
            from deliveries d where d.group_id in (
                select group_id from (select group_id from deliveries x where {about} and exists (
                    select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id
                    where m.group_id = x.group_id and r.participant_id = :p)
                order by due_at desc limit :most) newest)
            group by d.group_id order by min(d.due_at) desc
            """,
            {"a": row["account_id"], "due": row["due_at"], "p": participant_id, "most": most},
        )
    )
    counted = [group for group in rows if group["tried"] or group["no_way"]]
    return counted, sum(group["n"] for group in rows) < most


def sweep(db: Database, now: datetime) -> int:
    """End what nobody ended: tests, words to the operator and unreceived pages whose time is over, and
    rows that came after their reminders had ended; how many.
    """
    over = "ended_at is null and expires_at <= :now and (lease_until is null or lease_until <= :now)"
    some = " where m.group_id = deliveries.group_id and r.state"
    of_group = "(select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id" + some
    end = "next_at = null, fallback_at = null, lease_until = null, claimed_by = null, ended_at = :now"
    at = {"now": clock.to_text(now)}
    done = 0
    for statement in (
        f"update deliveries set {end},"
        " state = case when received_at is null then 'missed' else 'answered' end"
        f" where {over} and about in ('test', 'operator')",
        f"update deliveries set {end}, state = 'missed'"
        f" where {over} and about = 'page' and received_at is null",
        f"update deliveries set {end}, state = case when exists {of_group} = 'answered') then 'answered'"
        f" when exists {of_group} = 'missed') then 'missed' else 'cancelled' end"
        f" where {over} and about in ('reminder', 'recheck')"
        f" and not exists {of_group} in ('planned', 'due'))",
    ):
        done += db.execute(statement, at).rowcount
    return int(done)
