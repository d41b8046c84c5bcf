"""Taking people in: consent before account, guardians, states, what each role sees of a person."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from diary.db import Database, one
from diary.store import audit, identities
from tests.people import NOW, PIN, People
from tests.web.conftest import ClientFor, Clock, browser

TODAY = "2026-03-02"
CONSENT = {"version": "2.0", "day": TODAY}
ADULT: dict[str, Any] = {
    "subject_no": "S007", "name": "Jun Ma", "phone": "+86 137 0000 0007", "email": "jun@example.org",
    "birth_day": "1990-02-03", "sex": "female", "fertile": True, "premenopausal": True,
    "consent": {"version": "2.0", "day": "2026-03-01"},
}  # fmt: skip
CHILD: dict[str, Any] = {
    "subject_no": "S008", "name": "Xiao Hu", "birth_day": "2016-01-20", "sex": "male",
    "treated_by_carer": True,
    "assent": {"version": "1.1", "day": "2026-02-28"},
    "guardians": [
        {"name": "Hu Yan", "phone": "+86 136 1", "relation": "mother", "consent": CONSENT},
        {"name": "Hu Bin", "relation": "father", "consent": CONSENT},
    ],
}  # fmt: skip
PARTICIPANTS = "/api/site/participants"


@pytest.fixture
def chen(client_for: ClientFor, who: People) -> FlaskClient:
    return client_for(who.chen)


def enrol(client: FlaskClient, body: dict[str, Any], **more: Any) -> Any:
    return client.post(PARTICIPANTS, json={**body, **more})


def enrolled(client: FlaskClient, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = enrol(client, body, **more)
    assert answer.status_code == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


def change(client: FlaskClient, participant_id: str, **new: Any) -> Any:
    return client.patch(
        f"{PARTICIPANTS}/{participant_id}", json={"reason": "as told on the telephone", **new}
    )


def code_of(client: FlaskClient, participant_id: str, **who: str) -> Any:
    return client.post(f"{PARTICIPANTS}/{participant_id}/activation-codes", json=who)


def test_an_adult_is_taken_in_and_signs_in_with_a_code(app: Flask, chen: FlaskClient) -> None:
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


def test_a_child_is_taken_in_with_assent_and_two_guardians(app: Flask, chen: FlaskClient) -> None:
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
    chen: FlaskClient, db: Database, fault: str
) -> None:
    body, field = FAULTS[fault]
    before = one(db, "select count(*) as n from audit")
    answer = enrol(chen, body)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["fields"]) == [field]
    assert "unknown" not in answer.json["fields"][field] and "(" not in answer.json["fields"][field]
    assert one(db, "select count(*) as n from audit") == before


def test_a_subject_number_is_used_once_in_the_whole_study(
    chen: FlaskClient, client_for: ClientFor, who: People
) -> None:
    for client in (chen, client_for(who.weber)):
        answer = enrol(client, ADULT, subject_no="S001")
        assert (answer.status_code, answer.json["code"]) == (409, "subject_taken")
        assert "S001" in answer.json["message"]


def test_ages_are_counted_at_consent_by_full_years(chen: FlaskClient) -> None:
    day = {"version": "2.0", "day": "2026-03-01"}
    assert enrol(chen, ADULT, subject_no="S201", birth_day="1960-03-02", consent=day).status_code == 201
    assert enrol(chen, ADULT, subject_no="S202", birth_day="1960-03-01", consent=day).status_code == 422
    assert enrol(chen, CHILD, subject_no="S203", birth_day="2020-02-28").status_code == 201
    assert enrol(chen, CHILD, subject_no="S204", birth_day="2020-03-01").status_code == 422


def test_no_account_opens_before_consent(chen: FlaskClient, db: Database, app: Flask) -> None:
    made = enrolled(chen, CHILD)
    guardian = made["guardians"][0]["account_id"]
    code = code_of(chen, made["id"], guardian_id=guardian).json["code"]
    # The database refuses to forget a consent; a guardian who never gave one is what can be shown.
    db.execute("update guardianships set ended_at = :at where account_id = :a", {"at": "x", "a": guardian})
    assert code_of(chen, made["id"], guardian_id=guardian).json["code"] == "guardianship_ended"
    answer = browser(app).post("/api/activate", json={"code": code, "pin": "7391"})
    assert (answer.status_code, answer.json["code"]) == (409, "guardianship_ended")


def test_another_childs_guardian_gets_no_code_here(chen: FlaskClient, who: People) -> None:
    made = enrolled(chen, CHILD)
    assert code_of(chen, made["id"], guardian_id=who.mei.account_id).status_code == 404
    assert code_of(chen, made["id"], guardian_id=who.lin.account_id).status_code == 404


def test_one_guardian_may_have_two_children(chen: FlaskClient, client_for: ClientFor, who: People) -> None:
    mei = client_for(who.mei)
    sibling = {"account_id": who.mei.account_id, "relation": "mother", "consent": CHILD["assent"]}
    made = enrolled(chen, CHILD, guardians=[sibling])
    assert [one["login"] for one in made["guardians"]] == ["S002-G1"]
    assert [own["subject_no"] for own in mei.get("/api/me").json["participants"]] == ["S002", "S008"]
    again = chen.post(f"{PARTICIPANTS}/{made['id']}/guardians", json=sibling)
    assert (again.status_code, again.json["code"]) == (409, "guardian_linked")


def test_another_sites_guardian_is_not_there(client_for: ClientFor, who: People) -> None:
    stranger = {"account_id": who.mei.account_id, "relation": "mother", "consent": CHILD["assent"]}
    assert enrol(client_for(who.weber), CHILD, guardians=[stranger]).status_code == 404


def test_ending_a_guardianship_takes_effect_on_the_next_request(
    chen: FlaskClient, client_for: ClientFor, who: People, app: Flask
) -> None:
    mei = client_for(who.mei)
    code = code_of(chen, str(who.an.participant_id), guardian_id=who.mei.account_id).json["code"]
    url = f"{PARTICIPANTS}/{who.an.participant_id}/guardians/{who.mei.account_id}/end"
    ended = chen.post(url, json={"reason": "custody changed"})
    assert ended.status_code == 200 and ended.json["guardians"][0]["ended_at"]
    assert mei.get("/api/me").status_code == 401
    assert browser(app).post("/api/activate", json={"code": code, "pin": "7391"}).status_code == 401
    assert chen.post(url, json={"reason": "again"}).json["code"] == "guardianship_ended"
    again = browser(app).post("/api/sign-in", json={"login": who.mei.login, "secret": PIN})
    assert again.json["participants"] == []


def test_a_guardian_with_another_child_stays_signed_in_for_that_one(
    chen: FlaskClient, client_for: ClientFor, who: People
) -> None:
    sibling = {"account_id": who.mei.account_id, "relation": "mother", "consent": CHILD["assent"]}
    enrolled(chen, CHILD, guardians=[sibling])
    mei = client_for(who.mei)
    chen.post(
        f"{PARTICIPANTS}/{who.an.participant_id}/guardians/{who.mei.account_id}/end", json={"reason": "x y"}
    )
    assert [own["subject_no"] for own in mei.get("/api/me").json["participants"]] == ["S008"]


def test_at_18_the_guardians_access_ends_and_consent_of_ones_own_is_asked_for(
    chen: FlaskClient, client_for: ClientFor, who: People, time: Clock
) -> None:
    # Yu was born on 15 June 2010.
    yu_id = str(who.yu.participant_id)
    bo, yu = client_for(who.bo), client_for(who.yu)
    assert bo.get("/api/me").json["participants"]
    assert code_of(chen, yu_id).status_code == 201
    time.at = NOW.replace(year=2028, month=6, day=14, hour=16)  # 15 June in Shanghai
    chen, bo, yu = client_for(who.chen), client_for(who.bo), client_for(who.yu)
    assert bo.get("/api/me").json["participants"] == []
    assert code_of(chen, yu_id, guardian_id=who.bo.account_id).json["code"] == "guardianship_ended"
    own = yu.get("/api/me").json["participants"][0]
    assert own["reconsent_due"] is True and own["is_child"] is False
    assert code_of(chen, yu_id).json["code"] == "consent_missing"
    assert chen.get(f"{PARTICIPANTS}/{yu_id}").json["reconsent_due"] is True
    agreed = chen.post(
        f"{PARTICIPANTS}/{yu_id}/consents",
        json={"giver": "participant", "version": "3.0", "day": "2028-06-15"},
    )
    assert agreed.status_code == 201 and agreed.json["reconsent_due"] is False
    assert code_of(chen, yu_id).status_code == 201
    assert yu.get("/api/me").json["participants"][0]["reconsent_due"] is False


def test_the_day_before_18_the_guardian_still_stands_for_the_child(
    client_for: ClientFor, who: People, time: Clock
) -> None:
    time.at = NOW.replace(year=2028, month=6, day=14, hour=15)  # still 14 June in Shanghai
    assert client_for(who.bo).get("/api/me").json["participants"]


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
    chen: FlaskClient, who: People, body: dict[str, Any], field: str
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
    chen: FlaskClient, db: Database, who: People
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
def test_enrolment_asks_for_fertility_first(chen: FlaskClient, person: dict[str, Any], allowed: bool) -> None:
    made = enrolled(chen, ADULT, **person)
    assert change(chen, made["id"], state="enrolled").status_code == (200 if allowed else 422)


def test_fertility_and_state_may_be_set_in_one_step(chen: FlaskClient) -> None:
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
    chen: FlaskClient, steps: list[str], stops_at: int
) -> None:
    made = enrolled(chen, ADULT, fertile=False)
    for number, state in enumerate(steps):
        expected = 422 if number == stops_at else 200
        assert change(chen, made["id"], state=state).status_code == expected, state


def test_a_transplantation_is_recorded_with_its_days(chen: FlaskClient) -> None:
    made = enrolled(chen, ADULT, fertile=False)
    change(chen, made["id"], state="enrolled")
    ahead = change(chen, made["id"], state="transplanted", transplant_days=["2026-03-03"])
    assert "transplant_days" in ahead.json["fields"]
    done = change(chen, made["id"], state="transplanted", transplant_days=["2026-03-02", "2026-03-01", TODAY])
    assert (done.json["state"], done.json["transplant_days"]) == ("transplanted", ["2026-03-01", TODAY])


def test_a_change_needs_its_reason_and_stands_in_the_trail_field_by_field(
    chen: FlaskClient, db: Database, who: People
) -> None:
    lin = str(who.lin.participant_id)
    assert chen.patch(f"{PARTICIPANTS}/{lin}", json={"display_unit": "mg/dL"}).status_code == 422
    changed = change(chen, lin, display_unit="mg/dL", zone="Europe/Berlin", treated_by_carer=False)
    assert (changed.json["display_unit"], changed.json["zone"]) == ("mg/dL", "Europe/Berlin")
    rows = list(
        db.query(
            "select field, old, new, reason, actor_id from audit where stream = :s and action = 'change'"
            " and at = :at order by seq",
            {"s": audit.participant_stream(lin), "at": "2026-03-02T04:00:00.000Z"},
        )
    )
    assert [(row["field"], row["old"], row["new"]) for row in rows] == [
        ("display_unit", "mmol/L", "mg/dL"), ("zone", "Asia/Shanghai", "Europe/Berlin"),
    ]  # fmt: skip
    assert {(row["reason"], row["actor_id"]) for row in rows} == {
        ("as told on the telephone", who.chen.account_id)
    }


def test_identity_changes_are_told_but_no_name_or_birth_day_is_in_the_trail(
    chen: FlaskClient, db: Database
) -> None:
    made = enrolled(chen, ADULT)
    changed = change(
        chen, made["id"], name="Jun Ma-Li", phone=None, email="new@example.org", birth_day="1990-02-04"
    )
    assert changed.json["identity"] == {
        "name": "Jun Ma-Li", "phone": None, "email": "new@example.org", "birth_day": "1990-02-04"
    }  # fmt: skip
    trail = list(db.query("select * from audit"))
    told = {row["field"] for row in trail if row["object"] == "identity" and row["object_id"] == made["id"]}
    assert told == {"name", "phone", "email", "birth_day"}
    everything = " ".join(str(value) for row in trail for value in row.values())
    for value in (
        "Jun Ma",
        "137 0000",
        "example.org/jun",
        "jun@example.org",
        "new@",
        "1990-02",
        "林",
        "陈梅",
    ):
        assert value not in everything, value
    kept = identities.versions(db, made["id"])
    assert [(row["name"], row["birth_day"]) for row in kept] == [
        ("Jun Ma", "1990-02-03"), ("Jun Ma-Li", "1990-02-04"),
    ]  # fmt: skip


def test_a_birth_day_is_not_moved_to_where_the_consent_would_not_hold(chen: FlaskClient, who: People) -> None:
    yu = str(who.yu.participant_id)
    assert "birth_day" in change(chen, yu, birth_day="2000-06-15").json["fields"]
    assert "birth_day" in change(chen, yu, birth_day="2024-06-15").json["fields"]
    assert change(chen, yu, birth_day="2010-06-16").status_code == 200


def test_the_monitor_learns_no_name_phone_e_mail_or_birth_day(
    client_for: ClientFor, who: People, db: Database
) -> None:
    park = client_for(who.park)
    texts = [park.get(PARTICIPANTS).get_data(as_text=True)]
    for person in (who.lin, who.an, who.yu):
        for path in ("", "/schedules", "/entries", "/refusals"):
            answer = park.get(f"{PARTICIPANTS}/{person.participant_id}{path}")
            assert answer.status_code == 200
            texts.append(answer.get_data(as_text=True))
    texts.append(park.get("/api/site/audit").get_data(as_text=True))
    texts.append(park.get("/api/site/alerts").get_data(as_text=True))
    seen = "\n".join(texts).encode().decode("unicode_escape", "replace") + "\n".join(texts)
    persons = list(
        db.query("select i.*, p.birth_day from identities i left join participants p on p.id = i.holder_id")
    )
    assert len(persons) >= 6
    for row in persons:
        for value in (row["name"], row["phone"], row["email"], row["birth_day"]):
            assert value is None or value not in seen, value
    assert '"age_years"' in seen and "S001" in seen


def test_coordinator_and_investigator_see_names(client_for: ClientFor, who: People) -> None:
    for person in (who.chen, who.zhao):
        row = client_for(person).get(f"{PARTICIPANTS}/{who.an.participant_id}").json
        assert row["identity"]["name"] == who.an.name and row["guardians"][0]["name"] == who.mei.name


def test_the_overview_shows_what_is_open(chen: FlaskClient, who: People) -> None:
    rows = {row["subject_no"]: row for row in chen.get(PARTICIPANTS).json["participants"]}
    assert list(rows) == ["S001", "S002", "S003"]
    assert rows["S001"]["state"] == "transplanted" and rows["S001"]["transplant_days"] == ["2025-12-02"]
    assert rows["S001"]["open_alerts"] == {"page": 0, "desk": 0} and rows["S001"]["last_contact_at"] is None


def test_a_lost_phone_is_signed_out(chen: FlaskClient, client_for: ClientFor, who: People) -> None:
    lost, kept, mothers = client_for(who.an), client_for(who.an), client_for(who.mei)
    url = f"{PARTICIPANTS}/{who.an.participant_id}/sessions"
    assert lost.get("/api/me").status_code == 200
    listed = chen.get(url).json["sessions"]
    assert sorted(row["login"] for row in listed) == ["S002", "S002", "S002-G1"]
    with lost.session_transaction() as cookie:
        lost_id = cookie["_user_id"]
    assert chen.post(f"{url}/{lost_id}/revoke", json={"reason": "left in a taxi"}).status_code == 204
    assert lost.get("/api/me").status_code == 401
    assert kept.get("/api/me").status_code == mothers.get("/api/me").status_code == 200
    assert len(chen.get(url).json["sessions"]) == 2


def test_another_participants_session_is_not_revoked_from_here(
    chen: FlaskClient, client_for: ClientFor, who: People
) -> None:
    lin = client_for(who.lin)
    with lin.session_transaction() as cookie:
        session_id = cookie["_user_id"]
    url = f"{PARTICIPANTS}/{who.an.participant_id}/sessions/{session_id}/revoke"
    assert chen.post(url, json={"reason": "no such thing"}).status_code == 404
    assert lin.get("/api/me").status_code == 200


def test_a_meter_is_with_one_person_at_a_time_and_may_come_back(chen: FlaskClient, who: People) -> None:
    def give(participant_id: str | None, serial: str) -> Any:
        return chen.post(f"{PARTICIPANTS}/{participant_id}/meters", json={"serial": serial})

    lin, an = who.lin.participant_id, who.an.participant_id
    assert give(lin, "GL-1").status_code == 201
    assert give(an, "GL-1").json["code"] == give(lin, "GL-1").json["code"] == "meter_taken"
    second = give(lin, "GL-2").json["meters"]
    assert {meter["serial"]: meter["returned_day"] for meter in second} == {"GL-1": TODAY, "GL-2": None}
    assert give(an, "GL-1").status_code == 201
    assert give(an, "GL-3").status_code == 201
    back = give(lin, "GL-1").json["meters"]
    assert {meter["serial"]: meter["returned_day"] for meter in back} == {"GL-1": None, "GL-2": TODAY}


def test_every_write_keeps_the_chains_whole(chen: FlaskClient, db: Database, who: People) -> None:
    made = enrolled(chen, CHILD, meter={"serial": "GL-9"})
    code_of(chen, made["id"])
    change(chen, made["id"], language="en", name="Hu Xiao")
    by_stream: dict[str, list[dict[str, Any]]] = {}
    for row in db.query("select * from audit order by stream, seq"):
        by_stream.setdefault(row["stream"], []).append(row)
    assert len(by_stream) > 5
    for rows in by_stream.values():
        previous = audit.GENESIS
        for number, row in enumerate(rows, start=1):
            assert (row["seq"], row["prev_hash"], row["hash"]) == (number, previous, audit.row_hash(row))
            previous = row["hash"]


def test_consent_days_long_past_are_fine(chen: FlaskClient) -> None:
    day = date(2026, 3, 2) - timedelta(days=700)
    assert enrol(chen, ADULT, consent={"version": "1.0", "day": day.isoformat()}).status_code == 201
