from __future__ import annotations

from typing import get_args

from diary.rules.roles import (
    MAY,
    ROLES,
    ZONES,
    Action,
    Role,
    Zone,
    hides_contraception,
    is_allowed,
    may_enter,
)

READING_ACTIONS = {"see_participants", "see_audit"}


def allowed(role: Role) -> set[Action]:
    return {action for action in get_args(Action) if is_allowed(role, action)}


def test_every_action_and_zone_is_in_the_tables_and_somebody_may_do_it() -> None:
    assert set(MAY) == set(get_args(Action))
    assert set(ZONES) == set(get_args(Zone))
    assert set(ROLES) == set(get_args(Role))
    assert all(MAY.values())


def test_the_monitor_only_reads_and_never_a_name() -> None:
    assert allowed("monitor") == READING_ACTIONS


def test_the_administrator_sees_no_clinical_data() -> None:
    assert allowed("administrator") == {
        "manage_accounts",
        "make_backup",
        "operate",
        "keep_own_channels",
    }
    assert not may_enter("administrator", "site")


def test_a_guardian_does_what_the_participant_does_but_for_contraception() -> None:
    assert allowed("participant") - allowed("guardian") == {"see_contraception"}
    assert allowed("guardian") <= allowed("participant")


def test_only_the_investigator_signs_locks_and_decides() -> None:
    only = allowed("investigator") - allowed("coordinator")
    assert only == {
        "end_schedule_after_study",
        "decide_review",
        "review",
        "sign",
        "lock",
        "unlock",
        "certified_copy",
    }


def test_enrolling_codes_and_schedules_are_the_coordinators() -> None:
    for action in ("enrol", "issue_code", "set_schedule"):
        assert MAY[action] == {"coordinator"}


def test_each_role_stands_in_one_zone_besides_the_public_one() -> None:
    for role in ROLES:
        assert len([zone for zone in get_args(Zone) if may_enter(role, zone)]) == 2
        assert may_enter(role, "public")
        assert not may_enter(role, "device")


def test_contraception_is_seen_by_the_participant_and_the_site_alone() -> None:
    assert {role for role in ROLES if hides_contraception(role)} == {"guardian", "monitor", "administrator"}
