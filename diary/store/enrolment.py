"""Taking somebody into the study: identity, consent, accounts, meter, in one transaction; and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from diary.db import Database, Row
from diary.errors import DiaryError, NotFoundError
from diary.rules import participation
from diary.rules.days import age_years
from diary.rules.participation import Giver
from diary.store import (
    accounts,
    adherence,
    audit,
    consents,
    guardians,
    identities,
    meters,
    participants,
    plans,
    travel,
)
from diary.store.actors import Actor
from diary.store.guardians import NewGuardian
from diary.store.participants import NewParticipant
from diary.study import Study


@dataclass(frozen=True)
class Enrolment:
    """What the site knows of a new participant.

    `agreement_version` and the participant's `consented_day` are of the participant's own consent, or of a
    child's assent; `gave_assent` says which of the two the form held.
    """

    participant: NewParticipant
    agreement_version: str
    gave_assent: bool
    name: str
    phone: str | None = None
    email: str | None = None
    guardians: tuple[NewGuardian, ...] = ()
    meter_serial: str | None = None
    meter_model: str | None = None


def enrol(db: Database, actor: Actor, study: Study, now: datetime, site_id: str, new: Enrolment) -> Row:
    """Keep a new participant, in state screening; answers its row.

    DiaryError `fields` names everything that is wrong with it; ConflictError `subject_taken`, `meter_taken`.
    """
    person = new.participant
    faults = _faults(study, new, participants.today({"zone": person.zone}, now))
    if faults:
        raise DiaryError("fields", 422, faults)
    with db.atomic():
        row = participants.add(db, actor, now, site_id, person)
        identities.add(
            db, actor, now, "participant", row["id"], name=new.name, phone=new.phone, email=new.email,
            birth_day=row["birth_day"],
        )  # fmt: skip
        consents.add(
            db, actor, now, row["id"], giver="child_assent" if new.gave_assent else "participant",
            guardian_id=None, version=new.agreement_version, day=person.consented_day,
        )  # fmt: skip
        accounts.add(
            db, actor, now, role="participant", login=person.subject_no, language=person.language,
            site_id=site_id, participant_id=row["id"],
        )  # fmt: skip
        for guardian in new.guardians:
            guardians.add(db, actor, study, now, row, guardian)
        if new.meter_serial:
            day = participants.today(row, now)
            meters.assign(db, actor, now, row["id"], serial=new.meter_serial, model=new.meter_model, day=day)
    return row


def _faults(study: Study, new: Enrolment, today: date) -> dict[str, str]:
    person, ages = new.participant, study.accounts
    agreement = "assent" if new.gave_assent else "consent"
    faults: dict[str, str] = {}
    if person.consented_day > today:
        faults[f"{agreement}.day"] = "day_in_future"
    for number, guardian in enumerate(new.guardians):
        if guardian.consent_day > today:
            faults[f"guardians.{number}.consent.day"] = "day_in_future"
    age = age_years(person.birth_day, person.consented_day)
    if not ages.min_age <= age <= ages.max_age:
        faults["birth_day"] = "age_out_of_range"
    elif age < ages.adult_age:
        if not new.gave_assent:
            faults["assent"] = "child_gives_assent"
        if not new.guardians:
            faults["guardians"] = "guardian_needed"
    else:
        if new.gave_assent:
            faults["consent"] = "adult_gives_consent"
        if new.guardians:
            faults["guardians"] = "adult_needs_no_guardian"
    if person.sex == "male" and person.premenopausal is not None:
        faults["premenopausal"] = "women_only"
    return faults


def record_consent(
    db: Database, actor: Actor, study: Study, now: datetime, participant: Row, *, giver: Giver,
    guardian_id: str | None, version: str, day: date,
) -> Row:  # fmt: skip
    """Keep a further consent or assent (a new version, coming of age); DiaryError `fields`, NotFoundError."""
    with db.atomic():
        participants.lock(db, participant["id"])
        birth_day = date.fromisoformat(participant["birth_day"])
        faults: dict[str, str] = {}
        if day > participants.today(participant, now):
            faults["day"] = "day_in_future"
        elif day < birth_day:
            faults["day"] = "day_before_birth"
        is_adult = age_years(birth_day, day) >= study.accounts.adult_age
        if giver == "participant" and not is_adult:
            faults["giver"] = "child_gives_assent"
        if giver != "participant" and is_adult:
            faults["giver"] = "adult_gives_consent"
        if (giver == "guardian") != (guardian_id is not None):
            faults["guardian_id"] = "guardian_named"
        if faults:
            raise DiaryError("fields", 422, faults)
        if guardian_id is not None and guardians.find(db, participant["id"], guardian_id) is None:
            raise NotFoundError
        return consents.add(
            db, actor, now, participant["id"], giver=giver, guardian_id=guardian_id, version=version, day=day
        )


def update(
    db: Database, actor: Actor, study: Study, now: datetime, site_id: str, participant_id: str,
    new: Mapping[str, object], *, reason: str,
) -> Row:  # fmt: skip
    """Change what is known of a participant: columns of participants and identity fields; answers the row.

    DiaryError `fields` names what cannot be so.
    """
    with db.atomic():
        participants.lock(db, participant_id)
        participant = participants.get(db, site_id, participant_id)
        person = {name: value for name, value in new.items() if name in identities.FIELDS}
        columns = {name: value for name, value in new.items() if name not in identities.FIELDS}
        faults = _change_faults(db, study, now, participant, columns)
        if faults:
            raise DiaryError("fields", 422, faults)
        changed = participants.change(db, actor, now, participant, columns, reason=reason)
        after = participants.get(db, site_id, participant_id)
        identities.change(
            db, actor, now, audit.participant_stream(participant_id), participant_id,
            {name: None if value is None else str(value) for name, value in person.items()},
            birth_day=after["birth_day"], birth_day_changed="birth_day" in changed, reason=reason,
        )  # fmt: skip
        if "zone" in changed:
            travel.follow(db, actor, now, after, after["zone"], reason)
        if changed:
            plans.follow_participant(db, after, now, study)
        if "state" in changed:
            adherence.judge_anew(db, after, participants.today(after, now), None, now)
    return after


def _change_faults(
    db: Database, study: Study, now: datetime, participant: Row, new: Mapping[str, object]
) -> dict[str, str]:
    """What would be wrong with the participant once `new` is set."""
    faults: dict[str, str] = {}
    merged = {**participant, **new}
    today = participants.today(participant, now)
    days = new.get("transplant_days")
    if isinstance(days, list) and any(day > today for day in days):
        faults["transplant_days"] = "day_in_future"
    if isinstance(new.get("birth_day"), date):
        faults |= _birth_day_faults(study, participant, merged["birth_day"])
    if merged["sex"] == "male" and merged["premenopausal"] is not None:
        faults["premenopausal"] = "women_only"
    if new.get("state", participant["state"]) != participant["state"]:
        fault = participation.step_fault(
            participant["state"], merged["state"], sex=merged["sex"], fertile=_flag(merged["fertile"]),
            premenopausal=_flag(merged["premenopausal"]),
            newest_pregnancy_test=participants.newest_pregnancy_test(db, participant["id"]),
            has_transplant_day=merged["transplant_days"] not in ([], "[]"),
        )  # fmt: skip
        if fault:
            faults["state"] = fault
    return faults


def _flag(value: object) -> bool | None:
    return None if value is None else bool(value)


def _birth_day_faults(study: Study, participant: Row, birth_day: date) -> dict[str, str]:
    """A corrected birth day must fit the consent that was given: another one is needed otherwise."""
    ages, consented_day = study.accounts, date.fromisoformat(participant["consented_day"])
    age = age_years(birth_day, consented_day)
    if not ages.min_age <= age <= ages.max_age:
        return {"birth_day": "age_out_of_range"}
    was_adult = age_years(date.fromisoformat(participant["birth_day"]), consented_day) >= ages.adult_age
    return {} if (age >= ages.adult_age) == was_adult else {"birth_day": "age_changes_consent"}
