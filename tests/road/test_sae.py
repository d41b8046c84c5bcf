"""AE or SAE: a closed alert of which nobody decided is found again, and decided with a sentence."""

from typing import Any

from tests.people import NOW, People
from tests.phone import Desk, Phone, reading


def resolved(desk: Desk, phone: Phone, sae: str | None) -> str:
    phone.put(reading(NOW, "2.4", 5))
    (alert,) = desk.alerts()
    body = {"resolution": "called, is well", **({"sae": sae} if sae else {})}
    assert desk.post(f"/alerts/{alert['id']}/resolve", body).status_code == 200
    return str(alert["id"])


def test_an_undecided_one_is_listed_and_decided_later(desk: Desk, phone: Phone) -> None:
    alert_id = resolved(desk, phone, "undecided")
    (open_,) = desk.alerts(sae="undecided")
    assert (open_["id"], open_["state"], open_["sae_at"]) == (alert_id, "resolved", None)
    assert open_["seen_at"] is not None, "the 24 hours run from there"
    decided = desk.post(f"/alerts/{alert_id}/sae", {"sae": "yes", "reason": "He was taken to hospital."})
    assert (decided.json["sae"], decided.json["sae_reason"]) == ("yes", "He was taken to hospital.")
    assert (decided.json["sae_by_name"], decided.json["resolution"]) == ("Dr Chen", "called, is well")
    assert desk.alerts(sae="undecided") == []
    rows = [row for row in desk.get("/audit", object_id=alert_id)["rows"] if row["field"] == "sae"]
    assert [(row["old"], row["new"], row["reason"]) for row in rows if row["old"]] == [
        ("undecided", "yes", "He was taken to hospital.")
    ]


def test_what_was_decided_can_be_decided_anew_and_both_stay(desk: Desk, phone: Phone) -> None:
    alert_id = resolved(desk, phone, "no")
    decided = desk.post(f"/alerts/{alert_id}/sae", {"sae": "yes", "reason": "The ward has written."})
    assert (decided.status_code, decided.json["sae"]) == (200, "yes")
    rows = [row for row in desk.get("/audit", object_id=alert_id)["rows"] if row["field"] == "sae"]
    assert {(row["old"], row["new"]) for row in rows} == {(None, "no"), ("no", "yes")}


def test_an_open_alert_is_decided_by_whoever_closes_it(desk: Desk, phone: Phone) -> None:
    phone.put(reading(NOW, "2.4", 5))
    (alert,) = desk.alerts()
    early = desk.post(f"/alerts/{alert['id']}/sae", {"sae": "yes", "reason": "surely"})
    assert (early.status_code, early.json["code"]) == (409, "alert_not_resolved")


def test_a_decision_needs_its_sentence_and_somebody_who_may(
    desk: Desk, phone: Phone, client_for: Any, who: People
) -> None:
    alert_id = resolved(desk, phone, "undecided")
    mute = desk.post(f"/alerts/{alert_id}/sae", {"sae": "yes", "reason": "  "})
    assert (mute.status_code, list(mute.json["fields"])) == (422, ["reason"])
    monitor = Desk(client_for(who.park), desk.participant_id)
    assert monitor.post(f"/alerts/{alert_id}/sae", {"sae": "no", "reason": "x"}).status_code == 403
    zhao = Desk(client_for(who.zhao), desk.participant_id)
    assert zhao.post(f"/alerts/{alert_id}/sae", {"sae": "no", "reason": "A low."}).json["sae"] == "no"


def test_an_alert_that_opens_again_keeps_what_was_decided_until_it_is_closed(
    desk: Desk, phone: Phone
) -> None:
    alert_id = resolved(desk, phone, "undecided")
    desk.post(f"/alerts/{alert_id}/sae", {"sae": "yes", "reason": "He was taken to hospital."})
    phone.put(reading(NOW, "2.5", 2))
    (alert,) = desk.alerts()
    assert (alert["state"], alert["sae"]) == ("open", "yes")
    again = desk.post(f"/alerts/{alert_id}/resolve", {"resolution": "well again"})
    assert (again.json["sae"], again.json["sae_reason"]) == ("yes", "He was taken to hospital.")


def test_silence_leaves_it_undecided_also_after_an_earlier_no(desk: Desk, phone: Phone) -> None:
    alert_id = resolved(desk, phone, None)
    assert [alert["id"] for alert in desk.alerts(sae="undecided")] == [alert_id]
    desk.post(f"/alerts/{alert_id}/sae", {"sae": "no", "reason": "A low, treated at home."})
    phone.put(reading(NOW, "2.5", 2))
    again = desk.post(f"/alerts/{alert_id}/resolve", {"resolution": "well again"})
    assert (again.json["sae"], again.json["sae_reason"]) == ("undecided", None)
