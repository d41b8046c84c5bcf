"""The diary with everybody in it and something of everything, put back before every call.

So no call depends on the one before, and a call that ends a session, closes an account or uses a code up
spoils nothing.
"""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

import migrations
from diary.app import create_app
from diary.config import Config
from diary.db import Database, open_database
from diary.rules import roles
from diary.store import accounts
from tests import people
from tests.people import NOW, SECRET_KEY, STUDY, People
from tests.phone import ORIGIN
from tests.proof.calls import Call, Calls
from tests.proof.life import FOLDER, MAIL, PERSONS, PUSH_HOST, STAFF, STOPPED_HOST, Life, session_of

ROLES = ("nobody", *PERSONS)
# Operations of the public zone that are not for everybody.
SIGNED_IN = ("getMe", "updateMe")
STAFF_ONLY = ("startSecondFactor", "confirmSecondFactor")


class Scene:
    """The application over a database that is put back before each call."""

    def __init__(self, folder: Path) -> None:
        self.empty, self.full, self.live = folder / "empty.db", folder / "full.db", folder / "diary.db"
        self.setup_code = _first_start(self.empty)
        self.config = _settings(folder, self.live)
        db = open_database(self.config.database)
        migrations.apply(db)
        who = people.settle(db)
        self.app = create_app(self.config, now=lambda: NOW)
        self.cookies = self._sign_in(db, who)
        self.life = Life(db, who, self.client)
        self.life.live()
        db.close()
        shutil.copyfile(self.live, self.full)

    def _sign_in(self, db: Database, who: People) -> dict[str, str]:
        """The session cookie of each role."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        sessions = {role: session_of(db, getattr(who, name)) for role, name in PERSONS.items()}
        return {
            role: str(serializer.dumps({"_user_id": session_id, "_fresh": True}))
            for role, session_id in sessions.items()
        }

    def client(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie("diary", self.cookies[role])
        return client

    def put_back(self, *, empty: bool = False) -> None:
        """As if no call had been made: every connection is closed by now, so the file is all there is."""
        shutil.copyfile(self.empty if empty else self.full, self.live)
        for left in ("-wal", "-shm"):
            Path(f"{self.live}{left}").unlink(missing_ok=True)

    def may(self, role: str, operation_id: str) -> bool:
        """Whether the table of roles lets this role into the operation's zone, and do it there."""
        if operation_id in STAFF_ONLY:
            return role in STAFF
        if operation_id in SIGNED_IN:
            return role != "nobody"
        for blueprint in self.app.blueprints.values():
            action = getattr(blueprint, "actions", {}).get(operation_id)
            if action:
                return role in roles.ZONES[blueprint.zone] & roles.MAY[action]  # type: ignore[attr-defined]
        return True

    def call(self, operation_id: str, role: str) -> Call:
        """The call that succeeds for those who may; LookupError for an operation that nobody described."""
        known = Calls(self.life, role, self.setup_code).all()
        if operation_id not in known:
            raise LookupError(f"tests/proof/calls.py describes no call of {operation_id}")
        return known[operation_id]


def _settings(folder: Path, database: Path) -> Config:
    """With a push service, a mail service, and messages as files beside the database."""
    return Config(
        database=f"sqlite:///{database}", host="127.0.0.1", port=8000, base_url=ORIGIN["Origin"],
        secret_key=SECRET_KEY, seal_key=b"a seal key for tests, 32 bytes..", instance_dir=folder,
        vapid_private_key="11" * 32, vapid_subject="mailto:ops@example.org",
        push_hosts=(PUSH_HOST, STOPPED_HOST),
        channels={FOLDER: str(folder / "messages"), MAIL: "mailtos://diary@smtp.example.org/?to={address}"},
    )  # fmt: skip


def _first_start(path: Path) -> str:
    """A database as `diary init` leaves it; answers the set-up code."""
    db = open_database(f"sqlite:///{path}")
    migrations.apply(db)
    link = accounts.setup_link(db, STUDY, NOW - timedelta(hours=1), ORIGIN["Origin"], SECRET_KEY)
    db.close()
    if link is None:
        raise RuntimeError("no set-up link on an empty database")
    return link.partition("code=")[2]


def as_json(value: Any) -> Any:
    """A copy that a strategy may change."""
    return json.loads(json.dumps(value))
