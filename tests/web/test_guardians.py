"""Guardians: linked to a child with consent, until it ends or the child is of age."""

from flask import Flask

from tests.people import NOW, PIN, People
from tests.web.browsing import Browser, browser
from tests.web.conftest import ClientFor, Clock
from tests.web.taking_in import CHILD, PARTICIPANTS, code_of, enrol, enrolled


def test_another_childs_guardian_gets_no_code_here(chen: Browser, who: People) -> None:
    made = enrolled(chen, CHILD)
    assert code_of(chen, made["id"], guardian_id=who.mei.account_id).status_code == 404
    assert code_of(chen, made["id"], guardian_id=who.lin.account_id).status_code == 404


def test_one_guardian_may_have_two_children(chen: Browser, client_for: ClientFor, who: People) -> None:
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
    chen: Browser, client_for: ClientFor, who: People, app: Flask
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
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    sibling = {"account_id": who.mei.account_id, "relation": "mother", "consent": CHILD["assent"]}
    enrolled(chen, CHILD, guardians=[sibling])
    mei = client_for(who.mei)
    chen.post(
        f"{PARTICIPANTS}/{who.an.participant_id}/guardians/{who.mei.account_id}/end", json={"reason": "x y"}
    )
    assert [own["subject_no"] for own in mei.get("/api/me").json["participants"]] == ["S008"]


def test_at_18_the_guardians_access_ends_and_consent_of_ones_own_is_asked_for(
    chen: Browser, client_for: ClientFor, who: People, time: Clock
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
