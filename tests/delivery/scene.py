"""A sender on this test's own database and clock, beside a push service on loopback."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from diary import clock
from diary.config import Config
from diary.db import Database, Row
from diary.jobs.sending import Sender
from diary.store import subscriptions
from tests.delivery.browser_keys import BrowserKeys, browser_keys
from tests.delivery.push_service import PushService
from tests.people import NOW, SECRET_KEY, STUDY, Person

SUBJECT = "mailto:ops@example.org"


@dataclass
class Moment:
    """The clock of a sender; it stands until the test moves it."""

    at: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


def config_for(url: str, folder: Path, **more: object) -> Config:
    settings: dict[str, object] = {
        "host": "127.0.0.1", "port": 8000, "base_url": "http://localhost:8000", "secret_key": SECRET_KEY,
        "seal_key": b"kept outside", "instance_dir": folder, "vapid_private_key": "11" * 32,
        "vapid_subject": SUBJECT, **more,
    }  # fmt: skip
    return Config(database=url, **settings)  # type: ignore[arg-type]


def sender_for(url: str, folder: Path, moment: Moment, **more: object) -> Sender:
    return Sender(config_for(url, folder, **more), STUDY, moment)


def real_phone(db: Database, person: Person, service: PushService, name: str) -> tuple[str, BrowserKeys]:
    """A phone at this push service, with keys that what was sent can be read with."""
    keys = browser_keys()
    row = subscriptions.add(
        db, person.account_id, None, NOW, endpoint=service.endpoint(name), host=service.host, **keys.texts,
        device="Firefox",
    )  # fmt: skip
    return str(row["id"]), keys


def only(db: Database) -> Row:
    [row] = db.query("select * from deliveries")
    return row


def at(moment: datetime) -> str:
    return clock.to_text(moment)
