"""The commands that end by themselves; tests/test_running.py has those that go on."""

import re
import socket
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import migrations
from diary import cli
from diary.db import open_database
from diary.settings import SETTINGS

Diary = Callable[..., tuple[int, str, str]]


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Diary:
    """Runs a command in an empty folder; answers exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    # The command narrows the umask of its own process, which here is that of the tests.
    monkeypatch.setattr("os.umask", lambda _mask: 0o022)

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def database() -> sqlite3.Connection:
    return sqlite3.connect("instance/diary.db")


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n") and "Traceback" not in text


def test_init_makes_the_database_and_prints_the_administrators_link(diary: Diary) -> None:
    status, out, err = diary("init")
    assert (status, err) == (0, "")
    assert "http://localhost:8000/site/#/setup?code=" in out
    with closing(open_database("sqlite:///instance/diary.db")) as db:
        assert migrations.pending(db) == []


def test_a_second_init_gives_a_new_link_and_loses_nothing(diary: Diary) -> None:
    first = diary("init")[1]
    second = diary("init")[1]
    assert "code=" in second and first != second
    with closing(database()) as conn:
        open_codes = conn.execute(
            "select count(*) from activation_codes where account_id is null and revoked_at is null"
        ).fetchone()
    assert open_codes == (1,)


def test_with_an_administrator_there_is_no_link(diary: Diary) -> None:
    diary("init")
    with closing(database()) as conn, conn:
        conn.execute(
            "insert into accounts (id, role, login, language, state, created_at) values"
            " ('a', 'administrator', 'admin@example.org', 'en', 'open', '2026-03-01T00:00:00.000Z')"
        )
    status, out, _err = diary("init")
    assert status == 0 and "code=" not in out


def test_migrate_says_what_it_applied_and_then_that_there_is_nothing(diary: Diary) -> None:
    assert migrations.NAMES[0] in diary("migrate")[1]
    assert "up to date" in diary("migrate")[1]


@pytest.mark.parametrize("word", ["serve", "worker", "verify"])
def test_a_command_that_needs_the_present_schema_says_how_to_get_it(diary: Diary, word: str) -> None:
    status, out, err = diary(word)
    assert (status, out) == (1, "")
    assert is_one_sentence(err) and "diary migrate" in err


@pytest.mark.parametrize("word", ["run", "demo"])
def test_a_taken_port_is_named_before_anything_starts(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("DIARY_PORT", str(port))
        status, out, err = diary(word)
    assert (status, out) == (1, "")
    assert is_one_sentence(err) and f"Port {port} " in err
    assert not list(Path().rglob("*.db")), "a database was made although nothing could start"


@pytest.mark.parametrize("word", [command.name for command in cli.COMMANDS if command.name != "restore"])
def test_a_setting_that_cannot_be_used_stops_every_command_with_a_sentence(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("DIARY_BASE_URL", "http://diary.example.org")
    status, _out, err = diary(word)
    assert status == 1
    assert is_one_sentence(err) and err.startswith("DIARY_BASE_URL")
    assert not Path("instance").exists()


@pytest.mark.parametrize(
    "address", ["sqlite:////dev/null/diary.db", "postgresql://nobody@127.0.0.1:9/diary?connect_timeout=2"]
)
def test_a_database_that_cannot_be_used_is_one_sentence(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DIARY_DATABASE", address)
    status, _out, err = diary("migrate")
    assert status == 1 and is_one_sentence(err)


def test_a_file_that_is_no_database_is_one_sentence(diary: Diary) -> None:
    Path("instance").mkdir()
    Path("instance/diary.db").write_bytes(b"no database at all" * 500)
    status, _out, err = diary("migrate")
    assert status == 1 and is_one_sentence(err)


def test_a_copy_goes_beside_the_database_and_comes_back(diary: Diary) -> None:
    diary("init")
    status, out, _err = diary("backup")
    assert status == 0 and "instance/*.key" in out
    [copy] = Path("instance/backups").glob("diary-*.db")
    assert str(copy) in out and stat.S_IMODE(copy.stat().st_mode) == 0o600
    status, _out, err = diary("restore", str(copy))
    assert status == 1 and is_one_sentence(err) and "--replace" in err
    status, out, _err = diary("restore", "--replace", str(copy))
    assert status == 0 and "before-restore-" in out
    assert diary("verify")[0] == 0


def test_verify_fails_when_a_record_was_changed(diary: Diary) -> None:
    diary("init")
    with closing(database()) as conn, conn:
        [trigger] = conn.execute(
            "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit' and sql like '%update%'"
        ).fetchone()
        conn.execute(f"drop trigger {trigger}")
        conn.execute("update audit set actor_role = 'monitor'")
    status, out, _err = diary("verify")
    assert status == 1 and "was changed after it was written" in out


def test_config_shows_every_setting(diary: Diary) -> None:
    status, out, err = diary("config")
    assert (status, err) == (0, "")
    for setting in SETTINGS:
        assert f"{setting.name} = " in out


def test_an_unknown_command_is_refused_with_the_list_of_commands(
    diary: Diary, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        diary("destroy")
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(command.name in said for command in cli.COMMANDS)


def test_vapid_prints_the_public_key_and_where_the_private_one_is(diary: Diary) -> None:
    status, shown, _err = diary("vapid")
    assert (status, diary("vapid")) == (0, (0, shown, ""))
    [key] = re.findall(r"^Public key: ([A-Za-z0-9_-]{87})$", shown, flags=re.MULTILINE)
    assert key.startswith("B") and "vapid.key" in shown
    assert "DIARY_VAPID_SUBJECT" in shown, "on localhost nothing can be sent yet"
    assert Path("instance", "vapid.key").read_text().strip() not in shown


def test_vapid_says_that_the_key_is_given(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARY_VAPID_PRIVATE_KEY", "Z2" * 21 + "Q")
    monkeypatch.setenv("DIARY_VAPID_SUBJECT", "mailto:ops@example.org")
    _status, shown, _err = diary("vapid")
    assert "given by DIARY_VAPID_PRIVATE_KEY" in shown and "mailto:ops@example.org" in shown
    assert not Path("instance", "vapid.key").exists()
