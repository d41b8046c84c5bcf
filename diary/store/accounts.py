"""Accounts: one per human, opened by a code, closed for good."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.pins import normal_login
from diary.rules.roles import Role
from diary.store import audit, codes, identities, sessions
from diary.store.actors import SYSTEM, Actor
from diary.study import Study

STAFF_ROLES: Final[tuple[Role, ...]] = ("coordinator", "investigator", "monitor", "administrator")
_STREAM: Final = audit.ACCOUNTS_STREAM


def add(
    db: Database, actor: Actor, now: datetime, *, role: Role, login: str, language: str,
    site_id: str | None, participant_id: str | None = None, secret_hash: str | None = None,
) -> Row:  # fmt: skip
    """An account, invited until somebody sets a secret; ConflictError `login_taken`."""
    account: Row = {
        "id": str(uuid4()), "role": role, "site_id": site_id, "participant_id": participant_id,
        "login": normal_login(login), "language": language, "secret_hash": secret_hash,
        "state": "open" if secret_hash else "invited", "created_at": clock.to_text(now),
    }  # fmt: skip
    done = db.execute(
        f"insert into accounts ({', '.join(account)}) values ({', '.join(':' + name for name in account)})"
        " on conflict (login) do nothing",
        account,
    )
    if not done.rowcount:
        raise ConflictError("login_taken", {"login": account["login"]})
    body = {name: value for name, value in account.items() if name != "secret_hash"}
    audit.created(db, _STREAM, actor, now, "account", account["id"], body)
    return account


def get(db: Database, account_id: str) -> Row:
    account = one(db, "select * from accounts where id = :id", {"id": account_id})
    if account is None:
        raise NotFoundError
    return account


def find_by_login(db: Database, login: str) -> Row | None:
    return one(db, "select * from accounts where login = :login", {"login": normal_login(login)})


def find_of_participant(db: Database, participant_id: str) -> Row | None:
    return one(db, "select * from accounts where participant_id = :p", {"p": participant_id})


def list_by_ids(db: Database, account_ids: Sequence[str]) -> list[Row]:
    """Role and login of these accounts; ids of other things are passed over."""
    if not account_ids:
        return []
    names = {f"id{i}": account_id for i, account_id in enumerate(account_ids)}
    holders = ", ".join(f":{name}" for name in names)
    return list(
        db.query(f"select id, role, login from accounts where id in ({holders}) order by login", names)
    )


def list_all(db: Database) -> list[Row]:
    """Every account, for the administrator: names of staff only, nobody's secret."""
    return list(
        db.query(
            "select a.id, a.role, a.site_id, a.login, a.language, a.state, a.created_at, a.closed_at,"
            " case when a.totp_secret is null then 0 else 1 end as second_factor,"
            " case when a.role in ('participant', 'guardian') then null else i.name end as name,"
            " (select max(s.last_seen_at) from sessions s where s.account_id = a.id) as last_seen_at"
            " from accounts a left join identities i on i.holder_id = a.id"
            " order by a.created_at, a.login"
        )
    )


def add_staff(
    db: Database, actor: Actor, study: Study, now: datetime, secret_key: str, *, role: Role, name: str,
    email: str, phone: str | None, language: str, site_id: str | None,
) -> tuple[Row, str, datetime]:  # fmt: skip
    """Invite a member of staff; answers the account, its activation code and when that ends."""
    with db.atomic():
        account = add(db, actor, now, role=role, login=email, language=language, site_id=site_id)
        identities.add(db, actor, now, "account", account["id"], name=name, phone=phone, email=email)
        code, expires_at = issue_code(db, actor, study, now, secret_key, account["id"], _STREAM)
    return account, code, expires_at


def issue_code(
    db: Database, actor: Actor, study: Study, now: datetime, secret_key: str, account_id: str, stream: str
) -> tuple[str, datetime]:
    """A fresh activation code for the account, told in the trail without the code."""
    code, expires_at = codes.issue(db, actor, study, now, secret_key, account_id)
    audit.happened(db, stream, actor, now, "issue_code", "account", account_id)
    return code, expires_at


def set_secret(db: Database, now: datetime, account: Row, secret_hash: str, language: str) -> None:
    """The holder chose a secret: the account is open, and every earlier sign-in of it ends."""
    db.lock(f"account:{account['id']}")
    account = get(db, account["id"])
    db.execute(
        "update accounts set secret_hash = :hash, state = 'open', language = :language where id = :id",
        {"hash": secret_hash, "language": language, "id": account["id"]},
    )
    holder = Actor(id=account["id"], role=account["role"], site_id=account["site_id"], language=language)
    sessions.revoke_all(db, holder, now, account["id"])
    audit.happened(db, _STREAM, holder, now, "set_secret", "account", account["id"])
    changes = [("state", account["state"], "open"), ("language", account["language"], language)]
    audit.changed(db, _STREAM, holder, now, "account", account["id"], changes)


