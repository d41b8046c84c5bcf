"""Checked settings as one frozen `Config`; what is wrong is told in one sentence that says what to put."""

import base64
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from diary import keys
from diary.db import sqlite_path
from diary.settings import Found, read

ENV_FILE = Path(".env")
INSTANCE_DIR = Path("instance")
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
MIN_SECRET_CHARS = 32
FOLDER = "folder"
SMS = "sms"
SMS_NAMES = ("URL", "KEY_ID", "KEY_SECRET", "SIGN_NAME", "TEMPLATE", "PARAMETERS")
# Names that stand for no real host: push services refuse a signature that names one (RFC 8292, 2.1).
_NO_REAL_HOST = re.compile(r"(^|\.)(localhost|invalid|test|example|local|internal)$")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
# The order of the curve P-256: a private key is a number from 1 to one less.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class ConfigError(Exception):
    """A setting that cannot be used; the text is the sentence for the operator."""


@dataclass(frozen=True)
class SmsGate:
    """The SMS gateway's address, what signs its requests, and the one approved text that is sent."""

    url: str
    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    template: str
    parameters: str


@dataclass(frozen=True)
class Config:
    """What the diary runs with; paths are relative to the working folder unless given absolutely."""

    database: str
    host: str
    port: int
    base_url: str
    secret_key: str = field(repr=False)
    seal_key: bytes = field(repr=False)
    instance_dir: Path
    study_path: Path | None = None
    proxies: int = 0
    vapid_private_key: str = field(default="", repr=False)
    vapid_subject: str | None = None
    channels: Mapping[str, str] = field(default_factory=dict, repr=False)
    sms: SmsGate | None = None
    push_hosts: tuple[str, ...] = ()
    heartbeat_url: str | None = field(default=None, repr=False)

    @property
    def channel_names(self) -> tuple[str, ...]:
        """By which names a staff member's further addresses can be kept.

        A way without `{address}` is one place for all, such as the robot of the staff's own group.
        """
        return tuple(self.channels)

    @property
    def contact_names(self) -> tuple[str, ...]:
        """The same for participants and guardians: only ways that lead to each of them alone."""
        own = (name for name, way in self.channels.items() if name == FOLDER or "{address}" in way)
        return (*own, *((SMS,) if self.sms else ()))

    @property
    def name(self) -> str:
        """What this database's files are called, so that the demo's never mix with the study's beside it."""
        return sqlite_path(self.database).stem if self.database.startswith("sqlite:") else "diary"

    @property
    def seals_path(self) -> Path:
        """The seals' copy outside the database: one JSON line a day, to be carried off with the backups."""
        return self.instance_dir / f"{self.name}-audit-seals.jsonl"


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Config:
    """Read, check and complete the settings; makes missing keys in the instance folder; ConfigError."""
    # Keys come last: settings that are refused leave no files behind.
    return _with_keys(check(read(os.environ if environ is None else environ, env_file)))


def check(found: Mapping[str, Found]) -> Config:
    """The settings as a `Config` whose keys, unless given, are still empty; ConfigError."""
    database = _database(_text(found, "DIARY_DATABASE"))
    port = _whole_number("DIARY_PORT", _text(found, "DIARY_PORT"), 1, 65535)
    address = base_url(_text(found, "DIARY_BASE_URL"))
    return Config(
        database=database,
        host=_text(found, "DIARY_HOST"),
        port=port,
        base_url=address,
        secret_key=_secret(_text(found, "DIARY_SECRET_KEY")),
        seal_key=b"",
        instance_dir=instance_dir(database),
        study_path=_study(found["DIARY_STUDY"].value),
        proxies=_whole_number("DIARY_PROXIES", _text(found, "DIARY_PROXIES"), 0, 9),
        vapid_private_key=_vapid_key(_text(found, "DIARY_VAPID_PRIVATE_KEY")),
        vapid_subject=_vapid_subject(_text(found, "DIARY_VAPID_SUBJECT"), address),
        channels=_channels(_text(found, "DIARY_CHANNELS")),
        sms=_sms_gate({name: _text(found, f"DIARY_SMS_{name}") for name in SMS_NAMES}),
        push_hosts=tuple(_push_host(entry) for entry in _text(found, "DIARY_PUSH_HOSTS").lower().split()),
        heartbeat_url=_heartbeat(found["DIARY_HEARTBEAT_URL"].value),
    )


