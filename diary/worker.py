"""The worker: APScheduler is only the clock; what is to be done stands in rows."""

import asyncio
import json
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from diary import clock, study_file
from diary.config import Config
from diary.db import UNAVAILABLE, Database, Row, open_database
from diary.jobs import days, heartbeat, paging, reminders, sending
from diary.rules.alerts import escalation
from diary.store import alerts, ticks, verify
from diary.store import escalation as escalation_store
from diary.store.verify_rows import read_object
from diary.study import Study

log = logging.getLogger(__name__)
ESCALATE_S = 5
REMIND_S = 5
# Due to handed over: a second at most of it is waiting for the clock.
SEND_S = 1
FALL_BACK_S = 5
HOUSEKEEPING_S = 600
COUNT_DAYS_S = 60
SEAL_EVERY = timedelta(days=1)
ATTEMPTS_KEPT = timedelta(days=2)


def escalate(db: Database, settings: Study, now: datetime) -> int:
    """Turn desk alerts that nobody answered, re-checked or acknowledged in time into pages; how many.

    One that cannot be looked at holds up no other; RuntimeError tells of it after all were looked at.
    """
    raised, failed = 0, 0
    for alert in alerts.open_desk_alerts(db):
        try:
            raised += _escalate_one(db, alert, settings, now)
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("alert %s could not be looked at", alert["id"])
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} alert(s) could not be looked at")
    return raised


def _escalate_one(db: Database, alert: Row, settings: Study, now: datetime) -> bool:
    # Looked at without the write lock: only what must change takes it, and then looks at the state again.
    reason = escalation(escalation_store.facts(db, alert, settings), now, settings.alerts)
    if not reason:
        return False
    with db.atomic():
        db.lock(f"participant:{alert['participant_id']}")
        return alerts.escalate(db, alert["id"], reason, now)


def keep_house(db: Database, config: Config, now: datetime) -> None:
    """Daily: seal the trail's heads, in the database and in a file beside it; forget old failed tries."""
    ticks.prune_attempts(db, now - ATTEMPTS_KEPT)
    if ticks.is_due(db, "seal", SEAL_EVERY, now):
        verify.seal(db, config.seal_key, now)
        ticks.beat(db, "seal", now)
    _copy_seals(db, config.seals_path)
    if db.engine == "sqlite":
        db.execute("pragma optimize")


def _copy_seals(db: Database, path: Path) -> None:
    """Append what the file has not: today's seal, and any whose writing a crash broke off before."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    copied = {kept.get("mac") for kept in map(read_object, text.splitlines())}
    seals = db.query("select seq, sealed_at, heads, prev_mac, mac from audit_seals order by seq")
    lines = "".join(json.dumps(row) + "\n" for row in seals if row["mac"] not in copied)
    if not lines:
        return
    with path.open("a", encoding="utf-8") as file:
        # Half a line stays as it is: nothing that was once outside the database is taken back.
        file.write("\n" + lines if text and not text.endswith("\n") else lines)
        file.flush()
        os.fsync(file.fileno())


def main(config: Config) -> None:
    """Run until SIGTERM or SIGINT."""
    asyncio.run(_run(config))


async def _run(config: Config) -> None:
    settings = study_file.load(config.study_path)
    # A line for every tick of every job would bury what matters.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = AsyncIOScheduler(timezone="UTC")
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)

    def every(seconds: int, job: Callable[[Database], object]) -> None:
        # The default grace of one second silently drops jobs that come due together.
        scheduler.add_job(
            _in_thread, "interval", seconds=seconds, args=[config, job], id=job.__name__, max_instances=1,
            coalesce=True, misfire_grace_time=None, next_run_time=clock.now(),
        )  # fmt: skip

    def look_at_alerts(db: Database) -> None:
        raised = escalate(db, settings, clock.now())
        if raised:
            log.warning("%d desk alert(s) became pages", raised)
        paging.page_staff(db, settings, clock.now())
        # The clocks that health looks at go on only when all there was could be done.
        ticks.beat(db, "worker", clock.now())

    def housekeeping(db: Database) -> None:
        keep_house(db, config, clock.now())

    def count_days(db: Database) -> None:
        days.keep_days(db, settings, clock.now())

    def remind(db: Database) -> None:
        reminders.run(db, settings, clock.now())
        ticks.beat(db, "remind", clock.now())

    every(ESCALATE_S, look_at_alerts)
    every(REMIND_S, remind)
    every(COUNT_DAYS_S, count_days)
    every(HOUSEKEEPING_S, housekeeping)
    if config.heartbeat_url:
        heart = heartbeat.Heartbeat(config.heartbeat_url)

        def ping(db: Database) -> None:
            heart.beat(db, clock.now())

        every(heartbeat.EVERY_S, ping)
    sending.collect_seldom()
    sender = sending.Sender(config, settings)

    def deliveries_on(db: Database) -> None:
        sending.go_on(db, settings, clock.now())
        ticks.beat(db, "fall_back", clock.now())

    every(FALL_BACK_S, deliveries_on)
    for send in (sender.send_pushes, sender.send_messages):
        scheduler.add_job(
            _in_loop, "interval", seconds=SEND_S, args=[send], id=send.__name__, max_instances=1,
            coalesce=True, misfire_grace_time=None, next_run_time=clock.now(),
        )  # fmt: skip
    await asyncio.to_thread(_with_database, config, lambda db: sending.check_subject(db, config, clock.now()))
    scheduler.start()
    log.info("worker started")
    await stopped.wait()
    scheduler.pause()
    await sender.close()
    scheduler.shutdown(wait=True)
    log.info("worker stopped")


async def _in_thread(config: Config, job: Callable[[Database], object]) -> None:
    """One connection a job: what a job leaves behind when it fails is gone with it."""
    try:
        await asyncio.to_thread(_with_database, config, job)
    except asyncio.CancelledError:
        # The worker is being stopped; the thread finishes its job, and the end of the loop waits for it.
        log.info("worker job %s was under way when the worker stopped", job.__name__)
    except Exception:
        # The scheduler goes on; health tells when a job's clock stands still.
        log.exception("worker job %s failed", job.__name__)


async def _in_loop(job: Callable[[], Awaitable[object]]) -> None:
    """A job that lives in the loop and asks the database in threads of its own."""
    try:
        await job()
    except asyncio.CancelledError:
        log.info("a sender was under way when the worker stopped")
    except Exception:
        # What was claimed is claimed again when its lease lapses.
        log.exception("sending failed")


def _with_database(config: Config, job: Callable[[Database], object]) -> None:
    db = open_database(config.database)
    try:
        job(db)
    finally:
        db.close()
