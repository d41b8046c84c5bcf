"""Two ratios in one run, each beside its goal. Measures and tells; it never fails for a figure."""

import argparse
import cProfile
import os
import platform
import pstats
import shutil
import sqlite3
import statistics
import sys
import time
from pathlib import Path

from bench import bare
from bench.road import BATCH, Road
from tests.proof.running import Caller, Server

ROOT = Path(__file__).resolve().parents[1]
SYNC_GOAL, PUT_GOAL = 0.5, 2.0
BLOCK = 25
VIEW = "bare Flask view, one commit"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--batches", type=int, default=8, help=f"batches of {BATCH} entries a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--singles", type=int, default=300, help="putEntry calls")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "bench", help="on the disk to measure"
    )
    parser.add_argument("--profile", action="store_true", help="where syncEntries spends its time, instead")
    chosen = parser.parse_args()
    folder: Path = chosen.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        road = Road(folder, chosen.batches, chosen.singles)
        if chosen.profile:
            profile(road)
            return
        print(machine(folder))
        sync_entries(road, chosen.rounds)
        put_entry(road)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def machine(folder: Path) -> str:
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"one durable commit {bare.commit_ms(folder):.2f} ms; load of the machine {os.getloadavg()[0]:.1f}"
    )


def sync_entries(road: Road, rounds: int) -> None:
    """Server, in-process and bare in turn, so that a busy moment of the machine meets all three."""
    written = road.statements()
    rows = sum(map(len, written))
    entries = len(road.batches) * BATCH
    rates: dict[str, list[float]] = {"server": [], "in-process": [], "bare": []}
    for _ in range(rounds):
        server = road.server("served")
        try:
            rates["server"].append(entries / road.through(server))
        finally:
            server.stop()
        rates["in-process"].append(entries / road.send(road.client(road.copy("called"))))
        rates["bare"].append(entries / bare.write(road.copy("bare"), written))
    median = {name: statistics.median(found) for name, found in rates.items()}
    print(
        f"\nsyncEntries, {rounds} rounds of {entries} entries by {BATCH}, {rows / entries:.1f} rows an entry"
    )
    print(f"  bare sqlite3, same statements    {median['bare']:10.0f} entries/s")
    for name in ("server", "in-process"):
        ratio = statistics.median(r / b for r, b in zip(rates[name], rates["bare"], strict=True))
        print(f"  {name:34} {median[name]:8.0f} entries/s   ratio {ratio:.2f} (goal {SYNC_GOAL})")


def put_entry(road: Road) -> None:
    """Blocks of calls by turns, over one kept connection each."""
    server = road.server("put")
    plain = Server(road.copy("plain").parent, sys.executable, "-m", "bench.bare")
    plain.environ["PYTHONPATH"] = str(ROOT)
    plain.start()
    try:
        ours, theirs = Caller(server.port, server.origin), Caller(plain.port, plain.origin)
        ours.sign_in(road.writer.login)
        took: dict[str, list[float]] = {"putEntry": [], VIEW: []}
        for first in range(0, len(road.singles), BLOCK):
            block = road.singles[first : first + BLOCK]
            took["putEntry"] += [timed(ours, f"/api/patient/entries/{one['id']}", one) for one in block]
            took[VIEW] += [timed(theirs, f"/entries/{one['id']}", one) for one in block]
        ours.close()
        theirs.close()
    finally:
        plain.stop()
        server.stop()
    print(f"\nputEntry, {len(road.singles)} calls over one kept connection")
    # The first block warms both up.
    for name, times in took.items():
        p50, p95 = (
            statistics.median(times[BLOCK:]) * 1000,
            statistics.quantiles(times[BLOCK:], n=20)[-1] * 1000,
        )
        print(f"  {name:34} p50 {p50:6.2f} ms   p95 {p95:6.2f} ms")
    ratio = statistics.median(took["putEntry"][BLOCK:]) / statistics.median(took[VIEW][BLOCK:])
    print(f"  ratio of the medians {ratio:.2f} (goal {PUT_GOAL})")


def timed(caller: Caller, path: str, body: object) -> float:
    began = time.perf_counter()
    answer = caller.call("PUT", path, body)
    took = time.perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status} {answer.body}")
    return took


def profile(road: Road) -> None:
    measured = cProfile.Profile()
    client = road.client(road.copy("profiled"))
    measured.runcall(road.send, client)
    for order in ("cumulative", "tottime"):
        pstats.Stats(measured).strip_dirs().sort_stats(order).print_stats(45)


if __name__ == "__main__":
    main()
