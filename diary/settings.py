"""The table of settings; it drives `Config`, `diary config`, the docs and their test."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values

Source = Literal["default", "environment", ".env file"]


@dataclass(frozen=True)
class Setting:
    """One `DIARY_…` variable; `default` None means that there is no value unless somebody gives one."""

    name: str
    default: str | None
    meaning: str
    secret: bool = False


@dataclass(frozen=True)
class Found:
    """The text of a setting (None: not set) and where it comes from."""

    value: str | None
    source: Source


SETTINGS = (
    Setting(
        "DIARY_DATABASE",
        "sqlite:///instance/diary.db",
        "the database: sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host/name",
    ),
    Setting("DIARY_PORT", "8000", "the port the web server listens on"),
    Setting(
        "DIARY_HOST",
        "127.0.0.1",
        "the address the web server listens on; keep it local, a reverse proxy with TLS faces the network",
    ),
    Setting(
        "DIARY_BASE_URL",
        "http://localhost:$DIARY_PORT",
        "the address people type, without a path; https, except on localhost; other origins are refused",
    ),
    Setting(
        "DIARY_SECRET_KEY",
        None,
        "signs session cookies; at least 32 characters; made once and kept in secret.key beside the database",
        secret=True,
    ),
    Setting("DIARY_STUDY", None, "path of the study's own study.toml; the packaged study when not set"),
    Setting(
        "DIARY_PROXIES",
        "0",
        "how many reverse proxies stand before the web server; only so many X-Forwarded headers are believed",
    ),
    Setting(
        "DIARY_VAPID_PRIVATE_KEY",
        None,
        "the private key that signs push messages, 32 bytes as base64url; made once and kept in vapid.key "
        "beside the database; with another key every phone has to subscribe again",
        secret=True,
    ),
    Setting(
        "DIARY_VAPID_SUBJECT",
        None,
        "whom a push service may write to about the messages: mailto:… or https://…; the base address when "
        "that is https; without one nothing is sent by push",
    ),
    Setting(
        "DIARY_CHANNELS",
        None,
        "ways for messages with spaces between them: an Apprise address, by a name before it (name=address) "
        "or by its scheme; {address} stands where the person's own goes, without it the way is one place for "
        "all staff; folder=/path writes messages as files",
        secret=True,
    ),
    Setting(
        "DIARY_SMS_URL",
        None,
        "the SMS gateway, asked with signed requests as mainland gateways want them (SendSms)",
    ),
    Setting("DIARY_SMS_KEY_ID", None, "the access key id at the SMS gateway"),
    Setting("DIARY_SMS_KEY_SECRET", None, "the access key secret at the SMS gateway", secret=True),
    Setting("DIARY_SMS_SIGN_NAME", None, "the signature under which the gateway sends, as it was approved"),
    Setting("DIARY_SMS_TEMPLATE", None, "the code of the approved message template, whose text is neutral"),
    Setting(
        "DIARY_SMS_PARAMETERS",
        "{}",
        "the parameters of that template as one JSON object of texts, the same for every message",
    ),
    Setting(
        "DIARY_PUSH_HOSTS",
        "fcm.googleapis.com updates.push.services.mozilla.com *.notify.windows.com web.push.apple.com",
        "the only push services that a phone may name, with spaces between them; *. is any one name before, "
        "http://localhost:port is allowed for tests",
    ),
    Setting(
        "DIARY_HEARTBEAT_URL",
        None,
        "an https address outside that the worker calls every minute while it is well, so that its death is "
        "noticed there",
        secret=True,
    ),
)


def read(environ: Mapping[str, str], env_file: Path | None) -> dict[str, Found]:
    """Every setting with its source; the environment wins over the .env file; empty text is not set."""
    in_file = dotenv_values(env_file, interpolate=False) if env_file and env_file.is_file() else {}
    found = {setting.name: _find(setting, environ, in_file) for setting in SETTINGS}
    address = found["DIARY_BASE_URL"]
    expanded = (address.value or "").replace("$DIARY_PORT", found["DIARY_PORT"].value or "")
    return {**found, "DIARY_BASE_URL": Found(expanded, address.source)}


def unknown(environ: Mapping[str, str], env_file: Path | None) -> list[str]:
    """`DIARY_…` names that are no settings: typing errors, most likely."""
    in_file = dotenv_values(env_file, interpolate=False) if env_file and env_file.is_file() else {}
    known = {setting.name for setting in SETTINGS}
    return sorted(name for name in {*environ, *in_file} if name.startswith("DIARY_") and name not in known)


def _find(setting: Setting, environ: Mapping[str, str], in_file: Mapping[str, str | None]) -> Found:
    if given := environ.get(setting.name, "").strip():
        return Found(given, "environment")
    if given := (in_file.get(setting.name) or "").strip():
        return Found(given, ".env file")
    return Found(setting.default, "default")
