"""Taking people in: consent before account, ages, states."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from diary.db import Database, one
from diary.store import audit
from tests.people import People
from tests.web.browsing import Browser, browser
from tests.web.conftest import ClientFor
from tests.web.taking_in import ADULT, CHILD, CONSENT, PARTICIPANTS, TODAY, change, code_of, enrol, enrolled


def test_an_adult_is_taken_in_and_signs_in_with_a_code(app: Flask, chen: Browser) -> None:
    made = enrolled(chen, ADULT, meter={"serial": "GL-1", "model": "Contour Next One"})
    assert made["state"] == "screening" and made["age_years"] == 36 and not made["is_child"]
    assert (made["display_unit"], made["zone"], made["language"]) == ("mmol/L", "Asia/Shanghai", "zh-CN")
    assert made["account"] == {"id": made["account"]["id"], "login": "S007", "state": "invited"}
    assert [meter["serial"] for meter in made["meters"]] == ["GL-1"]
    issued = code_of(chen, made["id"]).json
    assert issued["link"] == f"http://localhost:8000/#/activate?code={issued['code']}"
    phone = browser(app)
    me = phone.post("/api/activate", json={"code": issued["code"], "pin": "7391", "language": "en"}).json
    assert me["account"]["login"] == "S007" and me["account"]["language"] == "en"
    assert [own["subject_no"] for own in me["participants"]] == ["S007"]


def test_a_child_is_taken_in_with_assent_and_two_guardians(app: Flask, chen: Browser) -> None:
    made = enrolled(chen, CHILD)
    logins = [guardian["login"] for guardian in made["guardians"]]
    assert made["is_child"] and logins == ["S008-G1", "S008-G2"]
    assert sorted(consent["giver"] for consent in made["consents"]) == [
        "child_assent",
        "guardian",
        "guardian",
    ]
    for guardian in made["guardians"]:
        code = code_of(chen, made["id"], guardian_id=guardian["account_id"]).json["code"]
        me = browser(app).post("/api/activate", json={"code": code, "pin": "7391", "language": "zh-CN"}).json
        assert me["account"]["role"] == "guardian"
        assert [(own["subject_no"], own["treated_by_carer"]) for own in me["participants"]] == [
            ("S008", True)
        ]


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


FAULTS = {
    "a consent still to come": (ADULT | {"consent": {"version": "2.0", "day": "2026-03-03"}}, "consent.day"),
    "too young": (CHILD | {"birth_day": "2020-03-01"}, "birth_day"),
    "too old": (ADULT | {"birth_day": "1960-02-28"}, "birth_day"),
    "born tomorrow": (ADULT | {"birth_day": "2026-03-03"}, "birth_day"),
    "a child that consents": (without(CHILD, "assent") | {"consent": CONSENT}, "assent"),
    "a child without a guardian": (CHILD | {"guardians": []}, "guardians"),
    "an adult with a guardian": (ADULT | {"guardians": CHILD["guardians"]}, "guardians"),
    "an adult that assents": (without(ADULT, "consent") | {"assent": CHILD["assent"]}, "consent"),
    "no consent at all": (without(ADULT, "consent"), "consent"),
    "a man before the menopause": (ADULT | {"sex": "male"}, "premenopausal"),
    "a number of another form": (ADULT | {"subject_no": "7"}, "subject_no"),
    "an unknown zone": (ADULT | {"zone": "Asia/Nowhere"}, "zone"),
    "an unknown unit": (ADULT | {"display_unit": "mg"}, "display_unit"),
    "an unknown language": (ADULT | {"language": "fr"}, "language"),
    "a name of spaces": (ADULT | {"name": "   "}, "name"),
    "a name on two lines": (ADULT | {"name": "a\nb"}, "name"),
    "an e-mail that is none": (ADULT | {"email": "jun"}, "email"),
    "a day that is none": (ADULT | {"birth_day": "1990-02-30"}, "birth_day"),
    "fertile as a word": (ADULT | {"fertile": "yes"}, "fertile"),
    "something nobody asked for": (ADULT | {"nickname": "J"}, "nickname"),
    "a guardian twice over": (
        CHILD | {"guardians": [{**CHILD["guardians"][0], "account_id": str(uuid4())}]}, "guardians.0.name",
    ),
    "a guardian's consent still to come": (
        CHILD | {"guardians": [{**CHILD["guardians"][0], "consent": {"version": "2", "day": "2026-03-03"}}]},
        "guardians.0.consent.day",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_is_refused_at_its_field_and_leaves_nothing(
    chen: Browser, db: Database, fault: str
) -> None:
    body, field = FAULTS[fault]
    before = one(db, "select count(*) as n from audit")
    answer = enrol(chen, body)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["fields"]) == [field]
    assert "unknown" not in answer.json["fields"][field] and "(" not in answer.json["fields"][field]
    assert one(db, "select count(*) as n from audit") == before


def test_a_subject_number_is_used_once_in_the_whole_study(
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    for client in (chen, client_for(who.weber)):
        answer = enrol(client, ADULT, subject_no="S001")
        assert (answer.status_code, answer.json["code"]) == (409, "subject_taken")
        assert "S001" in answer.json["message"]


def test_ages_are_counted_at_consent_by_full_years(chen: Browser) -> None:
    day = {"version": "2.0", "day": "2026-03-01"}
    assert enrol(chen, ADULT, subject_no="S201", birth_day="1960-03-02", consent=day).status_code == 201
    assert enrol(chen, ADULT, subject_no="S202", birth_day="1960-03-01", consent=day).status_code == 422
    assert enrol(chen, CHILD, subject_no="S203", birth_day="2020-02-28").status_code == 201
    assert enrol(chen, CHILD, subject_no="S204", birth_day="2020-03-01").status_code == 422


def test_no_account_opens_before_consent(chen: Browser, db: Database, app: Flask) -> None:
    made = enrolled(chen, CHILD)
    guardian = made["guardians"][0]["account_id"]
    code = code_of(chen, made["id"], guardian_id=guardian).json["code"]
    # The database refuses to forget a consent; a guardian who never gave one is what can be shown.
    db.execute("update guardianships set ended_at = :at where account_id = :a", {"at": "x", "a": guardian})
    assert code_of(chen, made["id"], guardian_id=guardian).json["code"] == "guardianship_ended"
    answer = browser(app).post("/api/activate", json={"code": code, "pin": "7391"})
    assert (answer.status_code, answer.json["code"]) == (409, "guardianship_ended")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"giver": "participant", "version": "3", "day": TODAY}, "giver"),
        ({"giver": "guardian", "version": "3", "day": TODAY}, "guardian_id"),
        ({"giver": "child_assent", "version": "3", "day": "2026-03-03"}, "day"),
        ({"giver": "child_assent", "version": "3", "day": "2018-08-31"}, "day"),
        ({"giver": "child_assent", "version": "3", "day": TODAY, "guardian_id": str(uuid4())}, "guardian_id"),
    ],
)
def test_a_consent_fits_the_age_and_the_giver(
    chen: Browser, who: People, body: dict[str, Any], field: str
) -> None:
    answer = chen.post(f"{PARTICIPANTS}/{who.an.participant_id}/consents", json=body)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def record_pregnancy_test(db: Database, participant_id: str, account_id: str, result: str, day: str) -> None:
    """The rows that a staff entry of this kind leaves behind."""
    entry_id = str(uuid4())
    at = f"{day}T02:00:00.000Z"
    row = {
        "id": entry_id, "root_id": entry_id, "version": 1, "participant_id": participant_id,
        "kind": "pregnancy_test", "occurred_at": at, "occurred_text": at, "zone": "Asia/Shanghai",
        "local_day": day, "recorded_at": at, "recorded_text": at, "received_at": at, "author_id": account_id,
        "author_role": "coordinator", "origin": "staff", "data": audit.canonical({"result": result}),
        "body_hash": "x", "state": "stored", "late": 0, "basis": "none", "in_summaries": 0,
    }  # fmt: skip
    head = {
        "root_id": entry_id, "entry_id": entry_id, "tip_id": entry_id, "participant_id": participant_id,
        "kind": "pregnancy_test", "occurred_at": at, "local_day": day, "state": "stored", "basis": "none",
        "in_summaries": 0,
    }  # fmt: skip
    for table, values in (("entries", row), ("entry_heads", head)):
        names = ", ".join(values)
        db.execute(
            f"insert into {table} ({names}) values ({', '.join(':' + name for name in values)})", values
        )


def test_a_fertile_woman_before_the_menopause_is_enrolled_with_a_negative_test_only(
    chen: Browser, db: Database, who: People
) -> None:
    made = enrolled(chen, ADULT)

    def try_it() -> Any:
        return change(chen, made["id"], state="enrolled")

    assert try_it().json["fields"].keys() == {"state"}
    record_pregnancy_test(db, made["id"], who.chen.account_id, "positive", "2026-02-20")
    assert try_it().status_code == 422
    record_pregnancy_test(db, made["id"], who.chen.account_id, "negative", "2026-02-25")
    record_pregnancy_test(db, made["id"], who.chen.account_id, "positive", "2026-02-27")
    assert "negative pregnancy test" in try_it().json["fields"]["state"]
    record_pregnancy_test(db, made["id"], who.chen.account_id, "negative", "2026-03-01")
    assert try_it().json["state"] == "enrolled"


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ({"fertile": None}, False),
        ({"fertile": True, "premenopausal": None}, False),
        ({"fertile": False}, True),
        ({"fertile": True, "premenopausal": False}, True),
        ({"sex": "male", "premenopausal": None}, True),
        ({"sex": "male", "premenopausal": None, "fertile": None}, False),
    ],
)
def test_enrolment_asks_for_fertility_first(chen: Browser, person: dict[str, Any], allowed: bool) -> None:
    made = enrolled(chen, ADULT, **person)
    assert change(chen, made["id"], state="enrolled").status_code == (200 if allowed else 422)


def test_fertility_and_state_may_be_set_in_one_step(chen: Browser) -> None:
    made = enrolled(chen, ADULT, fertile=None)
    assert change(chen, made["id"], state="enrolled", fertile=False).json["state"] == "enrolled"


@pytest.mark.parametrize(
    ("steps", "stops_at"),
    [
        (["transplanted"], 0),
        (["enrolled", "transplanted"], 1),
        (["completed"], 0),
        (["paused"], 0),
        (["enrolled", "paused", "enrolled", "completed", "screening"], 4),
        (["withdrawn", "completed"], 1),
    ],
)
def test_states_follow_one_another_as_the_study_has_it(
    chen: Browser, steps: list[str], stops_at: int
) -> None:
    made = enrolled(chen, ADULT, fertile=False)
    for number, state in enumerate(steps):
        expected = 422 if number == stops_at else 200
        assert change(chen, made["id"], state=state).status_code == expected, state


def test_consent_days_long_past_are_fine(chen: Browser) -> None:
    day = date(2026, 3, 2) - timedelta(days=700)
    assert enrol(chen, ADULT, consent={"version": "1.0", "day": day.isoformat()}).status_code == 201
