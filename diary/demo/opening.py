"""How the demo's people come in: site and staff, then each participant with consent, account and meter."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp

from diary import hashing
from diary.config import Config
from diary.db import Row
from diary.demo import logins
from diary.demo.body import Body, Graft
from diary.demo.cast import ADMINISTRATOR, STAFF, GuardianRole, Person, StaffMember
from diary.demo.stage import Life, Stage
from diary.rules.roles import Role
from diary.store import accounts, activation, enrolment, guardians, second_factor, sites
from diary.store.actors import Actor
from diary.store.enrolment import Enrolment
from diary.store.guardians import NewGuardian
from diary.store.participants import NewParticipant

SEED = 6196996
CONSENT_VERSION = "1.2"
# Consent comes so long before the diary begins.
CONSENT_LEAD = timedelta(days=12)
_SETTLING_SHARE = 0.05


@dataclass
class Desk:
    """The site, and who acts there."""

    site_id: str
    zone: ZoneInfo
    administrator: Actor
    coordinators: list[Actor] = field(default_factory=list)
    investigators: list[Actor] = field(default_factory=list)


def open_site(stage: Stage, config: Config, at: datetime) -> Desk:
    """The site, its administrator by the one-time link, and the staff by their codes."""
    db, study = stage.db, stage.study
    site_id = sites.ensure_first(db, study, at)
    link = accounts.setup_link(db, study, at, config.base_url, config.secret_key)
    if link is None:
        raise RuntimeError("a new database has an administrator already")
    head = accounts.add_first_administrator(
        db, at, config.secret_key, link.partition("code=")[2], name=ADMINISTRATOR.name,
        email=ADMINISTRATOR.email, secret_hash=_hash(config, "administrator", ADMINISTRATOR.email),
        language=ADMINISTRATOR.language,
    )  # fmt: skip
    if head is None:
        raise RuntimeError("the set-up code did not work")
    desk = Desk(site_id, ZoneInfo(study.site.zone), Actor(head["id"], "administrator", None))
    for member in STAFF:
        actor = _add_staff(stage, config, desk, member, at)
        if member.role == "coordinator":
            desk.coordinators.append(actor)
        elif member.role == "investigator":
            desk.investigators.append(actor)
    return desk


def _add_staff(stage: Stage, config: Config, desk: Desk, member: StaffMember, at: datetime) -> Actor:
    db, study = stage.db, stage.study
    account, code, _ = accounts.add_staff(
        db, desk.administrator, study, at, config.secret_key, role=member.role, name=member.name,
        email=member.email, phone=None, language=member.language, site_id=desk.site_id,
    )  # fmt: skip
    activation.open_account(
        db, study, at + timedelta(hours=3), config.secret_key, code, language=None, totp=None,
        secret_hash=_hash(config, member.role, member.email), secret_kind="password",
    )  # fmt: skip
    actor = Actor(account["id"], member.role, desk.site_id, member.language)
    if member.second_factor:
        later = at + timedelta(hours=4)
        secret, _ = second_factor.start(db, actor, later)
        second_factor.confirm(db, actor, later, pyotp.TOTP(secret).at(later))
    return actor


def _hash(config: Config, role: Role, login: str) -> str:
    return hashing.hash_secret(logins.secret_of(config.secret_key, role, login))


def diary_begins(stage: Stage, person: Person) -> datetime:
    return stage.share(person.starts)


def consent_at(stage: Stage, person: Person) -> datetime:
    """Before the diary, and before the first transplant of those who had one earlier."""
    first = min([person.starts, *(transplant.share for transplant in person.transplants)])
    day = (stage.share(first) - CONSENT_LEAD).astimezone(ZoneInfo(stage.study.site.zone))
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def enrol(stage: Stage, config: Config, desk: Desk, person: Person, now: datetime) -> Life:
    """In screening: identity, consents, meter, accounts opened by code."""
    new = _enrolment(stage, person, now.astimezone(desk.zone).date())
    coordinator = desk.coordinators[0]
    row = enrolment.enrol(stage.db, coordinator, stage.study, now, desk.site_id, new)
    soon = now + timedelta(hours=1)
    own = accounts.find_of_participant(stage.db, row["id"])
    if own is None:
        raise RuntimeError(f"{person.subject} has no account")
    if person.types_own:
        _open(stage, config, desk, row, None, soon)
    people = []
    for guardian in guardians.list_for(stage.db, row["id"]):
        if guardian["state"] == "invited":
            _open(stage, config, desk, row, guardian["account_id"], soon)
        people.append(Actor(guardian["account_id"], "guardian", desk.site_id, person.language, (row["id"],)))
    rng = random.Random(f"{SEED} {person.subject}")
    grafts = [Graft(stage.share(t.share), t.function) for t in person.transplants]
    settling = (stage.end - stage.start) * _SETTLING_SHARE
    ends_at = stage.share(person.ending[0]) if person.ending else stage.end
    life = Life(
        person, row, Actor(own["id"], "participant", desk.site_id, person.language, (row["id"],)), people,
        rng,
        Body(rng, grafts, settling), diary_begins(stage, person),
        min(ends_at, stage.end - timedelta(days=person.silent_days)), new.meter_serial or "",
    )  # fmt: skip
    stage.lives[person.subject] = life
    return life


def _open(stage: Stage, config: Config, desk: Desk, row: Row, guardian_id: str | None, now: datetime) -> None:
    account, code, _ = activation.issue_code(
        stage.db, desk.coordinators[0], stage.study, now, config.secret_key, row, guardian_id
    )
    activation.open_account(
        stage.db, stage.study, now + timedelta(minutes=4), config.secret_key, code, language=None, totp=None,
        secret_hash=_hash(config, account["role"], account["login"]), secret_kind="pin",
    )  # fmt: skip


def _enrolment(stage: Stage, person: Person, today: date) -> Enrolment:
    number = int(person.subject[1:])
    return Enrolment(
        participant=NewParticipant(
            subject_no=person.subject, birth_day=_birth_day(stage, person), sex=person.sex,
            fertile=person.fertile, premenopausal=person.premenopausal,
            treated_by_carer=person.treated_by_carer, display_unit=person.unit, zone=stage.study.site.zone,
            language=person.language, consented_day=today,
            minor_contraception_approved=person.minor_approved,
        ),
        agreement_version=CONSENT_VERSION,
        gave_assent=bool(person.guardians),
        name=person.name,
        # No network gives out numbers that begin so: nobody is called by mistake.
        phone=f"+86 000 0000 {number:04d}",
        guardians=tuple(_guardian(stage, guardian, person, today) for guardian in person.guardians),
        meter_serial=f"IDM-{40210 + 37 * number}",
        meter_model="Demo meter, " + person.unit,
    )  # fmt: skip


def _guardian(stage: Stage, guardian: GuardianRole, child: Person, today: date) -> NewGuardian:
    known = stage.lives[guardian.same_as].guardians[0].id if guardian.same_as else None
    number = 1000 + int(child.subject[1:]) + 500 * (guardian.relation == "father")
    return NewGuardian(
        relation=guardian.relation, consent_version=CONSENT_VERSION, consent_day=today,
        name=guardian.name or None, phone=None if known else f"+86 000 0000 {number:04d}",
        language=child.language, account_id=known,
    )  # fmt: skip


def _birth_day(stage: Stage, person: Person) -> date:
    """So that the participant has this age today."""
    birthday = stage.end.date() - timedelta(days=person.days_since_birthday)
    # The 28th exists in every month of every year.
    return birthday.replace(year=birthday.year - person.age, day=min(birthday.day, 28))
