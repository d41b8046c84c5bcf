"""Reminders as they fall due: told, told again, given up; and what a phone shows of them."""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from diary import clock
from diary.db import UNAVAILABLE, Database, Row, marks, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.alerts import Opening
from diary.rules.days import age_years
from diary.rules.reminders import next_telling
from diary.store import alerts, contraception, deliveries, missed, participants
from diary.store.deliveries import Notice, chunks
from diary.study import Study

log = logging.getLogger(__name__)
_Find = Callable[[int], list[Row]]
_Do = Callable[[Sequence[Row]], None]
BATCH: Final = 1000
# Deliveries are put down so long before their time, so that a full minute finds them ready.
AHEAD: Final = timedelta(minutes=2)
# One worker at a time: others wait, look again, and find nothing left to do.
LOCK: Final = "reminders"
_BEGINS: Final = "state = 'planned' and due_at <= :now"


def fire(db: Database, study: Study, now: datetime) -> int:
    """Tell what falls due by now or within two minutes; how many reminders were told (or told again).

    What falls due together is one notice for each account. A notice and the reminder's next time stand or
    fall together, so a crash repeats nothing and loses nothing. Somebody whose reminders cannot be told
    holds up nobody else; RuntimeError tells of it after all were told.
    """
    # Looked at without the write lock: most ticks find nothing.
    if one(db, f"select id from reminders where {_BEGINS} limit 1", {"now": clock.to_text(now)}):
        with db.atomic():
            db.lock(LOCK)
            _begin(db, now)

    def tell(rows: Sequence[Row]) -> None:
        _Telling(db, study, now, rows).tell()

    return _each(db, lambda most: _next(db, now, most), tell)


def _some(db: Database, find: _Find, do: _Do, wanted: Callable[[str], bool]) -> int:
    if not find(1):
        return 0
    with db.atomic():
        db.lock(LOCK)
        rows = [row for row in find(BATCH) if wanted(row["participant_id"])]
        _lock_people(db, rows)
        if rows:
            do(rows)
    return len(rows)


def _each(db: Database, find: _Find, do: _Do) -> int:
    """Do with all rows that `find` answers, in batches; a batch that fails once more, person by person."""
    done, failed = 0, set[str]()
    while True:
        try:
            count = _some(db, find, do, lambda person: person not in failed)
        except UNAVAILABLE:
            raise
        except Exception:
            count = _one_by_one(db, find, do, failed)
        done += count
        if not count or (count < BATCH and not failed):
            break
    if failed:
        raise RuntimeError(f"reminders of {len(failed)} participant(s) failed")
    return done


def _one_by_one(db: Database, find: _Find, do: _Do, failed: set[str]) -> int:
    count = 0
    for participant_id in sorted({row["participant_id"] for row in find(BATCH)} - failed):
        try:
            count += _some(db, find, do, participant_id.__eq__)
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("reminders of participant %s failed", participant_id)
            failed.add(participant_id)
    return count


def _lock_people(db: Database, rows: Iterable[Row]) -> None:
    """As a phone's entry does before it touches their reminders; in one order: nobody waits in a ring."""
    for participant_id in sorted({row["participant_id"] for row in rows}):
        participants.lock(db, participant_id)


def _begin(db: Database, now: datetime) -> None:
    at = {"now": clock.to_text(now)}
    _lock_people(
        db,
        db.query(f"select participant_id from reminders where {_BEGINS}", at),
    )
    db.execute(f"update reminders set state = 'due', fired_at = :now where {_BEGINS}", at)


def _next(db: Database, now: datetime, most: int) -> list[Row]:
    # A hold that waits is told at its time, and its latest hour must not be called early.
    return list(
        db.query(
            "select r.*, s.hold as held, s.window_after_min from reminders r"
            " left join schedules s on s.id = r.schedule_id"
            " where r.next_at <= :ahead and (r.next_at <= :now or r.hold is null)"
            " order by r.next_at limit :limit",
            {"ahead": clock.to_text(now + AHEAD), "now": clock.to_text(now), "limit": most},
        )
    )


