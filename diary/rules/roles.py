"""Roles: who may enter which zone and do what (STUDY.md 2), as one table that a person can read."""

from __future__ import annotations

from typing import Final, Literal

Role = Literal["participant", "guardian", "coordinator", "investigator", "monitor", "administrator"]
# The worker and the first start: nobody signed in, so no zone and no action are theirs.
System = Literal["system"]
Zone = Literal["public", "patient", "site", "admin", "device"]
Action = Literal[
    "write_own_entries",
    "see_own_data",
    "receive_reminders",
    "enrol",
    "issue_code",
    "set_schedule",
    "end_schedule",
    "decide_zone_change",
    "end_schedule_after_study",
    "see_participants",
    "see_names",
    "see_contraception",
    "record_staff_entry",
    "correct_entry",
    "accept_held_entry",
    "acknowledge_alert",
    "resolve_alert",
    "decide_sae",
    "plan_visit",
    "set_roster",
    "keep_own_channels",
    "keep_contact_channels",
    "close_call",
    "decide_review",
    "raise_query",
    "close_query",
    "answer_query",
    "import_meter_file",
    "see_audit",
    "review",
    "sign",
    "lock",
    "unlock",
    "export",
    "certified_copy",
    "manage_accounts",
    "make_backup",
    "operate",
]

ROLES: Final[tuple[Role, ...]] = (
    "participant",
    "guardian",
    "coordinator",
    "investigator",
    "monitor",
    "administrator",
)

# The device zone knows an upload token only, so no role stands in it.
ZONES: Final[dict[Zone, frozenset[Role]]] = {
    "public": frozenset(ROLES),
    "patient": frozenset({"participant", "guardian"}),
    "site": frozenset({"coordinator", "investigator", "monitor"}),
    "admin": frozenset({"administrator"}),
    "device": frozenset(),
}

_OWN: Final[frozenset[Role]] = frozenset({"participant", "guardian"})
_SITE: Final[frozenset[Role]] = frozenset({"coordinator", "investigator"})
_READERS: Final[frozenset[Role]] = _SITE | {"monitor"}
_COORDINATOR: Final[frozenset[Role]] = frozenset({"coordinator"})
_INVESTIGATOR: Final[frozenset[Role]] = frozenset({"investigator"})
_ADMINISTRATOR: Final[frozenset[Role]] = frozenset({"administrator"})

MAY: Final[dict[Action, frozenset[Role]]] = {
    "write_own_entries": _OWN,
    "see_own_data": _OWN,
    "receive_reminders": _OWN,
    "answer_query": _OWN | _SITE,
    "enrol": _COORDINATOR,
    "issue_code": _COORDINATOR,
    "set_schedule": _COORDINATOR,
    "end_schedule": _SITE,
    "decide_zone_change": _SITE,
    # Withdrawal does not end medication reminders, the graft still needs them (STUDY.md 6).
    "end_schedule_after_study": _INVESTIGATOR,
    "see_participants": _READERS,
    "see_names": _SITE,
    "see_contraception": _SITE | {"participant"},
    "record_staff_entry": _SITE,
    "correct_entry": _SITE,
    "accept_held_entry": _SITE,
    "acknowledge_alert": _SITE,
    "resolve_alert": _SITE,
    "decide_sae": _SITE,
    "plan_visit": _SITE,
    "set_roster": _SITE,
    "keep_own_channels": _SITE | _ADMINISTRATOR,
    "keep_contact_channels": _SITE,
    "close_call": _SITE,
    "decide_review": _INVESTIGATOR,
    "raise_query": _SITE,
    "close_query": _SITE,
    "import_meter_file": _SITE,
    "see_audit": _READERS,
    "review": _INVESTIGATOR,
    "sign": _INVESTIGATOR,
    "lock": _INVESTIGATOR,
    "unlock": _INVESTIGATOR,
    "export": _SITE,
    "certified_copy": _INVESTIGATOR,
    "manage_accounts": _ADMINISTRATOR,
    "make_backup": _ADMINISTRATOR,
    "operate": _ADMINISTRATOR,
}


def may_enter(role: Role | System, zone: Zone) -> bool:
    return role in ZONES[zone]


def is_allowed(role: Role | System, action: Action) -> bool:
    return role in MAY[action]


def hides_contraception(role: Role | System) -> bool:
    """Whether lists, counts, badges and exports for this role leave the contraception section out.

    STUDY.md 8: it is seen by the participant, the coordinator and the investigator, by nobody else.
    """
    return role not in MAY["see_contraception"]
