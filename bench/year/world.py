"""Who takes part in the simulated year: people of five zones, six schedules each, phones and addresses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from diary import clock, study_file
from diary.db import Database, Row
from diary.rules.push import encode64
from diary.rules.roles import Role
from diary.store import accounts, enrolment, identities, participants, roster, schedules, sites, subscriptions
from diary.store.actors import SYSTEM, Actor
from diary.store.enrolment import Enrolment
from diary.store.guardians import NewGuardian
from diary.store.participants import NewParticipant
from diary.store.schedules import NewSchedule

STUDY: Final = study_file.load()
# A Monday; within the next 28 days the clocks of New York and Berlin go forward, in the autumn back.
START: Final = datetime(2026, 3, 2, tzinfo=UTC)
ZONES: Final = (
    *("Asia/Shanghai",) * 12, *("Europe/Berlin",) * 3, *("America/New_York",) * 3, "Asia/Kolkata",
    "Australia/Lord_Howe",
)  # fmt: skip
HOSTS: Final = ("updates.push.services.mozilla.com", "web.push.apple.com", "fcm.googleapis.com")
# Uncompressed point and secret of nobody: where nothing is encrypted, any that can be decoded will do.
NO_KEYS: Final = {"p256dh": encode64(b"\x04" + bytes(64)), "auth": encode64(bytes(16))}
_CONSENTED: Final = date(2025, 12, 1)


@dataclass(eq=False)
class Person:
    """Somebody who is told: a participant, or the mother of one. Habits are chances from 0 to 1."""

    account_id: str
    role: Role
    participant_id: str
    site_id: str
    zone: str
    answers_push: float
    opens_alone: float
    reads_mail: float
    addresses: list[str] = field(default_factory=list)  # endpoints of phones, and other addresses

    @property
    def actor(self) -> Actor:
        return Actor(self.account_id, self.role, self.site_id, participant_ids=(self.participant_id,))


@dataclass(eq=False)
class World:
    """Everybody, and what was prescribed to whom; `prescribed` grows when the site changes something."""

    rng: Random
    site_id: str
    staff: list[Actor]
    people: list[Person] = field(default_factory=list)
    by_participant: dict[str, Row] = field(default_factory=dict)
    prescribed: list[Row] = field(default_factory=list)
    pauses: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    origin: str | None = None  # of a push service on loopback, which stands for all
    keys: dict[str, str] = field(default_factory=lambda: NO_KEYS)

    def uuid(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))


def build(db: Database, participants_: int, last_day: date, rng: Random, **push: Any) -> World:
    """Move everybody in a day before START; schedules begin on the day of START. `push`: origin and keys."""
    now = START - timedelta(days=1)
    site_id = sites.ensure_first(db, STUDY, now)
    world = World(rng, site_id, _staff(db, site_id, now, last_day), **push)
    for number in range(participants_):
        _move_in(db, world, number, now)
        for new in prescription(number, world.rng, last_day):
            prescribe(db, world, world.people[-1].participant_id, new, now)
    return world


def _staff(db: Database, site_id: str, now: datetime, last_day: date) -> list[Actor]:
    found: list[Actor] = []
    roles: tuple[Role, ...] = ("coordinator", "coordinator", "investigator", "administrator")
    for number, role in enumerate(roles):
        with db.atomic():
            account = accounts.add(
                db, SYSTEM, now, role=role, login=f"staff{number}@example.org", language="en",
                site_id=None if role == "administrator" else site_id,
            )  # fmt: skip
            identities.add(db, SYSTEM, now, "account", account["id"], name=role, phone=None, email=None)
            accounts.set_secret(db, now, account, "no sign-in", "en")
            _address(db, account["id"], "message", f"staff{number}@example.org", now, tested=True)
        found.append(Actor(account["id"], role, site_id))
    first = roster.today(db, site_id, now)
    days = [first + timedelta(days=n) for n in range((last_day - first).days + 10)]
    roster.set_days(db, found[0], now, site_id, days, [str(found[0].id)])
    return found


def _move_in(db: Database, world: World, number: int, now: datetime) -> None:
    rng, is_child, fertile = world.rng, number % 10 == 9, number % 3 == 0 and number % 10 != 9
    zone = ZONES[number % len(ZONES)]
    parent = NewGuardian("mother", "1", _CONSENTED, name="Parent")
    new = Enrolment(
        NewParticipant(
            subject_no=f"S{number + 1:04d}", birth_day=date(2014 if is_child else 1985, 3, 14),
            sex="female" if fertile else "male", fertile=fertile, premenopausal=False if fertile else None,
            treated_by_carer=False, display_unit="mmol/L", zone=zone, language="zh-CN",
            consented_day=_CONSENTED,
        ),
        agreement_version="1", gave_assent=is_child, name="Somebody", guardians=(parent,) if is_child else (),
    )  # fmt: skip
    row = enrolment.enrol(db, world.staff[0], STUDY, now, world.site_id, new)
    row = enrolment.update(
        db, world.staff[0], STUDY, now, world.site_id, row["id"], {"state": "enrolled"}, reason="as planned"
    )
    world.by_participant[row["id"]] = row
    own = accounts.find_of_participant(db, row["id"])
    told = [own] if own else []
    if is_child:
        told += list(
            db.query(
                "select a.* from accounts a join guardianships g on g.account_id = a.id"
                " where g.participant_id = :p",
                {"p": row["id"]},
            )
        )
    for account in told:
        person = Person(
            account["id"], account["role"], row["id"], world.site_id, zone,
            answers_push=rng.choice((0.9, 0.8, 0.6, 0.2)), opens_alone=rng.choice((0.9, 0.7, 0.4, 0.05)),
            reads_mail=rng.choice((0.7, 0.3, 0.0)),
        )  # fmt: skip
        with db.atomic():
            accounts.set_secret(db, now, account, "no sign-in", "zh-CN")
            for _ in range(rng.choice((0, 1, 1, 1, 1, 1, 1, 2))):
                subscribe(db, world, person, now)
            if rng.random() < 0.65:
                person.addresses.append(f"{account['id']}@example.org")
                _address(db, account["id"], "message", person.addresses[-1], now)
            if rng.random() < 0.35:
                person.addresses.append(f"1{rng.randrange(10**10):010d}")
                _address(db, account["id"], "sms", person.addresses[-1], now)
        world.people.append(person)


def _address(
    db: Database, account_id: str, kind: str, address: str, now: datetime, *, tested: bool = False
) -> None:
    row: Row = {
        "id": f"{kind}-{address}", "account_id": account_id, "kind": kind,
        "name": "email" if kind == "message" else "sms", "address": address,
        "created_at": clock.to_text(now), "created_by": account_id,
        "tested_at": clock.to_text(now) if tested else None,
    }  # fmt: skip
    db.execute(
        f"insert into channels ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
    )


def subscribe(db: Database, world: World, person: Person, now: datetime) -> str:
    """The person's browser names a new endpoint, as at every start after the old one was gone."""
    host = world.rng.choice(HOSTS)
    endpoint = f"{world.origin or 'https://' + host}/push/{world.uuid()}"
    subscriptions.add(
        db, person.account_id, None, now, endpoint=endpoint,
        host=world.origin.removeprefix("http://") if world.origin else host, device="phone", **world.keys,
    )  # fmt: skip
    person.addresses.append(endpoint)
    return endpoint


