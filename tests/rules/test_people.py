"""PINs, logins, consent and states: what the rules answer."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diary.rules import participation, pins
from diary.rules.participation import Consent, State

ADULT_AGE = 18
BIRTH_DAY = date(2010, 6, 15)
BEFORE, AFTER = date(2028, 6, 14), date(2028, 6, 15)


@given(st.text(max_size=20))
def test_a_pin_that_passes_is_4_to_12_plain_digits_with_at_least_two_different_steps(text: str) -> None:
    pin = pins.normal_pin(text)
    if pins.pin_fault(pin) is None:
        assert pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12
        assert pin not in "01234567890123456789" and pin[::-1] not in "01234567890123456789"
        assert len(set(pin)) > 1


@pytest.mark.parametrize("pin", ["2580", "1122", "1357", "0000001", "121212", "1235", "90210"])
def test_a_pin_that_is_no_run_and_not_one_digit_will_do(pin: str) -> None:
    assert pins.pin_fault(pin) is None


@example("J\u030c")
@given(st.text(max_size=50))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert pins.normal_login(pins.normal_login(text)) == pins.normal_login(text)
    assert pins.normal_pin(pins.normal_pin(text)) == pins.normal_pin(text)
    assert pins.normal_password(pins.normal_password(text)) == pins.normal_password(text)


@pytest.mark.parametrize(
    ("typed", "login"),
    [("s007", "S007"), ("s007-g1", "S007-G1"), ("Ｓ００７", "S007"), ("Lin@Example.ORG", "lin@example.org"),
     ("S7", "s7"), ("s007-x", "s007-x")],
)  # fmt: skip
def test_a_login_has_one_form(typed: str, login: str) -> None:
    assert pins.normal_login(typed) == login


@pytest.mark.parametrize(
    ("password", "fault"),
    [("x" * 11, "password_short"), ("abc" * 67, "password_long"), ("x" * 12, "password_same"),
     ("twelve chars", None), ("abcd" * 50, None)],
)  # fmt: skip
def test_a_password_is_judged_by_its_length(password: str, fault: str | None) -> None:
    assert pins.password_fault(password) == fault


ASSENT = Consent("child_assent", date(2025, 12, 1), "1")
BY_FATHER = Consent("guardian", date(2025, 12, 1), "1", "father")
OWN = Consent("participant", AFTER, "1")
OWN_AS_CHILD = Consent("participant", BEFORE, "1")


@pytest.mark.parametrize(
    ("consents", "guardians", "today", "fault"),
    [
        ([ASSENT, BY_FATHER], {"father"}, BEFORE, None),
        ([BY_FATHER], {"father"}, BEFORE, "assent_missing"),
        ([ASSENT], {"father"}, BEFORE, "guardian_consent_missing"),
        ([ASSENT, BY_FATHER], set(), BEFORE, "guardian_consent_missing"),
        ([ASSENT, BY_FATHER], {"mother"}, BEFORE, "guardian_consent_missing"),
        ([ASSENT, BY_FATHER], {"father"}, AFTER, "consent_missing"),
        ([ASSENT, BY_FATHER, OWN_AS_CHILD], {"father"}, AFTER, "consent_missing"),
        ([ASSENT, BY_FATHER, OWN], {"father"}, AFTER, None),
        ([], set(), AFTER, "consent_missing"),
    ],
)
def test_no_account_opens_before_the_consent_that_the_age_asks_for(
    consents: list[Consent], guardians: set[str], today: date, fault: str | None
) -> None:
    found = participation.own_account_fault(BIRTH_DAY, today, ADULT_AGE, consents, frozenset(guardians))
    assert found == fault
    assert participation.reconsent_due(BIRTH_DAY, today, ADULT_AGE, consents) == (fault == "consent_missing")


@pytest.mark.parametrize("new", participation.STATES)
@pytest.mark.parametrize("old", participation.STATES)
def test_nobody_enters_the_study_without_known_fertility_and_a_negative_test(old: State, new: State) -> None:
    unknown = participation.step_fault(
        old, new, sex="female", fertile=None, premenopausal=None, newest_pregnancy_test=None,
        has_transplant_day=True,
    )  # fmt: skip
    untested = participation.step_fault(
        old, new, sex="female", fertile=True, premenopausal=True, newest_pregnancy_test="positive",
        has_transplant_day=True,
    )  # fmt: skip
    if old in ("screening", "withdrawn") and new in participation.IN_STUDY:
        assert unknown is not None and untested is not None
    assert participation.may_step(old, new) or unknown == untested == "state_step"


@pytest.mark.parametrize(
    ("today", "fertile", "approved", "asked"),
    [
        (date(2024, 6, 14), True, True, False),
        (date(2024, 6, 15), True, True, True),
        (date(2024, 6, 15), True, False, False),
        (date(2024, 6, 15), False, True, False),
        (BEFORE, True, False, False),
        (AFTER, True, False, True),
        (AFTER, None, True, False),
    ],
)
def test_contraception_is_asked_from_14_with_approval_and_from_18_without(
    today: date, fertile: bool | None, approved: bool, asked: bool
) -> None:
    found = participation.may_ask_contraception(
        BIRTH_DAY, today, fertile=fertile, min_age=14, adult_age=ADULT_AGE, minors_approved=approved
    )
    assert found is asked
