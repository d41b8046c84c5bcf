"""`diary config`: every setting, its value, where the value comes from and what it means."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from diary import keys
from diary.config import ConfigError, check
from diary.settings import SETTINGS, Found, Setting, read, unknown

MASK = "********"
_MADE = {"DIARY_SECRET_KEY": keys.SECRET_FILE, "DIARY_VAPID_PRIVATE_KEY": keys.VAPID_FILE}
_PASSWORD = re.compile(r"(://[^:/@]*:)[^@]*(?=@)|((?:^|[?&])password=)[^&]*")


def lines(environ: Mapping[str, str], env_file: Path | None) -> Iterator[str]:
    """The report, line by line; raises ConfigError at its end when a setting cannot be used."""
    found = read(environ, env_file)
    problem, folder = _problem(found)
    for setting in SETTINGS:
        value, source = _shown(setting, found[setting.name], folder)
        yield f"{setting.name} = {value}"
        yield f"    from: {source}"
        yield f"    {setting.meaning}"
    for name in unknown(environ, env_file):
        yield f"{name} is no setting and is ignored."
    if problem:
        raise problem


def _problem(found: Mapping[str, Found]) -> tuple[ConfigError | None, Path | None]:
    try:
        return None, check(found).instance_dir
    except ConfigError as error:
        return error, None


def _shown(setting: Setting, found: Found, folder: Path | None) -> tuple[str, str]:
    key_file = _MADE.get(setting.name)
    if key_file and found.value is None:
        made = folder is not None and (folder / key_file).is_file()
        return (MASK if made else "(not made yet)"), "made at first start"
    if found.value is None:
        return "(not set)", found.source
    if setting.secret:
        return MASK, found.source
    return _PASSWORD.sub(lambda match: (match[1] or match[2]) + MASK, found.value), found.source