def _with_keys(config: Config) -> Config:
    try:
        secret_key = config.secret_key or keys.read_or_make(config.instance_dir / keys.SECRET_FILE)
        seal_key = bytes.fromhex(keys.read_or_make(config.instance_dir / keys.SEAL_FILE))
        vapid_key = config.vapid_private_key or _p256_key(
            keys.read_or_make(config.instance_dir / keys.VAPID_FILE)
        )
    except (OSError, ValueError) as error:
        raise ConfigError(f"The keys beside the database could not be read or made: {error}.") from error
    return replace(config, secret_key=secret_key, seal_key=seal_key, vapid_private_key=vapid_key)


def instance_dir(database: str) -> Path:
    """The folder of the database file; `instance` when the database is a PostgreSQL server."""
    return sqlite_path(database).parent if database.startswith("sqlite:") else INSTANCE_DIR


def base_url(text: str) -> str:
    """The origin as browsers send it: lower case, no path, no default port; plain http only on loopback."""
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https"):
        raise ConfigError(f"DIARY_BASE_URL is {text!r}: put an address such as https://diary.example.org.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigError(
            f"DIARY_BASE_URL is {text!r}: put scheme, host and port only, without a path or a name."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ConfigError(
            f"DIARY_BASE_URL is {text!r}: plain http is for localhost only, put an https address."
        )
    default_port = 443 if parts.scheme == "https" else 80
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, default_port) else "")


def _text(found: Mapping[str, Found], name: str) -> str:
    return found[name].value or ""


def _split(text: str) -> SplitResult | None:
    """The parts of an absolute address; None when it is none (no host, a port that is no number)."""
    try:
        parts = urlsplit(text)
        return parts if parts.hostname and (parts.port is None or parts.port > 0) else None
    except ValueError:
        return None


def _database(text: str) -> str:
    path = text.removeprefix("sqlite:///")
    if text.startswith("sqlite:///") and path and not path.endswith("/") and ":memory:" not in path:
        return text
    if text.startswith(("postgresql://", "postgres://")):
        return text
    # The text may hold a password, so it is not repeated.
    raise ConfigError(
        "DIARY_DATABASE is no database address: put sqlite:///path/to/file.db or postgresql://…."
    )


def _whole_number(name: str, text: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not lowest <= int(text) <= highest:
        raise ConfigError(f"{name} is {text!r}: put a whole number from {lowest} to {highest}.")
    return int(text)


def _study(text: str | None) -> Path | None:
    if text and not Path(text).is_file():
        raise ConfigError(f"DIARY_STUDY is {text!r}: no such file, put the path of a study.toml.")
    return Path(text) if text else None


def _secret(text: str) -> str:
    if text and len(text) < MIN_SECRET_CHARS:
        raise ConfigError(
            f"DIARY_SECRET_KEY has {len(text)} characters: put at least {MIN_SECRET_CHARS}, or leave it out "
            "and one is made."
        )
    return text


def _p256_key(text: str) -> str:
    """64 hex digits that are a private key of P-256; ValueError."""
    if len(text) != 64 or not 0 < int(text, 16) < _P256_ORDER:
        raise ValueError(
            f"{keys.VAPID_FILE} holds no private key of P-256, put the one from your backup back"
        )
    return text


def _vapid_key(text: str) -> str:
    """The given key as 64 hex digits; empty when none is given."""
    if not text:
        return ""
    try:
        return _p256_key(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).hex())
    except ValueError as error:
        raise ConfigError(
            "DIARY_VAPID_PRIVATE_KEY is no private key: put the 32 bytes of one of P-256 as base64url, or "
            "leave it out and one is made."
        ) from error