class _Telling:
    """One batch of reminders whose time has come."""

    def __init__(self, db: Database, study: Study, now: datetime, rows: Sequence[Row]) -> None:
        self.db, self.study, self.now, self.rows = db, study, now, rows
        ids = sorted({row["participant_id"] for row in rows})
        self.people: dict[str, Row] = {}
        for batch in chunks(ids):
            self.people |= {one["id"]: one for one in participants.list_by_ids(db, batch)}
        self.own, self.guardians = _accounts(db, ids)
        self.groups, self.rounds = _groups(db, [row["id"] for row in rows if row["told"]])

    def tell(self) -> None:
        bundles: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        changes = []
        for row in self.rows:
            changes.append(self._told(row))
            if row["closes_at"] <= clock.to_text(self.now):
                continue
            for account_id in self.recipients(row):
                bundles[account_id, clock.to_text(self._fires_at(row))].append(row)
        self.db.execute_many(
            "update reminders set told = :told, next_at = :next_at, snoozed_until = null, hold = :hold"
            " where id = :id and next_at = :seen",
            changes,
        )
        notices = [self._notice(account_id, at, rows) for (account_id, at), rows in bundles.items()]
        deliveries.plan(self.db, notices, self.now, study=self.study)

    def _fires_at(self, row: Row) -> datetime:
        return max(clock.from_text(row["next_at"]), self.now)

    def _told(self, row: Row) -> Row:
        """What stands in the row after it was told; what is over is told no more, and was not told now."""
        over = row["closes_at"] <= clock.to_text(self.now)
        change = {
            "id": row["id"], "seen": row["next_at"], "told": row["told"] + int(not over), "hold": row["hold"],
            "next_at": None,
        }  # fmt: skip
        if row["hold"] == "waiting":
            latest = datetime.fromisoformat(json.loads(row["held"])["latest_at"])
            if self.now < latest:
                return {**change, "next_at": clock.to_text(latest)}
            self._overdue(row)
            return {**change, "hold": "overdue"}
        if over:
            return change
        person = self.people[row["participant_id"]]
        again = next_telling(
            row["kind"], row["told"] + 1, self._fires_at(row), clock.from_text(row["closes_at"]),
            person["zone"], self.study.reminders,
        )  # fmt: skip
        return {**change, "next_at": clock.to_text(again) if again else None}

    def _overdue(self, row: Row) -> None:
        """No draw by the latest hour: the site is paged, the person is told to call it (STUDY.md 6).

        Several medicines that waited for the same draw are one page.
        """
        if one(
            self.db,
            "select id from alerts where participant_id = :p and kind = 'no_blood_draw'"
            " and state <> 'resolved' and opened_at > :since",
            {"p": row["participant_id"], "since": clock.to_text(self.now - timedelta(hours=24))},
        ):
            return
        opening = Opening("page", "no_blood_draw")
        alerts.raise_for(self.db, self.people[row["participant_id"]], opening, [], self.now)

    def recipients(self, row: Row) -> list[str]:
        """Who is told: the own account and the guardians of a child; of contraception only the own.

        An account that was never opened has no phone: where nobody else is there it goes to the call list.
        """
        person = self.people[row["participant_id"]]
        own = self.own.get(person["id"])
        if row["kind"] == "contraception":
            asked = contraception.is_asked(self.study, self.now, person)
            return [own["id"]] if own and asked else []
        told = [own] if own else []
        today = participants.today(person, self.now)
        if age_years(date.fromisoformat(person["birth_day"]), today) < self.study.accounts.adult_age:
            told += self.guardians.get(person["id"], [])
        opened = [account for account in told if account["state"] == "open"]
        return [account["id"] for account in opened or told[:1]]

    def _notice(self, account_id: str, at: str, rows: Sequence[Row]) -> Notice:
        receipt = self.study.reminders.receipt_within_min
        first = min(rows, key=lambda row: int(getattr(receipt, row["kind"])))
        group_id, round_ = self._group(account_id, at, rows)
        return Notice(
            group_id=group_id, about="recheck" if first["kind"] == "recheck" else "reminder",
            kind=first["kind"], account_id=account_id,
            site_id=self.people[first["participant_id"]]["site_id"],
            participant_id=first["participant_id"], alert_id=None, round=round_, due_at=clock.from_text(at),
            expires_at=clock.from_text(max(row["closes_at"] for row in rows)),
            reminder_ids=tuple(row["id"] for row in rows),
        )  # fmt: skip

    def _group(self, account_id: str, at: str, rows: Sequence[Row]) -> tuple[str, int]:
        """A repeat goes under the tag of what it repeats; with something new beside it, under a new one."""
        known = {self.groups.get((row["id"], account_id)) for row in rows}
        if len(known) == 1 and (group_id := known.pop()) is not None:
            # Of two that were told together one may be told again before the other: each time is a round.
            self.rounds[group_id] += 1
            return group_id, self.rounds[group_id]
        if len(rows) == 1 and rows[0]["kind"] == "recheck":
            return f"c:{rows[0]['id']}:{account_id}", rows[0]["told"]
        # What falls due at one time may be told in two goes: each has a tag of its own.
        return f"r:{account_id}:{at}:{min(row['id'] for row in rows)}", 0


