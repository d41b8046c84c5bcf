"""An adult and a child to be taken in, and what a coordinator does with them."""

from typing import Any

from tests.web.browsing import Browser

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


def enrol(client: Browser, body: dict[str, Any], **more: Any) -> Any:
    return client.post(PARTICIPANTS, json={**body, **more})


def enrolled(client: Browser, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = enrol(client, body, **more)
    assert answer.status_code == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


def change(client: Browser, participant_id: str, **new: Any) -> Any:
    return client.patch(
        f"{PARTICIPANTS}/{participant_id}", json={"reason": "as told on the telephone", **new}
    )


def code_of(client: Browser, participant_id: str, **who: str) -> Any:
    return client.post(f"{PARTICIPANTS}/{participant_id}/activation-codes", json=who)
