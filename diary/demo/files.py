"""The demo's two files: built aside, renamed when complete, kept from then on."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import migrations
from diary import clock, study_file
from diary.config import Config
from diary.db import open_database, sqlite_path
from diary.demo import logins, oncall
from diary.demo.story import tell

ACCOUNTS_FILE = "demo-accounts.json"
SPAN_DAYS = 365


def ensure(config: Config, *, days: int = SPAN_DAYS, now: datetime | None = None) -> None:
    """Fill the demo's database with `days` of diary up to now, unless that was done before.

    It is built under another name and renamed when it is complete and on the disk, so that there is
    either none or a whole one, whenever the power goes. The file of accounts comes first: where the
    database is, they are.
    """
    path = sqlite_path(config.database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(path.with_name(f"{path.name}.lock")):
        if not path.exists():
            print("Filling the demo with an invented study: once, a minute or two.", flush=True)
            _build(config, path, days, now or clock.now())
        elif not accounts_path(config).exists():
            _write_accounts_again(config, now or clock.now())


def keep_on_call(config: Config, *, now: datetime | None = None) -> None:
    """Fill the roster of a demo that is kept for long; the schema is up to date."""
    oncall.forget_old_messages(config, now or clock.now())
    db = open_database(config.database)
    try:
        oncall.keep(db, study_file.load(config.study_path), config, now or clock.now())
    finally:
        db.close()


def accounts_path(config: Config) -> Path:
    """Where the demo's logins and secrets stand, beside its database."""
    return sqlite_path(config.database).with_name(ACCOUNTS_FILE)


def _build(config: Config, path: Path, days: int, now: datetime) -> None:
    aside = path.with_name(f"{path.name}.building")
    # What an interrupted build left, and what a demo that somebody removed left: a new one would take the
    # log of the old one for its own, and its seals.
    _remove(aside, aside.with_name(f"{aside.name}-journal"), *_logs(aside), *_logs(path), config.seals_path)
    db = open_database(f"sqlite:///{aside}")
    try:
        # Nothing of it counts before the rename, so nothing need be safe on the disk before that.
        list(db.query("pragma journal_mode = memory"))
        db.execute("pragma synchronous = off")
        db.execute("pragma cache_size = -65536")
        migrations.apply(db)
        settings = study_file.load(config.study_path)
        accounts = tell(db, settings, config, days, now)
        oncall.keep(db, settings, config, now)
        db.execute("pragma optimize")
    finally:
        db.close()
    _sync(aside)
    _write_whole(accounts_path(config), accounts)
    aside.rename(path)
    _sync(path.parent)


def _write_accounts_again(config: Config, now: datetime) -> None:
    """Somebody removed the file: it is made anew, and secrets that were changed since are set back."""
    db = open_database(config.database)
    try:
        accounts = logins.read_again(db, config.secret_key, now)
    finally:
        db.close()
    _write_whole(accounts_path(config), accounts)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Of two first starts at once the second waits; the system frees the lock of one that was killed."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _logs(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}-{suffix}") for suffix in ("wal", "shm")]


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _write_whole(path: Path, content: Any) -> None:
    """As JSON for the owner alone; readers see the old file or the new one, never a part."""
    draft = path.with_name(f"{path.name}.draft")
    _remove(draft)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