def _accounts(db: Database, participant_ids: Sequence[str]) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    """Own accounts by participant, and the accounts of present guardians."""
    own: dict[str, Row] = {}
    guardians: defaultdict[str, list[Row]] = defaultdict(list)
    for batch in chunks(participant_ids):
        holders, names = marks(batch)
        for row in db.query(
            "select id, participant_id, state from accounts"
            f" where participant_id in ({holders}) and state <> 'closed'",
            names,
        ):
            own[row["participant_id"]] = row
        for row in db.query(
            "select a.id, w.participant_id, a.state from guardianships w"
            f" join accounts a on a.id = w.account_id where w.participant_id in ({holders})"
            " and w.ended_at is null and a.state <> 'closed' order by a.login",
            names,
        ):
            guardians[row["participant_id"]].append(row)
    return own, guardians


def _groups(db: Database, reminder_ids: Sequence[str]) -> tuple[dict[tuple[str, str], str], dict[str, int]]:
    """Under which group each account was told of a reminder last, and the last round of each group."""
    found: dict[tuple[str, str], str] = {}
    rounds: dict[str, int] = {}
    for batch in chunks(reminder_ids):
        holders, names = marks(batch)
        # Put in order here: asked for it, SQLite reads every group there is in that order.
        rows = db.query(
            "select l.reminder_id, l.group_id, d.account_id, max(d.round) as last from delivery_reminders l"
            f" join deliveries d on d.group_id = l.group_id where l.reminder_id in ({holders})"
            " group by l.reminder_id, l.group_id, d.account_id",
            names,
        )
        for row in sorted(rows, key=lambda row: str(row["group_id"])):
            found[row["reminder_id"], row["account_id"]] = row["group_id"]
            rounds[row["group_id"]] = row["last"]
    return found, rounds


def sweep(db: Database, study: Study, now: datetime) -> int:
    """Give up what nobody answered in its window; how many. RuntimeError as `fire`."""

    def give_up(over: Sequence[Row]) -> None:
        rows = _close(db, [row["id"] for row in over], now)
        deliveries.settle(db, [row["id"] for row in rows], "missed", now)
        _look_for_runs(db, [row for row in rows if row["kind"] == "dose"], now, study)

    return _each(db, lambda most: _over(db, now, most), give_up)


def _over(db: Database, now: datetime, most: int) -> list[Row]:
    return list(
        db.query(
            "select id, participant_id from reminders where closes_at < :now and state in ('planned', 'due')"
            " order by closes_at limit :limit",
            {"now": clock.to_text(now), "limit": most},
        )
    )


