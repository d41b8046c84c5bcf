"""One worker process of the simulated year: reads the clock, does every job, says how far it came.

Its arguments are the folder, its number, and the port of the push service.
"""

import asyncio
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

from bench.year.processes import write
from bench.year.service import Services
from bench.year.timeline import sqlite_config
from bench.year.workers import quick_database
from bench.year.world import STUDY
from diary import clock
from diary import worker as product
from diary.db import Row
from diary.delivery.http import Posts
from diary.jobs import paging, reminders, sending
from diary.jobs.sending import Sender
from diary.rules.outcomes import Result

# A service that hangs is given up sooner than in life, for it is given up hundreds of times here.
PATIENCE_S = 0.3


@dataclass
class LoopbackSender(Sender):
    """The product's sender with its own client; only mail and short messages go nowhere."""

    gates: Services = field(kw_only=True)

    async def _message(self, row: Row) -> Result:
        return self.gates.message(row, self.now())

    def __post_init__(self) -> None:
        super().__post_init__()
        self._posts = Posts(PATIENCE_S, sending.PUSHES)


def main() -> None:
    folder, number, port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    config = replace(sqlite_config(folder), push_hosts=(f"http://127.0.0.1:{port}",))
    db = quick_database(config.database)
    moment = [clock.FIRST]
    loop = asyncio.new_event_loop()
    sender = LoopbackSender(config, STUDY, lambda: moment[0], gates=Services(Random(number)))
    done = -1
    while True:
        tick_no, now = read(folder / "clock")
        if tick_no == done:
            time.sleep(0.004)
            continue
        moment[0] = now
        reminders.run(db, STUDY, now)
        sending.fall_back(db, STUDY, now)
        sending.tell_operators(db, STUDY, now)
        product.escalate(db, STUDY, now)
        paging.page_staff(db, STUDY, now)
        loop.run_until_complete(sender.send_pushes())
        loop.run_until_complete(sender.send_messages())
        done = tick_no
        write(folder / f"reached-{number}", str(tick_no))


def read(path: Path) -> tuple[int, datetime]:
    number, at = path.read_text().split()
    return int(number), clock.from_text(at)


if __name__ == "__main__":
    main()
