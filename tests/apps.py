"""One application for many tests: building it costs more than most tests do."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from flask import Flask

from diary.app import create_app
from diary.config import Config


@cache
def _built(secret_key: str, base_url: str) -> list[Flask]:
    """The applications built so far with these settings; what a test changes is put in `app_on`."""
    return []


def app_on(config: Config, now: Callable[[], datetime]) -> Flask:
    """The application on this test's own database and clock."""
    built = _built(config.secret_key, config.base_url)
    if not built:
        built.append(create_app(config, now=now))
    [app] = built
    app.extensions |= {"diary": config, "clock": now}
    return app
