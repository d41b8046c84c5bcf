"""SIGKILL at random moments under load: what was answered `stored` or `held` is there exactly once.

Five kills, one of each kind, in every test run; `DIARY_KILLS=50` for the full proof (docs/figures.md). A
kill shows what transactions are worth; that they outlast a power cut rests on synchronous=FULL, which no
kill can show.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import migrations
from diary.config import Config, load
from diary.db import Database, open_database
from tests.proof.load import Diarist, Entry, Writer, a_year_ago, enrol_writers
from tests.proof.running import (
    UNANSWERED,
    Caller,
    Server,
    children,
    command_line,
    diary_command,
)

KILLS = int(os.environ.get("DIARY_KILLS", "5"))
SEED = int(os.environ.get("DIARY_KILLS_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
PHONES = 4
TARGETS = ("a web worker", "the whole set", "the web server", "the supervisor", "the clock worker")
TAKEN = ("stored", "held", "duplicate")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")


@dataclass(eq=False)
class Phone(threading.Thread):
    """Sends its diary, and every parcel again until it is answered, by the one road or the other."""

    server: Server
    writer: Writer
    rng: random.Random
    sent: dict[str, Entry] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    broken: int = 0
    refused: int = 0
    kept_unanswered: int = 0

    def __post_init__(self) -> None:
        super().__init__(name=f"phone of {self.writer.login}", daemon=True)
        self.enough = threading.Event()
        self.diary = Diarist(self.writer, self.rng, a_year_ago()).entries()
        self.caller = Caller(self.server.port, self.server.origin)

    def run(self) -> None:
        try:
            while not self.enough.is_set() and not self.wrong:
                many = 1 if self.rng.random() < 0.5 else self.rng.randrange(2, 120)
                self.deliver([next(self.diary) for _ in range(many)])
        except Exception as error:
            self.wrong.append(f"{self.name}: {error!r}")
        finally:
            self.caller.close()

    def deliver(self, parcel: list[Entry]) -> None:
        self.sent.update({entry["id"]: entry for entry in parcel})
        may_be_there = False
        while not self.wrong:
            try:
                results = self.send(parcel)
            except UNANSWERED as error:
                if isinstance(error, ConnectionRefusedError):
                    self.refused += 1
                else:
                    self.broken += 1
                    may_be_there = True
                time.sleep(0.05)
                continue
            for entry, result in zip(parcel, results, strict=True):
                self.note(entry, result, may_be_there)
            return

    def send(self, parcel: list[Entry]) -> list[dict[str, Any]]:
        if len(parcel) == 1 and self.rng.random() < 0.7:
            answer = self.caller.call("PUT", f"/api/patient/entries/{parcel[0]['id']}", parcel[0])
            results = [answer.body]
        else:
            answer = self.caller.call("POST", "/api/patient/entries/sync", {"entries": parcel})
            results = (answer.body or {}).get("results", [])
        if answer.status != 200:
            raise AssertionError(f"answered {answer.status} {answer.body}")
        return results

    def note(self, entry: Entry, result: dict[str, Any], may_be_there: bool) -> None:
        if result["id"] != entry["id"] or result["status"] not in TAKEN:
            self.wrong.append(f"{entry} was answered {result}")
        elif result["status"] == "duplicate":
            if not may_be_there:
                self.wrong.append(f"{entry['id']} was sent once and is said to be there already")
            self.kept_unanswered += 1
        self.answered[entry["id"]] = result["status"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, *diary_command("run"))
    yield server
    server.end()


def kill(server: Server, target: str, rng: random.Random) -> bool:
    """SIGKILL it; whether the whole program ends by that (only a web worker is replaced by itself)."""
    pid = server.pid()
    web = [child for child in children(pid) if " serve" in command_line(child)]
    clock = [child for child in children(pid) if " worker" in command_line(child)]
    workers = children(web[0]) if web else []
    if target == "the whole set":
        os.killpg(pid, signal.SIGKILL)
        return True
    found = {"the supervisor": [pid], "the web server": web, "a web worker": workers,
             "the clock worker": clock}[target]  # fmt: skip
    victim = rng.choice(found or [pid])
    os.kill(victim, signal.SIGKILL)
    return victim not in workers


def test_what_was_answered_is_there_exactly_once_after_kills_under_load(
    server: Server, tmp_path: Path
) -> None:
    rng = random.Random(SEED)
    config = load({name: value for name, value in server.environ.items() if name.startswith("DIARY_")}, None)
    phones = [Phone(server, writer, random.Random(rng.random())) for writer in people(config)]
    starts = [server.start()]
    for phone in phones:
        phone.caller.sign_in(phone.writer.login)
        phone.start()
    killed: Counter[str] = Counter()
    for number in range(KILLS):
        # In turn, so that a short run has every kind; the moment is what chance decides.
        target = TARGETS[number % len(TARGETS)]
        time.sleep(rng.uniform(0.0, 1.2))
        killed[target] += 1
        if kill(server, target, rng):
            server.wait_until_gone()
            starts.append(server.start())
    time.sleep(0.5)
    for phone in phones:
        phone.enough.set()
    for phone in phones:
        phone.join(60)
        assert not phone.is_alive(), "a phone hangs"
    wrong = [fault for phone in phones for fault in phone.wrong]
    assert not wrong, wrong[:5]
    compare_over_http(server, phones)
    assert server.stop() == 0
    db = open_database(config.database)
    try:
        compare_with_database(db, phones)
        report = check_trail(server, config)
    finally:
        db.close()
    tell(phones, killed, starts, report)


def people(config: Config) -> list[Writer]:
    db = open_database(config.database)
    try:
        migrations.apply(db)
        return enrol_writers(db, config, PHONES)
    finally:
        db.close()


def compare_over_http(server: Server, phones: list[Phone]) -> None:
    """The phone's own view: every version once, as it was sent."""
    for phone in phones:
        caller = Caller(server.port, server.origin)
        caller.sign_in(phone.writer.login)
        seen: Counter[str] = Counter()
        cursor, child = "0", phone.writer.fields.get("participant_id")
        while True:
            query = f"since={cursor}" + (f"&participant_id={child}" if child else "")
            page = caller.call("GET", f"/api/patient/changes?{query}").body
            for entry in page["entries"]:
                seen[entry["id"]] += 1
                assert entry["data"] == phone.sent[entry["id"]]["data"]
            assert page["refusals"] == []
            if page["cursor"] == cursor:
                break
            cursor = page["cursor"]
        caller.close()
        assert seen == Counter(dict.fromkeys(phone.answered, 1))


