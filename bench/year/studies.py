"""Studies that are simulated side by side: each a process, with its own database, workers and oracle."""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from bench.year import report
from bench.year.findings import look
from bench.year.timeline import Size, Year, prepare, sqlite_config


def split(size: Size, shards: int) -> list[Size]:
    """The participants in as many studies, whose chances differ."""
    share, left = divmod(size.participants, shards)
    return [
        replace(size, participants=share + (number < left), seed=size.seed + 100 * number)
        for number in range(shards)
    ]


def side_by_side(folder: Path, sizes: list[Size], minutes: float | None) -> report.Part:
    """Each study in a process of its own, with its own database, workers, chances and oracle."""
    began = time.perf_counter()
    if len(sizes) == 1:
        runs = [simulate(folder / "study-0", sizes[0], minutes, say)]
    else:
        # Nothing of this process is to be shared: each begins anew.
        with ProcessPoolExecutor(len(sizes), get_context("spawn")) as processes:
            begun = [
                processes.submit(simulate, folder / f"study-{n}", size, minutes, partial(say, of=n))
                for n, size in enumerate(sizes)
            ]
            runs = [one.result() for one in begun]
    return report.of_years(runs, time.perf_counter() - began)


def simulate(folder: Path, size: Size, minutes: float | None, progress: Callable[[str], None]) -> report.Run:
    """The year with workers that are killed at chosen points, in this process."""
    config = sqlite_config(folder)
    prepare(config)
    year = Year(size, config, progress)
    try:
        worked = time.process_time()
        year.run(minutes)
        progress("looking at every row")
        found = look(year.db, year.world, year.services, year.ran, year.last)
        return report.of_run(year, found, time.process_time() - worked)
    finally:
        year.close()


def say(line: str, of: int | None = None) -> None:
    print(line if of is None else f"study {of}: {line}", file=sys.stderr, flush=True)