def set_language(db: Database, actor: Actor, now: datetime, language: str) -> None:
    """The signed-in person reads another language from now on."""
    with db.atomic():
        # The trail names what the account says now, not what it said when the request began.
        db.lock(f"account:{actor.id}")
        before = get(db, str(actor.id))["language"]
        db.execute("update accounts set language = :l where id = :id", {"l": language, "id": actor.id})
        audit.changed(db, _STREAM, actor, now, "account", str(actor.id), [("language", before, language)])


def close(db: Database, actor: Actor, now: datetime, account_id: str, *, reason: str) -> Row:
    """Close an account from the next request on; ConflictError `last_administrator`, `account_closed`."""
    with db.atomic():
        db.lock("accounts:administrators")
        account = get(db, account_id)
        if account["state"] == "closed":
            raise ConflictError("account_closed")
        if account["role"] == "administrator" and account["state"] == "open":
            _keep_one_administrator(db)
        at = clock.to_text(now)
        db.execute(
            "update accounts set state = 'closed', closed_at = :at where id = :id",
            {"at": at, "id": account_id},
        )
        sessions.revoke_all(db, actor, now, account_id)
        codes.revoke(db, now, account_id)
        changes = [("state", account["state"], "closed"), ("closed_at", None, at)]
        audit.changed(db, _STREAM, actor, now, "account", account_id, changes, reason=reason)
    return get(db, account_id)


def _keep_one_administrator(db: Database) -> None:
    """Without one, nobody could make accounts again."""
    row = one(db, "select count(*) as n from accounts where role = 'administrator' and state = 'open'")
    if row is None or row["n"] < 2:
        raise ConflictError("last_administrator")


def change_staff(
    db: Database, actor: Actor, now: datetime, account_id: str, new: Mapping[str, str | None], *, reason: str
) -> Row:
    """Change role, site or identity of a member of staff; another role or site signs them out.

    ConflictError `not_staff`, `account_closed`, `last_administrator`.
    """
    with db.atomic():
        db.lock("accounts:administrators")
        account = get(db, account_id)
        if account["role"] not in STAFF_ROLES:
            raise ConflictError("not_staff")
        if account["state"] == "closed":
            raise ConflictError("account_closed")
        place = {name: new.get(name, account[name]) for name in ("role", "site_id")}
        if place["role"] == "administrator":
            place["site_id"] = None
        changes = [(name, account[name], value) for name, value in place.items() if value != account[name]]
        if account["role"] == "administrator" != place["role"] and account["state"] == "open":
            _keep_one_administrator(db)
        if changes:
            db.execute(
                "update accounts set role = :role, site_id = :site_id where id = :id",
                {**place, "id": account_id},
            )
            sessions.revoke_all(db, actor, now, account_id)
            audit.changed(db, _STREAM, actor, now, "account", account_id, changes, reason=reason)
        person = {name: value for name, value in new.items() if name in identities.FIELDS}
        if person:
            identities.change(db, actor, now, _STREAM, account_id, person, reason=reason)
    return get(db, account_id)


def setup_link(db: Database, study: Study, now: datetime, base_url: str, secret_key: str) -> str | None:
    """The administrator's one-time link; None once there is one. A new start revokes the older link."""
    with db.atomic():
        db.lock("accounts:administrators")
        if has_administrator(db):
            return None
        code, _ = codes.issue(db, SYSTEM, study, now, secret_key, None)
        audit.happened(db, _STREAM, SYSTEM, now, "issue_setup_code", "account", "first administrator")
    return f"{base_url}/site/#/setup?code={code}"


def administrators(db: Database) -> list[str]:
    """Account ids of those who run the diary."""
    rows = db.query(
        "select id from accounts where role = 'administrator' and state <> 'closed' order by login"
    )
    return [row["id"] for row in rows]


def has_administrator(db: Database) -> bool:
    found = one(db, "select 1 as found from accounts where role = 'administrator' and state <> 'closed'")
    return found is not None


def add_first_administrator(
    db: Database,
    now: datetime,
    secret_key: str,
    code: str,
    *,
    name: str,
    email: str,
    secret_hash: str,
    language: str,
) -> Row | None:
    """Make the first administrator with the set-up code; None when the code is wrong or one is there."""
    db.lock("accounts:administrators")
    taken = codes.take(db, now, secret_key, code)
    if taken is None or taken["account_id"] is not None or has_administrator(db):
        return None
    account = add(
        db,
        SYSTEM,
        now,
        role="administrator",
        login=email,
        language=language,
        site_id=None,
        secret_hash=secret_hash,
    )
    identities.add(db, SYSTEM, now, "account", account["id"], name=name, phone=None, email=email)
    return account