def _vapid_subject(text: str, address: str) -> str | None:
    """`mailto:` or `https:` with a host that can be real; the base address when that is one; else None."""
    if not text:
        return address if _names_real_host(address) else None
    if not _names_real_host(text):
        raise ConfigError(
            f"DIARY_VAPID_SUBJECT is {text!r}: put mailto: and an address, or an https address, at which "
            "a push service can really reach you."
        )
    return text


def _names_real_host(subject: str) -> bool:
    if subject.startswith("mailto:"):
        name, _, host = subject.removeprefix("mailto:").rpartition("@")
        if not re.fullmatch(r"[^\s@<>,?]+", name):
            return False
    else:
        parts = _split(subject)
        if parts is None or parts.scheme != "https" or "@" in parts.netloc:
            return False
        host = parts.hostname or ""
    return bool(_HOST.fullmatch(host.lower())) and not _NO_REAL_HOST.search(host.lower())


def _channels(text: str) -> dict[str, str]:
    """Templates by name; the text may hold passwords, so only names are repeated in a sentence."""
    found: dict[str, str] = {}
    for entry in text.split():
        named = re.fullmatch(r"([a-z][a-z0-9_-]{0,30})=(.+)", entry)
        # An Apprise address as it stands is called by its scheme.
        name, template = (named[1], named[2]) if named else (entry.partition("://")[0], entry)
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name) or (not named and "://" not in entry):
            raise ConfigError(
                "DIARY_CHANNELS holds an entry without a name: put name=address, such as "
                "email=mailtos://user:password@smtp.example.org/?to={address}."
            )
        if name == SMS:
            raise ConfigError("DIARY_CHANNELS names sms, which is the SMS gateway's: put another name.")
        if name in found:
            raise ConfigError(f"DIARY_CHANNELS names {name} twice: put another name for one of them.")
        if name != FOLDER and "://" not in template:
            raise ConfigError(
                f"DIARY_CHANNELS has no Apprise address under {name}: put one, or {FOLDER}=/path to write "
                "messages as files."
            )
        found[name] = template
    return found


def _sms_gate(given: Mapping[str, str]) -> SmsGate | None:
    """All of it or nothing."""
    needed = [name for name in SMS_NAMES if name != "PARAMETERS"]
    missing = [f"DIARY_SMS_{name}" for name in needed if not given[name]]
    if len(missing) == len(needed):
        return None
    if missing:
        raise ConfigError(
            f"{missing[0]} is not set, but other DIARY_SMS settings are: put it, or take them out."
        )
    parts = _split(given["URL"])
    if not (parts and (parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS)):
        raise ConfigError("DIARY_SMS_URL is no https address: put one such as https://sms.example.org/.")
    try:
        parameters = json.loads(given["PARAMETERS"] or "{}")
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict) or not all(isinstance(value, str) for value in parameters.values()):
        raise ConfigError(
            'DIARY_SMS_PARAMETERS is no JSON object of texts: put one such as {"name": "diary"}, or {}.'
        )
    return SmsGate(
        url=given["URL"], key_id=given["KEY_ID"], key_secret=given["KEY_SECRET"],
        sign_name=given["SIGN_NAME"], template=given["TEMPLATE"], parameters=json.dumps(parameters),
    )  # fmt: skip


def _push_host(entry: str) -> str:
    if re.fullmatch(r"(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}", entry):
        return entry
    parts = _split(entry)
    if parts and parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS and parts.path == "":
        return entry
    raise ConfigError(
        f"DIARY_PUSH_HOSTS holds {entry!r}: put host names without https:// (plain http only for localhost)."
    )


def _heartbeat(text: str | None) -> str | None:
    parts = _split(text) if text else None
    if text and not (parts and (parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS)):
        raise ConfigError(
            "DIARY_HEARTBEAT_URL is no https address: put one such as https://monitor.example.org/ping."
        )
    return text