def compare_with_database(db: Database, phones: list[Phone]) -> None:
    """What each answer promised, in every table that one transaction writes."""
    sent = {key: entry for phone in phones for key, entry in phone.sent.items()}
    answered = {key: status for phone in phones for key, status in phone.answered.items()}
    assert sent.keys() == answered.keys(), "something was sent and never answered"
    rows = {str(row["id"]): row for row in db.query("select * from entries")}
    assert rows.keys() == sent.keys()
    for key, row in rows.items():
        body = sent[key]
        assert json.loads(row["data"]) == body["data"]
        assert (row["kind"], row["occurred_text"], row["replaces"], row["reason"]) == (
            body["kind"], body["occurred_at"], body.get("replaces"), body.get("reason"),
        )  # fmt: skip
        assert answered[key] in (row["state"], "duplicate")
    for once in (
        "select object_id as id, count(*) as n from audit"
        " where object = 'entry' and action = 'create' group by object_id",
        "select object_id as id, count(*) as n from changes where object = 'entry' group by object_id",
    ):
        assert {row["id"]: row["n"] for row in db.query(once)} == dict.fromkeys(sent, 1)
    roots = {row["root_id"] for row in rows.values()}
    newest = {row["root_id"]: row["id"] for row in sorted(rows.values(), key=lambda row: int(row["version"]))}
    tips = {row["root_id"]: row["tip_id"] for row in db.query("select root_id, tip_id from entry_heads")}
    assert tips == newest and len(tips) == len(roots)
    told = {row["entry_id"] for row in db.query("select entry_id from alert_entries")}
    assert {key for key, row in rows.items() if row["severe"] == 1} <= told
    assert not list(db.query("select id from refusals"))
    assert next(iter(db.query("pragma integrity_check")))["integrity_check"] == "ok"


def check_trail(server: Server, config: Config) -> str:
    """What `diary verify` says; it looks at chains, seals and every record."""
    assert config.seals_path.is_file(), "the worker sealed nothing"
    done = subprocess.run(
        diary_command("verify"), cwd=server.folder, env=server.environ, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def tell(phones: list[Phone], killed: Counter[str], starts: list[float], report: str) -> None:
    """The figures, seen with `pytest -s`."""
    statuses = Counter(status for phone in phones for status in phone.answered.values())
    broken, refused = sum(phone.broken for phone in phones), sum(phone.refused for phone in phones)
    kept = sum(phone.kept_unanswered for phone in phones)
    print(
        f"\n{sum(killed.values())} kills (seed {SEED}): " + ", ".join(f"{n} {t}" for t, n in killed.items())
    )
    print(f"{sum(statuses.values())} entries answered: {dict(statuses)}; lost 0, doubled 0")
    print(f"{broken} calls broke off, {refused} found nobody; {kept} entries were there when sent again")
    print(
        f"start to first answer: median {sorted(starts)[len(starts) // 2]:.1f} s, longest {max(starts):.1f} s"
    )
    print(f"diary verify: {report}")
    assert broken > 0, "no kill came during a call: this was no proof"
