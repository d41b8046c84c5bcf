"""The demo's roster: two people in turn by the week, whose pages become files beside the database."""

from datetime import date, datetime, timedelta

from diary.config import FOLDER, Config
from diary.db import Database, Row, one
from diary.store import audit, channels, roster
from diary.store.actors import Actor
from diary.study import Study

# Filled so far ahead, and filled up at a start once less than half of it is left.
AHEAD_DAYS = 800
MESSAGES = "demo-messages"
KEPT = timedelta(days=14)


def channel_setting(config: Config) -> str:
    """DIARY_CHANNELS of the demo: invented people are written to in files, and by no real service."""
    return f"{FOLDER}={config.instance_dir / MESSAGES}"


def forget_old_messages(config: Config, now: datetime) -> int:
    """A demo that is kept for months does not fill the disk: how many files of the past went."""
    old = (now - KEPT).timestamp()
    past = [path for path in (config.instance_dir / MESSAGES).glob("*.txt") if path.stat().st_mtime < old]
    for path in past:
        path.unlink()
    return len(past)


def keep(db: Database, study: Study, config: Config, now: datetime) -> None:
    """See to it that somebody with a tested channel is on call today and long after.

    What a person set by hand stays: days are added only after the last one of the roster.
    """
    site = one(db, "select id from sites order by created_at, id limit 1")
    people = roster.staff(db, site["id"]) if site else []
    teams = [
        [person["account_id"] for person in people if person["role"] == role]
        for role in ("coordinator", "investigator")
    ]
    if not site or not all(teams):
        return
    actor = Actor(teams[0][0], "coordinator", site["id"])
    today = roster.today(db, site["id"], now)
    last = one(db, "select max(day) as day from roster_days where site_id = :s", {"s": site["id"]})
    first = today
    if last and last["day"]:
        first = max(today, date.fromisoformat(last["day"]) + timedelta(days=1))
    if first - today > timedelta(days=AHEAD_DAYS // 2):
        return
    with db.atomic():
        for person in people:
            _give_channel(db, study, config, now, site["id"], person)
        days = [first + timedelta(days=n) for n in range(AHEAD_DAYS - (first - today).days)]
        for turn in range(2):
            week = [day for day in days if day.toordinal() // 7 % 2 == turn]
            roster.set_days(db, actor, now, site["id"], week, [team[turn % len(team)] for team in teams])


def _give_channel(
    db: Database, study: Study, config: Config, now: datetime, site_id: str, person: Row
) -> None:
    """A tested channel, unless the person has had one: who ended it did so for a reason."""
    account_id, role = person["account_id"], person["role"]
    had = one(db, "select 1 as found from channels where account_id = :a limit 1", {"a": account_id})
    if had:
        return
    actor, stream = Actor(account_id, role, site_id), audit.site_stream(site_id)
    channel = channels.add(
        db, actor, now, stream, account_id, kind="message", name=FOLDER, address=person["login"]
    )
    _, code = channels.start_test(db, now, config.secret_key, account_id, channel["id"])
    channels.confirm(
        db, actor, study, now, config.secret_key, stream, channel["id"], code, address="127.0.0.1"
    )
