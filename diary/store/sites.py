"""The hospitals that take part."""

from datetime import datetime
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.store import audit
from diary.store.actors import SYSTEM, Actor
from diary.study import Study


def add(db: Database, actor: Actor, now: datetime, *, name: str, zone: str) -> Row:
    """A new site; ConflictError `site_taken` when one of this name is there."""
    site = {"id": str(uuid4()), "name": name, "zone": zone, "created_at": clock.to_text(now)}
    with db.atomic():
        done = db.execute(
            "insert into sites (id, name, zone, created_at) values (:id, :name, :zone, :created_at)"
            " on conflict (name) do nothing",
            site,
        )
        if not done.rowcount:
            raise ConflictError("site_taken", {"name": name})
        audit.created(db, audit.site_stream(site["id"]), actor, now, "site", site["id"], site)
    return site


def get(db: Database, site_id: str) -> Row:
    site = one(db, "select * from sites where id = :id", {"id": site_id})
    if site is None:
        raise NotFoundError
    return site


def list_all(db: Database) -> list[Row]:
    return list(db.query("select * from sites order by name"))


def ensure_first(db: Database, study: Study, now: datetime) -> str:
    """The id of the study's first site, which is made on the first start."""
    with db.atomic():
        db.lock("sites")
        first = one(db, "select id from sites order by created_at, id limit 1")
        site = first or add(db, SYSTEM, now, name=study.site.name, zone=study.site.zone)
    return str(site["id"])
