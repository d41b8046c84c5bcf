"""Simulate it, look at every row, write down what was seen; status 1 when anything was not as it must be."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.year import report
from bench.year.studies import say, side_by_side, split
from bench.year.timeline import Size


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.year", description=__doc__)
    parser.add_argument("--participants", type=int, default=100)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--shards", type=int, default=1, help="so many studies of their own, each on a processor"
    )
    parser.add_argument("--minutes", type=float, help="end it with the day that passes so many real minutes")
    parser.add_argument("--process-days", type=int, default=3, help="days of the part with real processes")
    parser.add_argument("--folder", type=Path, help="where the databases are made (default: a temporary one)")
    parser.add_argument("--report", type=Path, help="write the report there, in Markdown")
    chosen = parser.parse_args()
    parts = []
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        size = Size(chosen.participants, chosen.days, chosen.seed)
        parts.append(side_by_side(Path(folder), split(size, chosen.shards), chosen.minutes))
        if chosen.process_days:
            from bench.year import processes

            parts.append(
                processes.simulate(Path(folder) / "processes", chosen.process_days, chosen.seed, say)
            )
    text = report.write(command(chosen), parts)
    if chosen.report:
        chosen.report.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(any(part.found.breaches for part in parts))


def command(chosen: argparse.Namespace) -> str:
    """What to type to see it again; where it was written to is nobody's concern."""
    wanted = ("participants", "days", "seed", "shards", "minutes", "process_days")
    given = ((name.replace("_", "-"), getattr(chosen, name)) for name in wanted)
    options = (f"--{name} {value:g}" for name, value in given if value is not None)
    return " ".join(("python -m bench.year", *options))


if __name__ == "__main__":
    main()
