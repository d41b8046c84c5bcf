"""`diary ...`: what an operator types."""

import argparse
import contextlib
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

import migrations
from diary import backup, clock, explain, keys, study_file
from diary.config import ENV_FILE, Config, ConfigError, load
from diary.db import Database, open_database
from diary.settings import read
from diary.store import accounts, verify
from diary.supervisor import Program, die_with_parent, port_problem, supervise

DEMO_DATABASE = "sqlite:///instance/demo.db"
AS_WRITTEN = (
    "every record is as the trail says, and what counts now follows from it.\n"
    "Not in the trail, so not checked: names and contact data, birth days, secrets, sign-ins."
)


class Refusal(Exception):
    """A command that cannot be done; the text is the sentence for the operator."""


@dataclass(frozen=True)
class Command:
    """One word after `diary`; `run` answers the exit status."""

    name: str
    meaning: str
    run: Callable[[argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command; what goes wrong is one sentence on stderr and exit status 1."""
    chosen = _parser().parse_args(arguments)
    # What is made here (database, keys, copies) is for its owner alone.
    os.umask(0o077)
    try:
        status: int = chosen.run(chosen)
    except (Refusal, ConfigError, backup.BackupError) as error:
        return _complain(str(error))
    except (sqlite3.DatabaseError, psycopg.OperationalError) as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        return _complain(f"The database cannot be used: {' '.join(str(error).split())}")
    except KeyboardInterrupt:
        return 130
    return status


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _init(_arguments: argparse.Namespace) -> int:
    config = load()
    _prepare(config)
    print(f"Ready: {config.instance_dir}/ holds what belongs to this installation.")
    return 0


def _migrate(_arguments: argparse.Namespace) -> int:
    with _database(load()) as db:
        applied = migrations.apply(db)
    print(f"Applied: {', '.join(applied)}." if applied else "The schema is up to date.")
    return 0


def _serve(_arguments: argparse.Namespace) -> int:
    config = load()
    _refuse_old_schema(config)
    _refuse_taken_port(config)
    from diary import serve

    serve.main(config)
    return 0


def _worker(_arguments: argparse.Namespace) -> int:
    config = load()
    _refuse_old_schema(config)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    from diary import worker

    worker.main(config)
    return 0


def _run(arguments: argparse.Namespace) -> int:
    _follow_parent(arguments)
    config = load()
    _refuse_taken_port(config)
    _prepare(config)
    return _supervise(config, dict(os.environ))


def _demo(arguments: argparse.Namespace) -> int:
    _follow_parent(arguments)
    # Always this file: the demo must never meet the database of a study.
    environ = {**os.environ, "DIARY_DATABASE": DEMO_DATABASE}
    config = load(environ)
    _refuse_taken_port(config)
    from diary import demo

    # Nobody real is ever written to from the demo, whatever the study beside it uses.
    environ["DIARY_CHANNELS"] = demo.channel_setting(config)
    config = load(environ)
    demo.ensure(config)
    _prepare(config)
    demo.keep_on_call(config)
    return _supervise(config, environ)


def _backup(arguments: argparse.Namespace) -> int:
    config = load()
    print(f"Copied and checked: {backup.save(config, arguments.file, clock.now())}")
    print(f"The keys in {config.instance_dir}/*.key are not in it: keep them in another safe place.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    aside = backup.restore(load(), arguments.file, replace=arguments.replace, now=clock.now())
    if aside:
        print(f"What was there before is kept as {aside}.")
    print("Restored. Run `diary verify` before you start it again.")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    """Exit status 0 only when nothing was found."""
    config = load()
    _refuse_old_schema(config)
    kept: Path = arguments.seals or config.seals_path
    if arguments.seals and not kept.exists():
        raise Refusal(f"There is no copy of the seals at {kept}.")
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    with _database(config) as db:
        report = verify.verify(db, config.seal_key, study_file.load(config.study_path), clock.now(), lines)
    for finding in report.findings:
        print(f"{finding.where}: {finding.what}")
    for note in report.notes:
        print(f"Note: {note}")
    print(f"{report.rows} rows in {report.streams} chains, {report.seals} seals: ", end="")
    print(f"{len(report.findings)} finding(s)." if report.findings else AS_WRITTEN)
    return 1 if report.findings else 0


def _config(_arguments: argparse.Namespace) -> int:
    for line in explain.lines(os.environ, ENV_FILE):
        print(line)
    return 0


def _vapid(_arguments: argparse.Namespace) -> int:
    config = load()
    print(f"Public key: {keys.vapid_public(config.vapid_private_key)}")
    if read(os.environ, ENV_FILE)["DIARY_VAPID_PRIVATE_KEY"].value:
        print("Its private half is given by DIARY_VAPID_PRIVATE_KEY.")
    else:
        print(f"Its private half is in {config.instance_dir / keys.VAPID_FILE}.")
    print("Keep the private half in another safe place as well.")
    print("When it is lost, no phone is reached by push until its owner has opened the diary again.")
    if config.vapid_subject is None:
        print("Nothing is sent by push yet: set DIARY_VAPID_SUBJECT to a mailto: or https: address of yours.")
    else:
        print(f"Push services may write to: {config.vapid_subject}")
    return 0


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", type=Path, help="where to (default: a dated file in backups/ beside the database)"
    )


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a copy made by diary backup")
    parser.add_argument("--replace", action="store_true", help="keep a database that is not empty aside")


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seals", type=Path, help="the copy of the seals to check against (default: the one kept beside it)"
    )


def _parent_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the program that started this ends"
    )


COMMANDS = (
    Command("init", "make what is missing (folder, keys, database), and the administrator's link", _init),
    Command("migrate", "bring the database to the schema of this version", _migrate),
    Command("serve", "the web server alone", _serve),
    Command("worker", "the worker alone: rules that wait for time to pass, and housekeeping", _worker),
    Command("run", "init, then web server and worker together until one ends", _run, _parent_argument),
    Command("demo", "the same on instance/demo.db, filled with an invented study", _demo, _parent_argument),
    Command("backup", "copy the database into one file, also while it is in use", _backup, _backup_arguments),
    Command("restore", "put such a copy in the database's place", _restore, _restore_arguments),
    Command(
        "verify", "check the audit trail, its seals and every record against it", _verify, _verify_arguments
    ),
    Command("vapid", "the public key of push messages, and what to do about it", _vapid),
    Command("config", "every setting, where its value comes from and what it means", _config),
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="diary", description="The diary of the islet transplantation study."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.meaning, description=command.meaning)
        command.add_arguments(one)
        one.set_defaults(run=command.run)
    return parser


@contextlib.contextmanager
def _database(config: Config) -> Iterator[Database]:
    config.instance_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = open_database(config.database)
    try:
        yield db
    finally:
        db.close()


def _prepare(config: Config) -> None:
    """Migrate, and print the administrator's one-time link while there is no administrator."""
    with _database(config) as db:
        migrations.apply(db)
        link = accounts.setup_link(
            db, study_file.load(config.study_path), clock.now(), config.base_url, config.secret_key
        )
    if link:
        print(
            f"There is no administrator yet. This link makes the first one, once:\n\n    {link}\n", flush=True
        )


def _refuse_old_schema(config: Config) -> None:
    with _database(config) as db:
        if behind := migrations.pending(db):
            raise Refusal(f"The database lacks {', '.join(behind)}: run `diary migrate` first.")


def _refuse_taken_port(config: Config) -> None:
    if problem := port_problem(config.host, config.port):
        raise Refusal(problem)


def _follow_parent(arguments: argparse.Namespace) -> None:
    if arguments.with_parent:
        die_with_parent(os.getppid(), signal.SIGTERM)


def _supervise(config: Config, environ: dict[str, str]) -> int:
    print(f"Islet Diary is at {config.base_url} (Ctrl-C stops it).", flush=True)
    diary = (sys.executable, "-m", "diary.cli")
    programs = [Program("web server", (*diary, "serve")), Program("worker", (*diary, "worker"))]
    return supervise(programs, environ)


if __name__ == "__main__":
    sys.exit(main())
