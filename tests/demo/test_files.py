"""The demo's files: a whole one or none, kept over starts and kills, apart from the study's own."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

from diary import demo, hashing
from diary.config import Config
from diary.db import open_database
from diary.store import accounts
from tests.demo.conftest import DAYS, NOW, settings

START = f"""
import sys, time
from datetime import datetime
from pathlib import Path
from diary import demo
from tests.people import hash_quickly
from tests.demo.conftest import settings
hash_quickly()
demo.ensure(settings(Path(sys.argv[1])), days={DAYS}, now=datetime.fromisoformat({NOW.isoformat()!r}))
print("ready", flush=True)
time.sleep(60)
"""
PATIENCE_S = 300


def start(folder: Path) -> "subprocess.Popen[str]":
    """Another process that makes the demo ready and then stays."""
    return subprocess.Popen([sys.executable, "-c", START, str(folder)], stdout=subprocess.PIPE, text=True)


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def wait_until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    # The pipe ends when the process does, so a failed start ends this too.
    assert any(line == "ready\n" for line in process.stdout)
    assert process.poll() is None


def wait_for(path: Path, size: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while not path.exists() or path.stat().st_size < size:
        assert time.monotonic() < until
        time.sleep(0.02)


def entries(path: Path) -> list[tuple[str, ...]]:
    """What was written, without the ids that are drawn anew each time."""
    with sqlite3.connect(path) as conn:
        rows = conn.execute(
            "select p.subject_no, e.kind, e.occurred_text, e.received_at, e.state, e.basis,"
            " case when e.kind in ('dose', 'blood_draw', 'contraception') then '' else e.data end"
            " from entries e join participants p on p.id = e.participant_id order by 1, 4, 2, 3"
        ).fetchall()
    conn.close()
    return rows


def test_a_second_start_keeps_both_files_as_they_are(built: Config) -> None:
    files = [built.instance_dir / name for name in ("demo.db", "demo-accounts.json")]
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in files]
    demo.ensure(built)
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in files] == before
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600
    assert not (built.instance_dir / "demo.db.building").exists()


def test_a_build_that_was_killed_half_way_is_done_anew_and_ends_the_same(
    built: Config, tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "diary.db").write_bytes(b"the study's own")
    aside = folder / "demo.db.building"
    first = start(tmp_path)
    wait_for(aside, 1_000_000)
    # It waits for the first one, and takes over when that is killed.
    second = start(tmp_path)
    time.sleep(0.5)
    kill(first)
    assert aside.exists()
    assert not (folder / "demo.db").exists()
    wait_until_ready(second)
    assert not list(folder.glob("demo.db.building*"))
    inode = (folder / "demo.db").stat().st_ino
    kill(second)

    demo.ensure(settings(tmp_path), days=DAYS, now=NOW)
    assert (folder / "demo.db").stat().st_ino == inode
    assert entries(folder / "demo.db") == entries(built.instance_dir / "demo.db")
    assert (folder / "diary.db").read_bytes() == b"the study's own"
    with sqlite3.connect(folder / "demo.db") as conn:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
    conn.close()


def test_leftovers_of_a_removed_demo_do_not_get_into_the_new_one(built: Config, tmp_path: Path) -> None:
    made = settings(tmp_path)
    for name in ("demo.db-wal", "demo.db-shm", "demo.db.building", "demo.db.building-wal"):
        (made.instance_dir / name).write_bytes(os.urandom(9000))
    made.seals_path.write_text("{}\n", encoding="utf-8")
    demo.ensure(made, days=1, now=NOW)
    names = {path.name for path in made.instance_dir.iterdir()}
    assert names == {
        "demo.db",
        "demo.db.lock",
        "demo-accounts.json",
        "secret.key",
        "audit-seal.key",
        "vapid.key",
    }


def test_a_removed_file_of_accounts_is_written_again_and_opens_them_again(tmp_path: Path) -> None:
    made = settings(tmp_path)
    demo.ensure(made, days=1, now=NOW)
    file = made.instance_dir / "demo-accounts.json"
    before = json.loads(file.read_text("utf-8"))
    file.unlink()
    db = open_database(made.database)
    account = accounts.find_by_login(db, "S001")
    assert account is not None
    with db.atomic():
        accounts.set_secret(db, NOW, account, hashing.hash_secret("739154"), "en")
    demo.ensure(made)
    again = accounts.find_by_login(db, "S001")
    db.close()
    assert json.loads(file.read_text("utf-8")) == before
    assert again is not None
    assert hashing.is_secret(again["secret_hash"], before[0]["secret"])
