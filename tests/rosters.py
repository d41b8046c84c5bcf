"""Somebody on call with a tested channel, so that health is well and pages reach a person."""

from datetime import datetime, timedelta

from diary.db import Database
from diary.store import audit, channels, roster
from tests.people import NOW, SECRET_KEY, STUDY, Person


def add_channel(db: Database, person: Person, *, tested: bool = True, name: str = "email") -> str:
    """A way to this member of staff, with an address of their own; answers its id."""
    stream = audit.site_stream(str(person.site_id))
    channel = channels.add(
        db, person.actor, NOW, stream, person.account_id, kind="message", name=name,
        address=f"{person.login.partition('@')[0]}@pager.example",
    )  # fmt: skip
    if tested:
        _, code = channels.start_test(db, NOW, SECRET_KEY, person.account_id, channel["id"])
        channels.confirm(
            db, person.actor, STUDY, NOW, SECRET_KEY, stream, channel["id"], code, address="127.0.0.1"
        )
    return str(channel["id"])


def put_on_call(db: Database, *people: Person, now: datetime = NOW, days: int = 3) -> None:
    """Exactly these people of one site, from yesterday on for so many days."""
    site_id = str(people[0].site_id)
    first = roster.today(db, site_id, now) - timedelta(days=1)
    wanted = [person.account_id for person in people]
    roster.set_days(
        db, people[0].actor, now, site_id, [first + timedelta(days=n) for n in range(days)], wanted
    )  # fmt: skip
