"""The people of every test: who they are, what they sign in with, and one who may not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from argon2 import PasswordHasher

from diary import hashing, study_file
from diary.db import Database, Row
from diary.hashing import hash_secret
from diary.rules.roles import Role
from diary.store import accounts, activation, enrolment, guardians, identities, sessions, sites
from diary.store.actors import SYSTEM, Actor
from diary.store.enrolment import Enrolment
from diary.store.guardians import NewGuardian
from diary.store.participants import NewParticipant

STUDY = study_file.load()
SECRET_KEY = "a key for tests only, long enough to be one"
# Noon in Shanghai. The people have been in the study since THEN.
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
THEN = NOW - timedelta(days=90)
CONSENT_DAY = date(2025, 12, 1)
PIN = "2580"
PASSWORD = "kite harbour lantern"


def hash_quickly() -> None:
    """Cheap hashes in this process, because tests hash a lot; test_hashing.py holds the real cost."""
    hashing.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    hashing.NOBODY = hashing.hash_secret("nobody")


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `participant_id` of a participant, or of a guardian's child."""

    name: str
    role: Role
    login: str
    account_id: str
    site_id: str | None
    participant_id: str | None = None

    @property
    def secret(self) -> str:
        return PIN if self.role in sessions.OWN_ROLES else PASSWORD

    @property
    def actor(self) -> Actor:
        mine = (self.participant_id,) if self.participant_id else ()
        return Actor(id=self.account_id, role=self.role, site_id=self.site_id, participant_ids=mine)


@dataclass(frozen=True)
class People:
    """One site's people, and an outsider with a participant of another site."""

    lin: Person  # participant, a man of 34, transplanted
    an: Person  # participant, a girl of 7 whom a carer always treats
    mei: Person  # An's mother
    yu: Person  # participant, a girl of 15, contraception approved for her own account
    bo: Person  # Yu's father
    chen: Person  # coordinator
    zhao: Person  # investigator
    park: Person  # monitor
    ada: Person  # administrator
    weber: Person  # the outsider: coordinator of another site
    olsen: Person  # participant of the other site

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(vars(self).values())


def settle(db: Database) -> People:
    """Let everybody move in, as of THEN."""
    secrets = {PIN: hash_secret(PIN), PASSWORD: hash_secret(PASSWORD)}
    here = sites.ensure_first(db, STUDY, THEN)
    later = THEN + timedelta(minutes=1)
    there = str(sites.add(db, SYSTEM, later, name="Charité Berlin", zone="Europe/Berlin")["id"])

    def opened(account: Row, name: str, participant_id: str | None = None) -> Person:
        hashed = secrets[PIN if account["role"] in sessions.OWN_ROLES else PASSWORD]
        with db.atomic():
            accounts.set_secret(db, THEN, account, hashed, account["language"])
        return Person(
            name, account["role"], account["login"], account["id"], account["site_id"], participant_id
        )

    def staff(name: str, role: Role, site_id: str | None) -> Person:
        email = f"{name.lower()}@example.org"
        with db.atomic():
            account = accounts.add(db, SYSTEM, THEN, role=role, login=email, language="en", site_id=site_id)
            identities.add(
                db, SYSTEM, THEN, "account", account["id"], name=f"Dr {name}", phone=None, email=email
            )
        return opened(account, f"Dr {name}")

    chen, weber = staff("Chen", "coordinator", here), staff("Weber", "coordinator", there)

    def participant(by: Person, new: Enrolment) -> tuple[Person, list[Person]]:
        row = enrolment.enrol(db, by.actor, STUDY, THEN, str(by.site_id), new)
        own = accounts.find_of_participant(db, row["id"])
        assert own is not None
        linked = guardians.list_for(db, row["id"])
        return opened(own, new.name, row["id"]), [
            opened(accounts.get(db, one["account_id"]), one["name"], row["id"]) for one in linked
        ]

    lin, _ = participant(chen, adult("S001", "林国强", date(1991, 5, 20)))
    an, (mei,) = participant(chen, child("S002", "陈安安", date(2018, 9, 1), "陈梅", carer=True))
    yu, (bo,) = participant(chen, child("S003", "王雨", date(2010, 6, 15), "王波", fertile=True))
    olsen, _ = participant(weber, adult("S101", "Nils Olsen", date(1980, 1, 31)))
    for state in ("enrolled", "transplanted"):
        enrolment.update(
            db, chen.actor, STUDY, THEN, here, str(lin.participant_id),
            {"state": state, "transplant_days": [date(2025, 12, 2)]}, reason="as planned",
        )  # fmt: skip
    zhao, park = staff("Zhao", "investigator", here), staff("Park", "monitor", here)
    ada = staff("Ada", "administrator", None)
    return People(lin, an, mei, yu, bo, chen, zhao, park, ada, weber, olsen)


def adult(subject_no: str, name: str, birth_day: date, **more: object) -> Enrolment:
    """A man who is fertile, unless `more` says otherwise (fields of NewParticipant)."""
    person: dict[str, object] = {
        "subject_no": subject_no, "birth_day": birth_day, "sex": "male", "fertile": True,
        "premenopausal": None, "treated_by_carer": False, "display_unit": "mmol/L", "zone": "Asia/Shanghai",
        "language": "zh-CN", "consented_day": CONSENT_DAY, **more,
    }  # fmt: skip
    return Enrolment(
        NewParticipant(**person),  # type: ignore[arg-type]
        agreement_version="2.0", gave_assent=False, name=name, phone="+86 138 0000 0000",
        email=f"{subject_no.lower()}@example.org",
    )  # fmt: skip


def child(
    subject_no: str, name: str, birth_day: date, guardian: str, *, carer: bool = False, fertile: bool = False
) -> Enrolment:
    """A girl with one guardian; both agreed."""
    person = NewParticipant(
        subject_no=subject_no, birth_day=birth_day, sex="female", fertile=fertile,
        premenopausal=True if fertile else None, treated_by_carer=carer, display_unit="mmol/L",
        zone="Asia/Shanghai", language="zh-CN", consented_day=CONSENT_DAY,
        minor_contraception_approved=fertile,
    )  # fmt: skip
    parent = NewGuardian("parent", "2.0", CONSENT_DAY, name=guardian, phone="+86 139 0000 0000")
    return Enrolment(person, agreement_version="1.1", gave_assent=True, name=name, guardians=(parent,))


def code_for(db: Database, person: Person, now: datetime) -> str:
    """A fresh activation code for a participant's or guardian's account, issued by a system actor."""
    participant = db_row(db, "participants", str(person.participant_id))
    guardian_id = person.account_id if person.role == "guardian" else None
    _, code, _ = activation.issue_code(db, SYSTEM, STUDY, now, SECRET_KEY, participant, guardian_id)
    return code


def db_row(db: Database, table: str, row_id: str) -> Row:
    return next(iter(db.query(f"select * from {table} where id = :id", {"id": row_id})))