# What is prescribed to whom, for the report.
MIX: Final = (
    "tacrolimus twice a day; sirolimus once or mycophenolate twice (every second participant); the diary at"
    " 21:00; glucose at four points on two days a week; of three participants one weekly contraception and"
    " its monthly attestation, the others glucose at 02:30 on Sundays and co-trimoxazole on three days a week"
)
_PROFILE_DAYS: Final = ("MO,TH", "TU,FR", "WE,SA", "MO,SU", "TU,SA")


def prescription(number: int, rng: Random, last_day: date) -> Iterator[dict[str, Any]]:
    """The six schedules of a participant, as fields of NewSchedule; a third of them with no last day."""
    later = rng.choice((0, 15, 30, 45))
    fertile = number % 3 == 0 and number % 10 != 9

    def at(*times: str) -> list[str]:
        return [f"{time[:2]}:{(int(time[3:]) + later) % 60:02d}" for time in times]

    def new(kind: str, times: list[str], before: int, after: int, **more: Any) -> dict[str, Any]:
        ends = rng.random() >= 0.34 and "rrule" not in more
        return {
            "kind": kind, "title": kind, "times": times, "zone": ZONES[number % len(ZONES)],
            "from_day": START.date(), "to_day": last_day if ends else None,
            "window_before_min": before, "window_after_min": after, **more,
        }  # fmt: skip

    yield new("dose", at("08:00", "20:00"), 60, 120, drug="tacrolimus", amount="1 mg")
    if number % 2:
        yield new("dose", at("08:00"), 60, 120, drug="sirolimus", amount="1 mg")
    else:
        yield new("dose", at("08:00", "20:00"), 60, 120, drug="mycophenolate", amount="500 mg")
    days = f"FREQ=WEEKLY;BYDAY={_PROFILE_DAYS[number % len(_PROFILE_DAYS)]}"
    yield new("reading", at("06:00", "11:00", "17:00", "22:00"), 45, 90, rrule=days)
    yield new("diary", ["21:00"], 180, 170)
    if fertile:
        yield new("contraception", ["10:00"], 120, 840, rrule="FREQ=WEEKLY")
        yield new("contraception", ["09:00"], 120, 2 * 1440, rrule="FREQ=MONTHLY;BYMONTHDAY=5")
    else:
        yield new("reading", ["02:30"], 30, 90, rrule="FREQ=WEEKLY;BYDAY=SU")
        yield new("dose", ["12:30"], 60, 300, rrule="FREQ=WEEKLY;BYDAY=MO,WE,FR", drug="co-trimoxazole")


def prescribe(db: Database, world: World, participant_id: str, new: dict[str, Any], now: datetime) -> Row:
    participant = participants.list_by_ids(db, [participant_id])[0]
    row = schedules.add(db, world.staff[0], STUDY, now, participant, NewSchedule(**new))
    world.prescribed.append(row)
    return row
