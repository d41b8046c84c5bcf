"""Who people are: names, telephones, e-mail, apart from everything clinical.

The trail says that a name changed, who changed it and why, and which version of the identity came of it.
The values themselves are in `identity_versions`, which no monitor reads and which can be removed when
the retention period of somebody who withdrew is over.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from diary import clock
from diary.db import Database, Row, one
from diary.store import audit
from diary.store.actors import Actor

FIELDS = ("name", "phone", "email")


def add(
    db: Database, actor: Actor, now: datetime, holder: Literal["participant", "account"], holder_id: str,
    *, name: str, phone: str | None, email: str | None, birth_day: str | None = None,
) -> None:  # fmt: skip
    """Keep somebody's first identity; the trail of the holder's creation stands for it."""
    at = clock.to_text(now)
    db.execute(
        "insert into identities (holder_id, holder, name, phone, email, updated_at)"
        " values (:id, :holder, :name, :phone, :email, :at)",
        {"id": holder_id, "holder": holder, "name": name, "phone": phone, "email": email, "at": at},
    )
    _add_version(db, actor, at, holder_id, 1, birth_day)


def get(db: Database, holder_id: str) -> Row | None:
    return one(db, "select name, phone, email from identities where holder_id = :id", {"id": holder_id})


def of_site(db: Database, site_id: str) -> dict[str, Row]:
    """The same of every participant of the site, by id."""
    rows = db.query(
        "select i.holder_id, i.name, i.phone, i.email from identities i"
        " join participants p on p.id = i.holder_id where p.site_id = :site",
        {"site": site_id},
    )
    return {row.pop("holder_id"): row for row in rows}


def change(
    db: Database, actor: Actor, now: datetime, stream: str, holder_id: str, new: Mapping[str, str | None],
    *, birth_day: str | None = None, birth_day_changed: bool = False, reason: str,
) -> None:  # fmt: skip
    """Change the given fields; the trail gets one row per field that names versions, never values."""
    old = get(db, holder_id)
    if old is None:
        raise LookupError(f"no identity of {holder_id}")
    fields = [name for name in FIELDS if name in new and new[name] != old[name]]
    if fields:
        db.execute(
            "update identities set name = :name, phone = :phone, email = :email, updated_at = :at"
            " where holder_id = :id",
            {**old, **{name: new[name] for name in fields}, "at": clock.to_text(now), "id": holder_id},
        )
    if birth_day_changed:
        fields.append("birth_day")
    if not fields:
        return
    version = _last_version(db, holder_id) + 1
    _add_version(db, actor, clock.to_text(now), holder_id, version, birth_day)
    audit.changed(
        db, stream, actor, now, "identity", holder_id,
        [(name, f"version {version - 1}", f"version {version}") for name in fields], reason=reason,
    )  # fmt: skip


def versions(db: Database, holder_id: str) -> list[Row]:
    """What the identity said, oldest first; for people who may see names."""
    return list(
        db.query("select * from identity_versions where holder_id = :id order by version", {"id": holder_id})
    )


def _last_version(db: Database, holder_id: str) -> int:
    row = one(
        db, "select max(version) as last from identity_versions where holder_id = :id", {"id": holder_id}
    )
    return int(row["last"] or 0) if row else 0


def _add_version(
    db: Database, actor: Actor, at: str, holder_id: str, version: int, birth_day: str | None
) -> None:
    db.execute(
        "insert into identity_versions"
        " (holder_id, version, name, phone, email, birth_day, changed_at, changed_by)"
        " select holder_id, cast(:version as integer), name, phone, email, cast(:birth_day as text),"
        " cast(:at as text), cast(:by as text) from identities where holder_id = :id",
        {"version": version, "birth_day": birth_day, "at": at, "by": actor.id, "id": holder_id},
    )
