"""Participants, consent, guardians, meters and schedules, on both engines."""

from datetime import date, timedelta

import pytest

from diary.db import Database, one
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.rules.schedules import occurrences, of_row
from diary.store import (
    activation,
    audit,
    consents,
    enrolment,
    guardians,
    identities,
    meters,
    participants,
    schedules,
    sessions,
)
from diary.store.guardians import NewGuardian
from diary.store.schedules import NewSchedule
from tests.people import CONSENT_DAY, NOW, SECRET_KEY, STUDY, People, adult, child


def enrol(db: Database, who: People, subject_no: str = "S050", birth_day: date = date(1990, 1, 1)) -> str:
    made = enrolment.enrol(
        db, who.chen.actor, STUDY, NOW, str(who.chen.site_id), adult(subject_no, "Jun Ma", birth_day)
    )
    return str(made["id"])


def test_another_sites_participant_is_as_good_as_none(db: Database, who: People) -> None:
    here, there = str(who.chen.site_id), str(who.weber.site_id)
    assert participants.get(db, here, str(who.lin.participant_id))["subject_no"] == "S001"
    for site_id, participant_id in (
        (there, who.lin.participant_id), (here, who.olsen.participant_id), (here, "nobody")
    ):  # fmt: skip
        with pytest.raises(NotFoundError):
            participants.get(db, site_id, str(participant_id))
        with pytest.raises(NotFoundError):
            enrolment.update(
                db, who.chen.actor, STUDY, NOW, site_id, str(participant_id), {"language": "en"}, reason="x"
            )
    assert [row["subject_no"] for row in participants.list_overview(db, there, hide_contraception=False)] == [
        "S101"
    ]
    assert len(participants.list_overview(db, here, hide_contraception=False)) == 3


def test_an_account_reaches_its_own_participants_only(db: Database, who: People) -> None:
    assert participants.get_own(db, who.mei.actor, str(who.an.participant_id))["subject_no"] == "S002"
    for person in (who.mei, who.chen, who.ada):
        with pytest.raises(NotFoundError):
            participants.get_own(db, person.actor, str(who.lin.participant_id))


def test_an_enrolment_that_fails_leaves_nothing_behind(db: Database, who: People) -> None:
    def counts() -> list[object]:
        tables = ("participants", "identities", "accounts", "consents", "guardianships", "meters", "audit")
        return [one(db, f"select count(*) as n from {table}") for table in tables]

    meters_holder = str(who.lin.participant_id)
    with db.atomic():
        meters.assign(db, who.chen.actor, NOW, meters_holder, serial="GL-1", model=None, day=CONSENT_DAY)
    before = counts()
    new = child("S060", "Hu Xiao", date(2016, 1, 1), "Hu Yan")
    # The meter comes last: by then everything else was written.
    taken = type(new)(**{**vars(new), "meter_serial": "GL-1"})
    with pytest.raises(ConflictError, match="meter_taken"):
        enrolment.enrol(db, who.chen.actor, STUDY, NOW, str(who.chen.site_id), taken)
    assert counts() == before


def test_identities_are_apart_from_what_is_clinical_and_from_the_trail(db: Database, who: People) -> None:
    participant_id = enrol(db, who)
    enrolment.update(
        db, who.chen.actor, STUDY, NOW, str(who.chen.site_id), participant_id,
        {"name": "Jun Ma-Li", "birth_day": date(1990, 1, 2)}, reason="passport seen",
    )  # fmt: skip
    assert [(row["name"], row["birth_day"]) for row in identities.versions(db, participant_id)] == [
        ("Jun Ma", "1990-01-01"), ("Jun Ma-Li", "1990-01-02"),
    ]  # fmt: skip
    rows = list(db.query("select * from audit"))
    everything = " ".join(str(value) for row in rows for value in row.values())
    assert "Jun Ma" not in everything and "1990-01-0" not in everything
    told = [
        (row["field"], row["old"], row["new"], row["reason"]) for row in rows if row["object"] == "identity"
    ]
    assert told == [
        ("name", "version 1", "version 2", "passport seen"),
        ("birth_day", "version 1", "version 2", "passport seen"),
    ]


def test_a_change_that_changes_nothing_leaves_no_trace(db: Database, who: People) -> None:
    before = one(db, "select count(*) as n from audit")
    enrolment.update(
        db, who.chen.actor, STUDY, NOW, str(who.chen.site_id), str(who.lin.participant_id),
        {"state": "transplanted", "language": "zh-CN", "name": who.lin.name, "fertile": True}, reason="x",
    )  # fmt: skip
    assert one(db, "select count(*) as n from audit") == before


def test_a_guardian_stands_for_the_child_until_the_day_it_comes_of_age(db: Database, who: People) -> None:
    # Yu turns 18 on 15 June 2028 in Shanghai, which begins at 16:00 UTC the day before.
    of_age = NOW.replace(year=2028, month=6, day=14, hour=16)
    assert sessions.children(db, who.bo.account_id, of_age - timedelta(milliseconds=1), STUDY)
    assert sessions.children(db, who.bo.account_id, of_age, STUDY) == []
    grown = participants.get(db, str(who.chen.site_id), str(who.yu.participant_id))
    aunt = NewGuardian("aunt", "2.0", CONSENT_DAY, name="X")
    with pytest.raises(ConflictError, match="adult_needs_no_guardian"):
        guardians.add(db, who.chen.actor, STUDY, of_age, grown, aunt)
    with pytest.raises(ConflictError, match="consent_missing"):
        activation.issue_code(db, who.chen.actor, STUDY, of_age, SECRET_KEY, grown, None)