def _close(db: Database, ids: Sequence[str], now: datetime) -> list[Row]:
    closed: list[Row] = []
    for batch in chunks(ids):
        holders, names = marks(batch)
        closed += db.query(
            "update reminders set state = 'missed', ended_at = :now, next_at = null,"
            " why = case when told = 0 then 'worker_down' else 'unanswered' end"
            f" where id in ({holders}) and closes_at < :now and state in ('planned', 'due')"
            " returning id, participant_id, schedule_id, kind, local_day, slot, due_at, closes_at",
            {**names, "now": clock.to_text(now)},
        )
    return closed


def _look_for_runs(db: Database, rows: Iterable[Row], now: datetime, study: Study) -> None:
    """In order of time, so that each run is told of when it becomes one."""
    ordered = sorted(rows, key=lambda row: (row["due_at"], row["id"]))
    drugs: dict[str, str | None] = {}
    people: dict[str, Row] = {}
    for batch in chunks(sorted({row["schedule_id"] for row in ordered})):
        holders, names = marks(batch)
        for row in db.query(f"select id, drug from schedules where id in ({holders})", names):
            drugs[row["id"]] = row["drug"]
    for batch in chunks(sorted({row["participant_id"] for row in ordered})):
        people |= {one["id"]: one for one in participants.list_by_ids(db, batch)}
    for row in ordered:
        missed.look(db, people[row["participant_id"]], row, drugs[row["schedule_id"]], now, study)


def list_near(db: Database, participant: Row, now: datetime, *, hide_contraception: bool) -> list[Row]:
    """Yesterday's, today's and those of the next 24 hours, in order of time."""
    today = participants.today(participant, now)
    return list(
        db.query(
            "select r.*, h.entry_id as answer_entry_id from reminders r"
            " left join entry_heads h on h.root_id = r.answer_root_id"
            " where r.participant_id = :p and r.due_at between :first and :last"
            " and (r.local_day >= :yesterday) and (:hide = 0 or r.kind <> 'contraception')"
            " order by r.due_at, r.slot, r.id",
            {
                "p": participant["id"], "hide": int(hide_contraception),
                "first": clock.to_text(now - timedelta(hours=72)),
                "last": clock.to_text(now + timedelta(hours=24)),
                "yesterday": (today - timedelta(days=1)).isoformat(),
            },
        )
    )  # fmt: skip


def snooze(
    db: Database, participant: Row, reminder_id: str, minutes: int, now: datetime, *,
    hide_contraception: bool,
) -> Row:  # fmt: skip
    """Tell it again in so many minutes; NotFoundError, ConflictError `reminder_over` past its window."""
    with db.atomic():
        participants.lock(db, participant["id"])
        row = _get(db, participant["id"], reminder_id, hide_contraception=hide_contraception)
        at = clock.to_text(now + timedelta(minutes=minutes))
        if row["state"] not in ("planned", "due") or row["due_at"] > clock.to_text(now + AHEAD):
            raise ConflictError("reminder_over")
        if at >= row["closes_at"] or row["hold"] in ("waiting", "overdue"):
            raise ConflictError("reminder_over")
        db.execute(
            "update reminders set next_at = :at, snoozed_until = :at where id = :id",
            {"at": at, "id": reminder_id},
        )
        deliveries.put_off(db, reminder_id, now)
    return _get(db, participant["id"], reminder_id, hide_contraception=hide_contraception)


def _get(db: Database, participant_id: str, reminder_id: str, *, hide_contraception: bool) -> Row:
    row: dict[str, Any] | None = one(
        db,
        "select r.*, h.entry_id as answer_entry_id from reminders r"
        " left join entry_heads h on h.root_id = r.answer_root_id"
        " where r.id = :id and r.participant_id = :p and (:hide = 0 or r.kind <> 'contraception')",
        {"id": reminder_id, "p": participant_id, "hide": int(hide_contraception)},
    )
    if row is None:
        raise NotFoundError
    return row
