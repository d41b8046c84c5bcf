"""Ratios in one run, each beside its goal. Measures and tells; it never fails for a figure."""

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

from bench import bare, push
from bench.road import BATCH, Road
from tests.proof.load import Entry
from tests.proof.running import Caller, Server

ROOT = Path(__file__).resolve().parents[1]
SYNC_GOAL, PUT_GOAL = 0.5, 2.0
BLOCK = 25
LABELS = {
    "bare": "bare sqlite3, same statements",
    "server": "gunicorn on loopback",
    "in-process": "in-process",
}
VIEW = "bare Flask view, one commit"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--batches", type=int, default=8, help=f"batches of {BATCH} entries a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--singles", type=int, default=300, help="putEntry calls")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "bench", help="on the disk to measure"
    )
    parser.add_argument("--messages", type=int, default=10_000, help="push messages due at once")
    parser.add_argument("--sample", type=int, default=40, help="messages of the plain loop they are held to")
    parser.add_argument("--only", choices=["road", "push"], help="one part alone")
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
        if chosen.only != "push":
            sync_entries(road, chosen.rounds)
            put_entry(road)
        if chosen.only != "road":
            push.main(folder, road.start, push.accounts_first(road.start), chosen.messages, chosen.sample)
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
    entries = len(road.batches) * BATCH
    took: dict[str, list[float]] = {"server": [], "in-process": [], "bare": []}
    worked: dict[str, list[float]] = {"in-process": [], "bare": []}
    for _ in range(rounds):
        server = road.server("served")
        try:
            took["server"].append(road.through(server))
        finally:
            server.stop()
        for name, seconds in (("in-process", sent(road)), ("bare", written_bare(road, written))):
            took[name].append(seconds[0])
            worked[name].append(seconds[1])
    rows = sum(map(len, written)) / entries
    print(f"\nsyncEntries, {rounds} rounds of {entries} entries by {BATCH}, {rows:.1f} rows an entry")
    for name in ("bare", "server", "in-process"):
        rate = f"  {LABELS[name]:34} {entries / statistics.median(took[name]):8.0f} entries/s"
        print(
            rate
            if name == "bare"
            else f"{rate}   ratio {ratio(took['bare'], took[name]):.2f} (goal {SYNC_GOAL})"
        )
    each = {name: statistics.median(found) / entries * 1e6 for name, found in worked.items()}
    print(
        f"  processor time an entry: bare {each['bare']:.0f} us, in-process {each['in-process']:.0f} us",
        end="",
    )
    print(f"   ratio {ratio(worked['bare'], worked['in-process']):.2f}")


def sent(road: Road) -> tuple[float, float]:
    """All batches in-process: seconds by the clock and of the processor."""
    client = road.client(road.copy("called"))
    began = time.process_time()
    return road.send(client), time.process_time() - began


def written_bare(road: Road, written: list[list[bare.Statement]]) -> tuple[float, float]:
    path = road.copy("bare")
    began = time.process_time()
    return bare.write(path, written), time.process_time() - began


def ratio(some: list[float], others: list[float]) -> float:
    """The median over the rounds, each round against itself."""
    return statistics.median(one / other for one, other in zip(some, others, strict=True))


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
            took["putEntry"] += block_of(ours, "/api/patient/entries/", block)
            took[VIEW] += block_of(theirs, "/entries/", block)
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
    times_as_long = statistics.median(took["putEntry"][BLOCK:]) / statistics.median(took[VIEW][BLOCK:])
    print(f"  ratio of the medians {times_as_long:.2f} (goal {PUT_GOAL})")


def block_of(caller: Caller, path: str, block: list[Entry]) -> list[float]:
    """Seconds of each call, over a connection that is in use already."""
    caller.renew()
    took = []
    for entry in block:
        began = time.perf_counter()
        answer = caller.call("PUT", f"{path}{entry['id']}", entry)
        took.append(time.perf_counter() - began)
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