def test_a_guardian_may_come_back(db: Database, who: People) -> None:
    an = participants.get(db, str(who.chen.site_id), str(who.an.participant_id))
    guardians.end(db, who.chen.actor, NOW, an, who.mei.account_id, reason="custody changed")
    assert guardians.present(db, an["id"]) == frozenset()
    with pytest.raises(ConflictError, match="guardian_consent_missing"):
        activation.issue_code(db, who.chen.actor, STUDY, NOW, SECRET_KEY, an, None)
    again = NewGuardian("mother", "3.0", date(2026, 3, 1), account_id=who.mei.account_id)
    guardians.add(db, who.chen.actor, STUDY, NOW, an, again)
    assert guardians.present(db, an["id"]) == {who.mei.account_id}
    assert [(row["giver"], row["version"]) for row in consents.list_for(db, an["id"])] == [
        ("child_assent", "1.1"), ("guardian", "2.0"), ("guardian", "3.0"),
    ]  # fmt: skip


def test_guardians_are_numbered_by_the_child_they_were_first_linked_to(db: Database, who: People) -> None:
    an = participants.get(db, str(who.chen.site_id), str(who.an.participant_id))
    logins = [
        guardians.add(db, who.chen.actor, STUDY, NOW, an, NewGuardian("aunt", "2.0", CONSENT_DAY, name=name))[
            "login"
        ]
        for name in ("A", "B")
    ]
    assert logins == ["S002-G2", "S002-G3"]


@pytest.mark.parametrize(
    ("day", "fault"), [(date(2026, 3, 3), "day_in_future"), (date(2018, 8, 31), "day_before_birth")]
)
def test_a_consent_has_a_day_that_can_be(db: Database, who: People, day: date, fault: str) -> None:
    an = participants.get(db, str(who.chen.site_id), str(who.an.participant_id))
    with pytest.raises(DiaryError) as refused:
        enrolment.record_consent(
            db, who.chen.actor, STUDY, NOW, an, giver="child_assent", guardian_id=None, version="2", day=day
        )
    assert refused.value.fields == {"day": fault}


def dose(**more: object) -> NewSchedule:
    fields: dict[str, object] = {
        "kind": "dose", "title": "Tacrolimus", "times": ("20:00", "08:00"), "zone": "Asia/Shanghai",
        "from_day": date(2026, 3, 10), "to_day": None, "window_before_min": 60, "window_after_min": 120,
        "drug": "tacrolimus", **more,
    }  # fmt: skip
    return NewSchedule(**fields)  # type: ignore[arg-type]


def test_a_schedule_is_read_as_it_was_written(db: Database, who: People) -> None:
    lin = participants.get(db, str(who.chen.site_id), str(who.lin.participant_id))
    hold = schedules.Hold(date(2026, 3, 12), "2026-03-12T10:00:00+08:00", "trough")
    made = schedules.add(db, who.chen.actor, STUDY, NOW, lin, dose(hold=hold))
    assert made["times"] == ["08:00", "20:00"]
    assert made["hold"] == {
        "day": "2026-03-12", "latest_at": "2026-03-12T10:00:00+08:00", "reason": "trough"
    }  # fmt: skip
    assert schedules.list_by_ids(db, lin["id"], [made["id"], "another"]) == [made]
    with pytest.raises(NotFoundError):
        schedules.get(db, str(who.an.participant_id), made["id"])


def test_a_schedule_that_is_ended_before_it_begins_is_never_due(db: Database, who: People) -> None:
    lin = participants.get(db, str(who.chen.site_id), str(who.lin.participant_id))
    made = schedules.add(db, who.chen.actor, STUDY, NOW, lin, dose())
    ended = schedules.end(db, who.chen.actor, STUDY, NOW, lin, made["id"], to_day=None, reason="not needed")
    assert (ended["to_day"], ended["end_reason"]) == ("2026-03-02", "not needed")
    assert occurrences(of_row(ended), "Asia/Shanghai", date(2026, 3, 1), date(2026, 4, 1)) == []
    told = db.query(
        "select field, new from audit where object_id = :id and action = 'change' order by seq",
        {"id": made["id"]},
    )
    assert [row["field"] for row in told] == ["to_day", "ended_by", "ended_at", "end_reason"]


def test_a_schedule_replaces_only_one_of_the_same_participant(db: Database, who: People) -> None:
    site_id = str(who.chen.site_id)
    lin = participants.get(db, site_id, str(who.lin.participant_id))
    an = participants.get(db, site_id, str(who.an.participant_id))
    made = schedules.add(db, who.chen.actor, STUDY, NOW, lin, dose())
    with pytest.raises(NotFoundError):
        schedules.add(db, who.chen.actor, STUDY, NOW, an, dose(replaces=made["id"]))
    assert schedules.list_for(db, an["id"], hide_contraception=False) == []
    schedules.add(db, who.chen.actor, STUDY, NOW, lin, dose(replaces=made["id"]))
    with pytest.raises(ConflictError, match="schedule_ended"):
        schedules.add(db, who.chen.actor, STUDY, NOW, lin, dose(replaces=made["id"]))


def test_chains_stay_whole_through_every_kind_of_write(db: Database, who: People) -> None:
    enrol(db, who)
    previous: dict[str, str] = {}
    for row in db.query("select * from audit order by stream, seq"):
        assert row["prev_hash"] == previous.get(row["stream"], audit.GENESIS)
        assert row["hash"] == audit.row_hash(row)
        previous[row["stream"]] = row["hash"]
    assert len(previous) >= 7
