"""The report of a simulated year: the command, what was done to it, what was counted, what was found."""

import os
import platform
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.year.findings import Findings
from bench.year.timeline import Year

ABOUT: Sequence[str] = (
    "The real jobs (`jobs/reminders`, `jobs/sending`, `jobs/paging`, the worker's escalation) run on the",
    "real schema under a simulated clock, a tick every 1 to 10 simulated minutes. Simulated are the",
    "clock, the people, the push services and the message gates. Answers go through `answers.follow`,",
    "the part of the road that reminders see, and one in fifty through the whole road of an entry.",
    "Commits do not wait for the disk here: this is about kills, not about power cuts.",
)
# What is looked for, in the words under which a breach of it would stand in the report.
INVARIANTS: Mapping[str, str] = {
    "lost": "everything that was due by the oracle has its row",
    "never due": "no row stands for something that was not due",
    "due at another time": "each row is due at the oracle's instant",
    "without an end": "every reminder and delivery has ended, in one final state, and waits for nothing",
    "an end that did not last": "nothing that had ended changed its end, but for a dose told of late and for"
    " what a pause took back",
    "taken back": "only the end of a schedule or a pause cancelled what was due",
    "asked in a pause": "nothing of a pause counts as missed",
    "silent": "whatever was open while a worker ran was told, and something was planned for it",
    "told too often": "nobody was told of one thing more often than the study says",
    "told after its end": "nothing was handed over after its reminders had ended",
    "no fallback": "wherever no receipt came in time, the next way was tried",
    "a repeat that looks new": "each message carried the tag and topic of its group, each repeat the same"
    " ones, to the same phone",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One run in the report."""

    title: str
    about: Sequence[str]
    counts: Sequence[tuple[str, Counter[str]]]
    found: Findings = field(repr=False)


def of_year(year: Year, found: Findings, took_s: float, worked_s: float) -> Part:
    """The deterministic part: how long it took by the clock, and of the processor's time."""
    rows = sum(n for name, n in found.counts.items() if name.startswith("reminders "))
    short = year.days_done < year.size.days
    kills = sum(worker.kills for worker in year.workers)
    return Part(
        f"{year.size.participants:,} participants, {year.days_done} days, seed {year.size.seed}",
        [
            f"{rows:,} reminders and {_deliveries(found):,} deliveries in {took_s / 60:.1f} minutes,"
            f" {worked_s / 60:.1f} of them at work: {worked_s / rows * 1000:.1f} ms of processor time a"
            f" reminder, moving in and the end included; {kills:,} kills of two workers, each at a random"
            " statement or a random message",
            *([f"Asked for were {year.size.days} days; the time was up"] if short else []),
        ],
        [
            ("what happened", year.counts), ("what people did", year.life.counts),
            ("what push services and gates answered", year.services.counts),
            ("what became of it", found.counts),
        ],
        found,
    )  # fmt: skip


def _deliveries(found: Findings) -> int:
    first = ("push", "message", "sms", "call")
    return sum(n for name, n in found.counts.items() if name.split(" ")[0] in first)


def write(command: str, parts: Sequence[Part]) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(command, parts)) + "\n"


def _lines(command: str, parts: Sequence[Part]) -> Iterator[str]:
    yield "# A simulated year"
    yield ""
    yield f"Written by `{command}`."
    yield (
        f"Machine: {os.cpu_count()} shared cores, load {os.getloadavg()[0]:.1f} at the end, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )
    yield ""
    yield from ABOUT
    for part in parts:
        yield ""
        yield f"## {part.title}"
        yield ""
        yield from (f"{line}." for line in part.about)
        yield ""
        yield "| what must be true | breaches |"
        yield "|---|---|"
        for name, sentence in INVARIANTS.items():
            yield f"| {sentence} | {part.found.breaches[name]} |"
        for name in sorted(part.found.breaches.keys() - INVARIANTS.keys()):
            yield f"| {name} | {part.found.breaches[name]} |"
        if part.found.sentences:
            yield ""
            yield from (f"- {sentence}" for sentence in part.found.sentences)
        for title, counts in part.counts:
            yield ""
            yield f"**{title[0].upper()}{title[1:]}**: " + "; ".join(
                f"{name} {n:,}" for name, n in sorted(counts.items())
            )
