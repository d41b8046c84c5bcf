"""What is known of a participant: changed with a reason, and what each role sees of it."""

from typing import Any

from diary.db import Database
from diary.store import audit, identities
from diary.web.site.participant_answers import ParticipantAnswer
from tests.people import People
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor
from tests.web.taking_in import ADULT, CHILD, PARTICIPANTS, TODAY, change, code_of, enrolled


def test_a_transplantation_is_recorded_with_its_days(chen: Browser) -> None:
    made = enrolled(chen, ADULT, fertile=False)
    change(chen, made["id"], state="enrolled")
    ahead = change(chen, made["id"], state="transplanted", transplant_days=["2026-03-03"])
    assert "transplant_days" in ahead.json["fields"]
    done = change(chen, made["id"], state="transplanted", transplant_days=["2026-03-02", "2026-03-01", TODAY])
    assert (done.json["state"], done.json["transplant_days"]) == ("transplanted", ["2026-03-01", TODAY])


def test_a_change_needs_its_reason_and_stands_in_the_trail_field_by_field(
    chen: Browser, db: Database, who: People
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
    chen: Browser, db: Database
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


def test_a_birth_day_is_not_moved_to_where_the_consent_would_not_hold(chen: Browser, who: People) -> None:
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


def test_the_overview_shows_what_is_open(chen: Browser, who: People) -> None:
    rows = {row["subject_no"]: row for row in chen.get(PARTICIPANTS).json["participants"]}
    assert list(rows) == ["S001", "S002", "S003"]
    assert rows["S001"]["state"] == "transplanted" and rows["S001"]["transplant_days"] == ["2025-12-02"]
    assert rows["S001"]["open_alerts"] == {"page": 0, "desk": 0} and rows["S001"]["last_contact_at"] is None


def test_the_overview_says_of_each_what_its_own_page_says(
    client_for: ClientFor, db: Database, who: People
) -> None:
    """Also of a child who has come of age and has not agreed itself yet."""
    with db.atomic():
        db.execute(
            "update participants set birth_day = '2001-01-01' where id = :p", {"p": who.an.participant_id}
        )
    for person in (who.chen, who.park):
        browser = client_for(person)
        rows = browser.get(PARTICIPANTS).json["participants"]
        for row in rows:
            own = browser.get(f"{PARTICIPANTS}/{row['id']}").json
            assert {name: row[name] for name in ParticipantAnswer().fields} == {
                name: own[name] for name in ParticipantAnswer().fields
            }
        assert [row["reconsent_due"] for row in rows] == [False, True, False]
        assert all((row["identity"] is None) is (person is who.park) for row in rows)


def test_a_lost_phone_is_signed_out(chen: Browser, client_for: ClientFor, who: People) -> None:
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
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    lin = client_for(who.lin)
    with lin.session_transaction() as cookie:
        session_id = cookie["_user_id"]
    url = f"{PARTICIPANTS}/{who.an.participant_id}/sessions/{session_id}/revoke"
    assert chen.post(url, json={"reason": "no such thing"}).status_code == 404
    assert lin.get("/api/me").status_code == 200


def test_a_meter_is_with_one_person_at_a_time_and_may_come_back(chen: Browser, who: People) -> None:
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


def test_every_write_keeps_the_chains_whole(chen: Browser, db: Database, who: People) -> None:
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
