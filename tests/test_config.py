import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from diary import explain, keys
from diary.config import Config, ConfigError, check, load
from diary.settings import SETTINGS, read

# Only wrong by their text: the other settings of the gateway are given.
WHOLE_SMS = ("DIARY_SMS_PARAMETERS", "DIARY_SMS_URL")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def test_without_any_setting_the_diary_runs_on_the_embedded_database() -> None:
    config = load({})
    assert config.database == "sqlite:///instance/diary.db"
    assert (config.host, config.port, config.base_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert config.instance_dir == Path("instance")


def test_the_base_url_follows_the_port() -> None:
    assert load({"DIARY_PORT": "8123"}).base_url == "http://localhost:8123"


def test_the_environment_wins_over_the_env_file_and_the_file_over_the_default(folder: Path) -> None:
    (folder / ".env").write_text("DIARY_PORT=8001\nDIARY_PROXIES=1\n")
    config = load({"DIARY_PORT": "8002"})
    assert (config.port, config.proxies) == (8002, 1)


def test_an_empty_setting_is_not_set() -> None:
    assert load({"DIARY_PORT": " ", "DIARY_STUDY": ""}).port == 8000


def test_the_env_file_is_taken_literally(folder: Path) -> None:
    (folder / ".env").write_text("DIARY_SECRET_KEY='abc$HOME-0123456789-0123456789-0123456789'\n")
    assert load({}).secret_key == "abc$HOME-0123456789-0123456789-0123456789"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://diary.example.org", "https://diary.example.org"),
        ("https://Diary.Example.org/", "https://diary.example.org"),
        ("https://diary.example.org:443", "https://diary.example.org"),
        ("https://diary.example.org:8443", "https://diary.example.org:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_the_base_url_is_kept_as_browsers_send_an_origin(given: str, kept: str) -> None:
    assert load({"DIARY_BASE_URL": given}).base_url == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIARY_BASE_URL", "http://diary.example.org"),
        ("DIARY_BASE_URL", "http://192.168.1.20:8000"),
        ("DIARY_BASE_URL", "http://localhost.example.org"),
        ("DIARY_BASE_URL", "https://diary.example.org/path"),
        ("DIARY_BASE_URL", "https://somebody@diary.example.org"),
        ("DIARY_BASE_URL", "https://diary.example.org:99999"),
        ("DIARY_BASE_URL", "diary.example.org"),
        ("DIARY_BASE_URL", "ftp://diary.example.org"),
        ("DIARY_PORT", "0"),
        ("DIARY_PORT", "65536"),
        ("DIARY_PORT", "80a"),
        ("DIARY_PORT", "-1"),
        ("DIARY_PORT", "８０"),
        ("DIARY_PROXIES", "many"),
        ("DIARY_SECRET_KEY", "short"),
        ("DIARY_STUDY", "nowhere.toml"),
        ("DIARY_DATABASE", "diary.db"),
        ("DIARY_DATABASE", "sqlite:///"),
        ("DIARY_DATABASE", "sqlite:///:memory:"),
        ("DIARY_DATABASE", "mysql://root:geheim@localhost/diary"),
        ("DIARY_PUSH_HOSTS", "https://push.example.org"),
        ("DIARY_PUSH_HOSTS", "http://push.example.org"),
        ("DIARY_HEARTBEAT_URL", "http://monitor.example.org"),
        ("DIARY_VAPID_PRIVATE_KEY", "geheim"),
        ("DIARY_VAPID_PRIVATE_KEY", "A" * 43),
        ("DIARY_VAPID_PRIVATE_KEY", "_" * 42 + "8"),
        ("DIARY_VAPID_SUBJECT", "mailto:ops@localhost"),
        ("DIARY_VAPID_SUBJECT", "mailto:ops@study.invalid"),
        ("DIARY_VAPID_SUBJECT", "mailto:example.org"),
        ("DIARY_VAPID_SUBJECT", "https://localhost:8000"),
        ("DIARY_VAPID_SUBJECT", "https://10.0.0.1"),
        ("DIARY_VAPID_SUBJECT", "http://diary.example.org"),
        ("DIARY_VAPID_SUBJECT", "ops@example.org"),
        ("DIARY_CHANNELS", "geheim"),
        ("DIARY_CHANNELS", "email=geheim"),
        ("DIARY_CHANNELS", "json://one json://two"),
        ("DIARY_CHANNELS", "a=b://{address} a=c://{address}"),
        ("DIARY_SMS_PARAMETERS", "[]"),
        ("DIARY_SMS_URL", "http://sms.example.org"),
        ("DIARY_SMS_TEMPLATE", "SMS_1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_sentence(folder: Path, name: str, value: str) -> None:
    others = {
        "URL": "https://a.example.org",
        "KEY_ID": "i",
        "KEY_SECRET": "s",
        "SIGN_NAME": "n",
        "TEMPLATE": "t",
    }
    whole = {f"DIARY_SMS_{part}": text for part, text in others.items()} if name in WHOLE_SMS else {}
    with pytest.raises(ConfigError) as refused:
        load({**whole, name: value})
    sentence = str(refused.value)
    assert (
        sentence.startswith("DIARY_SMS_" if name == "DIARY_SMS_TEMPLATE" else name)
        and sentence.endswith(".")
        and "\n" not in sentence
    )
    assert "put" in sentence
    assert "geheim" not in sentence
    assert list(folder.iterdir()) == [], "a refused setting leaves files behind"


def test_demo_and_study_in_one_folder_have_seals_of_their_own() -> None:
    study, demo = (load({"DIARY_DATABASE": f"sqlite:///instance/{name}.db"}) for name in ("diary", "demo"))
    assert study.seals_path == Path("instance/diary-audit-seals.jsonl")
    assert demo.seals_path == Path("instance/demo-audit-seals.jsonl")
    assert load({"DIARY_DATABASE": "postgresql://db/x"}).seals_path == study.seals_path


def test_lists_are_split_at_spaces() -> None:
    config = load(
        {
            "DIARY_PUSH_HOSTS": "Push.example.org  http://127.0.0.1:9",
            "DIARY_CHANNELS": "a=b://{address} folder=/d",
        }
    )
    assert config.push_hosts == ("push.example.org", "http://127.0.0.1:9")
    assert config.channels == {"a": "b://{address}", "folder": "/d"}


def test_keys_are_made_once_beside_the_database_and_only_their_owner_reads_them(folder: Path) -> None:
    settings = {"DIARY_DATABASE": "sqlite:///data/log.db"}
    first, second = load(settings), load(settings)
    assert (first.secret_key, first.seal_key) == (second.secret_key, second.seal_key)
    assert first.secret_key != first.seal_key.hex()
    assert len(first.seal_key) == keys.KEY_BYTES
    assert first.vapid_private_key == second.vapid_private_key != first.secret_key
    for name in (keys.SECRET_FILE, keys.SEAL_FILE, keys.VAPID_FILE):
        assert stat.S_IMODE((folder / "data" / name).stat().st_mode) == 0o600
    assert len(list((folder / "data").iterdir())) == 3


def test_with_a_database_server_the_keys_stand_in_the_instance_folder() -> None:
    assert load({"DIARY_DATABASE": "postgresql://diary@db/diary"}).instance_dir == Path("instance")
    assert Path("instance", keys.SEAL_FILE).is_file()


def test_a_given_secret_key_is_used_and_none_is_made() -> None:
    secret = "0123456789abcdef0123456789abcdef"
    assert load({"DIARY_SECRET_KEY": secret}).secret_key == secret
    assert not Path("instance", keys.SECRET_FILE).exists()


def test_processes_that_start_together_agree_on_the_keys(folder: Path) -> None:
    program = "import sys; from diary.config import load; sys.stdin.read(1); print(load({}).secret_key)"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("x")
        process.stdin.flush()
    answers = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert len(answers) == 1 and len(answers.pop()) == 64


@pytest.mark.parametrize("text", ["", "abcd", "not hexadecimal" * 5])
def test_a_damaged_key_file_is_refused_and_never_replaced(folder: Path, text: str) -> None:
    (folder / "instance").mkdir()
    (folder / "instance" / keys.SEAL_FILE).write_text(text)
    with pytest.raises(ConfigError, match="keys beside the database"):
        load({})
    assert (folder / "instance" / keys.SEAL_FILE).read_text() == text


def test_secrets_do_not_show_when_a_config_is_printed() -> None:
    sms = {f"DIARY_SMS_{name}": "https://sms.example.org/geheim" for name in ("URL", "SIGN_NAME", "TEMPLATE")}
    sms = {name: value.removesuffix("geheim") for name, value in sms.items()}
    secrets = {
        "DIARY_SMS_KEY_ID": "id",
        "DIARY_SMS_KEY_SECRET": "geheim",
        "DIARY_VAPID_PRIVATE_KEY": "Z2" * 21 + "Q",
    }
    config = load({"DIARY_CHANNELS": "email=mailto://geheim/?to={address}", **sms, **secrets})
    shown = repr(config)
    assert (
        "geheim" not in shown
        and config.vapid_private_key not in shown
        and config.secret_key not in shown
        and repr(config.seal_key) not in shown
    )
    assert isinstance(config, Config)


def report(environ: dict[str, str]) -> str:
    return "\n".join(explain.lines(environ, Path(".env")))


def test_diary_config_names_every_setting_with_source_and_meaning(folder: Path) -> None:
    (folder / ".env").write_text("DIARY_PROXIES=1\n")
    text = report({"DIARY_PORT": "8002"})
    for setting in SETTINGS:
        assert f"{setting.name} = " in text and setting.meaning in text
    assert "DIARY_PORT = 8002\n    from: environment" in text
    assert "DIARY_PROXIES = 1\n    from: .env file" in text
    assert "DIARY_HOST = 127.0.0.1\n    from: default" in text
    assert "DIARY_BASE_URL = http://localhost:8002\n    from: default" in text


def test_diary_config_makes_no_key_and_says_when_one_was_made() -> None:
    assert "DIARY_SECRET_KEY = (not made yet)\n    from: made at first start" in report({})
    assert not Path("instance").exists()
    load({})
    assert f"DIARY_SECRET_KEY = {explain.MASK}\n    from: made at first start" in report({})


def test_diary_config_masks_secrets_and_passwords() -> None:
    environ = {setting.name: "geheim" * 6 for setting in SETTINGS if setting.secret}
    environ["DIARY_VAPID_PRIVATE_KEY"] = "geheim" * 7 + "g"
    environ["DIARY_CHANNELS"] = "email=mailto://geheim/?to={address}"
    environ |= {f"DIARY_SMS_{name}": "x" for name in ("KEY_ID", "SIGN_NAME", "TEMPLATE")}
    environ["DIARY_SMS_URL"] = "https://sms.example.org/"
    environ["DIARY_HEARTBEAT_URL"] = "https://monitor.example.org/geheim"
    environ["DIARY_DATABASE"] = "postgresql://diary:geheim@db/diary"
    text = report(environ)
    assert "geheim" not in text
    assert f"postgresql://diary:{explain.MASK}@db/diary" in text
    assert "geheim" not in report({"DIARY_DATABASE": "postgresql://db/diary?user=diary&password=geheim"})


def test_diary_config_tells_of_a_name_that_is_no_setting(folder: Path) -> None:
    (folder / ".env").write_text("DIARY_PROT=1\n")
    assert "DIARY_PROT is no setting" in report({})


def test_diary_config_shows_all_before_it_names_what_is_wrong() -> None:
    shown: list[str] = []
    with pytest.raises(ConfigError, match="DIARY_PORT"):
        for line in explain.lines({"DIARY_PORT": "no"}, None):
            shown.append(line)
    assert "DIARY_PORT = no" in shown


@pytest.mark.parametrize(
    ("given", "base_url", "subject"),
    [
        ("", "https://diary.example.org", "https://diary.example.org"),
        ("", "https://diary.example.org:8443", "https://diary.example.org:8443"),
        ("", "http://localhost:8000", None),
        ("", "https://localhost", None),
        ("mailto:ops@example.org", "http://localhost:8000", "mailto:ops@example.org"),
    ],
)
def test_push_is_signed_for_somebody_who_can_be_reached(
    given: str, base_url: str, subject: str | None
) -> None:
    assert load({"DIARY_VAPID_SUBJECT": given, "DIARY_BASE_URL": base_url}).vapid_subject == subject


def test_the_sms_gateway_is_given_wholly() -> None:
    assert load({}).sms is None
    gate = load(
        {
            "DIARY_SMS_URL": "https://sms.example.org/", "DIARY_SMS_KEY_ID": "id", "DIARY_SMS_KEY_SECRET": "s",
            "DIARY_SMS_SIGN_NAME": "日记", "DIARY_SMS_TEMPLATE": "SMS_1", "DIARY_SMS_PARAMETERS": '{"n": "1"}',
        }
    ).sms  # fmt: skip
    assert gate is not None and (gate.sign_name, gate.parameters) == ("日记", '{"n": "1"}')


def test_an_apprise_address_as_it_stands_is_one_place_for_all_staff_and_for_no_participant() -> None:
    found = {"DIARY_CHANNELS": "json://localhost:9/x email=mailto://u:p@h.example.org/?to={address}"}
    config = check(read(found, None))
    assert config.channel_names == ("json", "email")
    assert config.contact_names == ("email",)
