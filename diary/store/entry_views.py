"""Entries as people look at them: each version beside what counts now."""

from collections.abc import Sequence

from diary.db import Database, Row
from diary.store import pages

_VIEW = """
    select e.*, d.decision, d.source_note as decision_note, d.decided_at, d.decided_by,
        case when h.entry_id = e.id then 1 else 0 end as is_current,
        h.severe as head_severe, h.basis as head_basis, h.ada_level as head_ada_level,
        h.in_summaries as head_in_summaries, h.episode_id as head_episode_id, h.state as head_state,
        h.pending_id
    from entries e
    join entry_heads h on h.root_id = e.root_id
    left join entry_decisions d on d.entry_id = e.id
"""


def list_by_ids(db: Database, participant_id: str, entry_ids: Sequence[str]) -> list[Row]:
    """These versions of the participant, oldest arrival first."""
    if not entry_ids:
        return []
    names = {f"id{i}": entry_id for i, entry_id in enumerate(entry_ids)}
    holders = ", ".join(f":{name}" for name in names)
    return list(
        db.query(
            f"{_VIEW} where e.participant_id = :p and e.id in ({holders}) order by e.received_at, e.id",
            {"p": participant_id, **names},
        )
    )


def list_at_site(db: Database, site_id: str, entry_ids: Sequence[str]) -> list[Row]:
    """These versions of any of the site's participants."""
    names = {f"id{i}": entry_id for i, entry_id in enumerate(entry_ids)}
    holders = ", ".join(f":{name}" for name in names)
    return list(
        db.query(
            f"{_VIEW} join participants p on p.id = e.participant_id"
            f" where p.site_id = :site and e.id in ({holders})",
            {"site": site_id, **names},
        )
    )


def list_named(db: Database, site_id: str, entry_ids: Sequence[str]) -> list[Row]:
    """What counts now of the chains that these versions stand in, each with the id it was `named` by."""
    names = {f"id{i}": entry_id for i, entry_id in enumerate(entry_ids)}
    holders = ", ".join(f":{name}" for name in names)
    return list(
        db.query(
            f"{_VIEW.replace('e.*', 'e.*, n.id as named')} join entries n on n.root_id = e.root_id"
            " join participants p on p.id = e.participant_id"
            f" where p.site_id = :site and e.id = h.entry_id and n.id in ({holders})",
            {"site": site_id, **names},
        )
    )


def list_current(
    db: Database, participant_id: str, *, first_day: str | None, last_day: str | None, kind: str | None,
    held: bool, hide_contraception: bool, before: str | None, limit: int,
) -> list[Row]:  # fmt: skip
    """What counts (or, `held`, what waits for staff), newest first; days are local and inclusive."""
    which = "e.id = h.pending_id" if held else "e.id = h.entry_id"
    return list(
        db.query(
            f"{_VIEW} where e.participant_id = :p and {which}"
            " and (cast(:first as text) is null or e.local_day >= :first)"
            " and (cast(:last as text) is null or e.local_day <= :last)"
            " and (cast(:kind as text) is null or e.kind = :kind)"
            " and (:hide = 0 or e.kind not in ('contraception', 'pregnancy_test'))"
            " and (e.occurred_at, e.id) < (:at, :key) order by e.occurred_at desc, e.id desc limit :limit",
            {"p": participant_id, "first": first_day, "last": last_day, "kind": kind,
             "hide": int(hide_contraception), "limit": limit, **pages.place(before)},
        )
    )  # fmt: skip


def list_chain(db: Database, participant_id: str, entry_id: str) -> list[Row]:
    """Every version of the chain that this version stands in, oldest first."""
    return list(
        db.query(
            f"{_VIEW} where e.participant_id = :p and e.root_id ="
            " (select root_id from entries where id = :id and participant_id = :p) order by e.version",
            {"p": participant_id, "id": entry_id},
        )
    )


def names_of(db: Database, account_ids: Sequence[str]) -> dict[str, str]:
    """Names by account, a participant's account by the participant's name; for readers who may see names."""
    names = {f"id{i}": account_id for i, account_id in enumerate(account_ids)}
    rows = db.query(
        "select a.id, i.name from accounts a"
        " join identities i on i.holder_id = coalesce(a.participant_id, a.id)"
        f" where a.id in ({', '.join(':' + name for name in names)})",
        names,
    )
    return {row["id"]: row["name"] for row in rows}
