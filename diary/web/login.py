"""Flask-Login over session rows: the cookie carries the random id of a row that can be revoked."""

from typing import Any

from flask import Flask, current_app, g
from flask_login import LoginManager, UserMixin

from diary.store import sessions
from diary.store.actors import Actor


class SignedIn(UserMixin):
    """The account behind this request and the session row it came with."""

    def __init__(self, session_id: str, actor: Actor) -> None:
        self.session_id = session_id
        self.actor = actor

    def get_id(self) -> str:
        return self.session_id


def init(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)


def _load(session_id: str) -> Any:
    # No database, no sign-in: health and the answer that the database is away still need a language.
    if "db" not in g:
        return None
    actor = sessions.find_actor(g.db, session_id, g.now, current_app.extensions["study"])
    return SignedIn(session_id, actor) if actor else None
