"""The printed page: for a code that is still open, of this participant's people only."""

from typing import Any

import pytest

from diary.export import leaflet
from tests.people import People
from tests.web.conftest import ClientFor

pytestmark = pytest.mark.skipif(
    not leaflet.FONT.is_file(), reason="the packages of the apps are not installed"
)


def issue(desk: Any, participant_id: str | None, **more: str) -> str:
    made = desk.post(f"/api/site/participants/{participant_id}/activation-codes", json=more)
    assert made.status_code == 201
    return str(made.json["code"])


def test_the_page_is_a_pdf_that_is_not_kept_anywhere(client_for: ClientFor, who: People) -> None:
    desk = client_for(who.chen)
    code = issue(desk, who.an.participant_id, guardian_id=who.mei.account_id)
    answer = desk.post(f"/api/site/participants/{who.an.participant_id}/leaflet", json={"code": code})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-") and len(answer.data) < 200_000
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"diary-{who.mei.login}.pdf" in answer.headers["Content-Disposition"]


def test_another_participants_code_a_used_one_and_a_wrong_one_print_nothing(
    client_for: ClientFor, who: People
) -> None:
    desk = client_for(who.chen)
    code = issue(desk, who.lin.participant_id)
    path = f"/api/site/participants/{who.an.participant_id}/leaflet"
    assert desk.post(path, json={"code": code}).status_code == 404
    assert desk.post(path, json={"code": "AAAAA-AAAAA"}).status_code == 404
    newer = issue(desk, who.lin.participant_id)
    own = f"/api/site/participants/{who.lin.participant_id}/leaflet"
    assert desk.post(own, json={"code": code}).status_code == 404
    assert desk.post(own, json={"code": newer}).status_code == 200


@pytest.mark.parametrize("first", ["zh-CN", "en"])
def test_every_letter_of_both_languages_is_in_the_font(first: str) -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    known = set(TTFont(leaflet.FONT).getBestCmap())
    said = {char for words in leaflet._words().values() for text in words.values() for char in text}
    assert {char for char in said if ord(char) not in known and char != "\n"} == set()
    page = leaflet.render(
        leaflet.Leaflet("S007", "K7QF2-M9XTP", "https://diary.example.org/#/activate?code=K7QF2-M9XTP",
                        "https://diary.example.org", "2026-11-25 18:00", ""), first
    )  # fmt: skip
    assert page.count(b"/Type /Page\n") == 1


def test_the_words_are_complete_in_both_languages() -> None:
    for key, words in leaflet._words().items():
        assert set(words) == {"zh-CN", "en"}, key


def test_without_the_font_the_answer_says_what_to_do(
    client_for: ClientFor, who: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(leaflet, "FONT", tmp_path / "none.ttf")
    desk = client_for(who.chen)
    code = issue(desk, who.lin.participant_id)
    answer = desk.post(f"/api/site/participants/{who.lin.participant_id}/leaflet", json={"code": code})
    assert (answer.status_code, (answer.json or {})["code"]) == (409, "leaflet_unready")
