"""The report of a simulated year: the command, what was done to it, what was counted, what was found."""

import os
import platform
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.year.findings import SHOWN, Findings
from bench.year.timeline import Size, Year
from bench.year.world import MIX

ABOUT: Sequence[str] = (
    "The real jobs (`jobs/reminders`, `jobs/sending`, `jobs/paging`, the worker's escalation) run on the",
    "real schema under a simulated clock, a tick every 1 to 10 simulated minutes. Simulated are the",
    "clock, the people, the push services and the message gates. What people say between two ticks reaches",
    "the server in one transaction. Answers go through `answers.answer`, the part of the road that reminders",
    "see, and one in a hundred, and every one to a re-check, through the whole road of an entry.",
    "Commits do not wait for the disk here: this is about kills, not about power cuts.",
    f"Six schedules each: {MIX}.",
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


@dataclass(frozen=True)
class Run:
    """One study that was simulated with killed workers: how far it came, what was counted, what it cost."""

    size: Size
    days_done: int
    kills: int
    worked_s: float
    happened: Counter[str]
    people: Counter[str]
    services: Counter[str]
    found: Findings


def of_run(year: Year, found: Findings, worked_s: float) -> Run:
    kills = sum(worker.kills for worker in year.workers)
    return Run(
        year.size, year.days_done, kills, worked_s, year.counts, year.life.counts, year.services.counts, found
    )


def of_years(runs: Sequence[Run], took_s: float) -> Part:
    """Studies that were simulated side by side, as one; how long it took by the clock and the processor."""
    found = _together([run.found for run in runs])
    rows = sum(n for name, n in found.counts.items() if name.startswith("reminders "))
    worked_s, kills = sum(run.worked_s for run in runs), sum(run.kills for run in runs)
    people, days = sum(run.size.participants for run in runs), min(run.days_done for run in runs)
    seeds = ", ".join(str(run.size.seed) for run in runs)
    workers = "two workers" if len(runs) == 1 else f"two workers of each of {len(runs)} studies"
    short = days < runs[0].size.days
    return Part(
        f"{people:,} participants, {days} days, seed{'s' if len(runs) > 1 else ''} {seeds}",
        [
            f"{rows:,} reminders and {_deliveries(found):,} deliveries in {took_s / 60:.1f} minutes by the"
            f" clock, {worked_s / 60:.1f} minutes of processor time: {worked_s / rows * 1000:.2f} ms a"
            f" reminder, moving in and the end included; {kills:,} kills of {workers}, each at a random"
            " statement or a random message",
            *([f"Asked for were {runs[0].size.days} days; the time was up"] if short else []),
        ],
        [
            ("what happened", _sum(run.happened for run in runs)),
            ("what people did", _sum(run.people for run in runs)),
            ("what push services and gates answered", _sum(run.services for run in runs)),
            ("what became of it", found.counts),
        ],
        found,
    )


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    return whole


def _together(findings: Sequence[Findings]) -> Findings:
    sentences = [sentence for found in findings for sentence in found.sentences[: SHOWN * 10]]
    return Findings(
        _sum(found.counts for found in findings), _sum(found.breaches for found in findings), sentences
    )


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
