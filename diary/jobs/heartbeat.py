"""A ping to a watcher outside: when it stops, somebody there notices that the worker is dead."""

import logging
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.error import URLError

from diary.db import Database
from diary.store import ticks

log = logging.getLogger(__name__)
EVERY_S = 60
TIMEOUT_S = 10
# Several ticks of the worker's clock may be late; more than that is no life to report.
TICK_FRESH = timedelta(seconds=60)


@dataclass
class Heartbeat:
    """Calls `url` while the worker's clock goes on; told to the log only when that changes."""

    url: str
    failing: str | None = None

    def beat(self, db: Database, now: datetime) -> bool:
        """Whether the watcher was told; a failure stops nothing."""
        tick_at = ticks.oldest(db)
        fault = "the worker's clock stands still" if tick_at is None or now - tick_at > TICK_FRESH else None
        fault = fault or self._call()
        if fault != self.failing:
            # The address may hold a secret, so it is not repeated.
            log.warning("no heartbeat: %s", fault) if fault else log.info("the heartbeat goes again")
        self.failing = fault
        return fault is None

    def _call(self) -> str | None:
        try:
            with urllib.request.urlopen(self.url, timeout=TIMEOUT_S) as answer:
                answer.read(1)
        except (OSError, ValueError, URLError) as error:
            return f"{type(error).__name__}"
        return None
