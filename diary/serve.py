"""The web process: gunicorn with two workers of four threads each, logs to stdout."""

import re
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from diary.app import blueprints, create_app
from diary.config import Config
from diary.db import open_database
from diary.supervisor import die_with_parent

WORKERS = 2
THREADS = 4
# Shorter than the supervisor's patience, so that a request under way is finished and none is killed.
GRACEFUL_TIMEOUT_S = 6
REQUEST_TIMEOUT_S = 60
# No address, query or referrer: they may identify a person or carry a token. So does a feed's path.
ACCESS_LOG = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
_SECRET_PATH: Final = re.compile(r"(?is)(/calendar/).+")

_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}
    },
    "root": {"level": "INFO", "handlers": ["stdout"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False},
        "gunicorn.access": {"level": "INFO", "handlers": ["stdout"], "propagate": False},
    },
}


class AccessLog(Logger):
    """gunicorn's, without the secret that a calendar feed's path is."""

    def atoms(self, *request: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*request)
        return {**found, "U": _SECRET_PATH.sub(r"\1...", found["U"] or "")}


class WebServer(BaseApplication):
    """gunicorn configured from `Config`; the application is made in each worker, after the fork."""

    def __init__(self, config: Config) -> None:
        self.config = config
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        for name, value in {
            "bind": f"{host}:{self.config.port}",
            "proc_name": "diary",
            "worker_class": "gthread",
            "workers": WORKERS,
            "threads": THREADS,
            "timeout": REQUEST_TIMEOUT_S,
            "graceful_timeout": GRACEFUL_TIMEOUT_S,
            "accesslog": "-",
            "access_log_format": ACCESS_LOG,
            "logconfig_dict": _LOGGING,
            "logger_class": AccessLog,
            "post_fork": _bind_to_arbiter,
            # A control socket would be a second way in, in the home folder of whoever starts this.
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        if self.config.database.startswith("sqlite:"):
            # Each request closes its connection, and with the last one SQLite folds its log into the
            # file: two more waits for the disk. One idle connection per process spares them.
            self.kept_open = open_database(self.config.database)
        return create_app(self.config)


def _bind_to_arbiter(arbiter: Any, _worker: Any) -> None:
    # A killed arbiter would leave workers on the port for a while, in the way of the next start.
    die_with_parent(arbiter.pid)


def main(config: Config) -> None:
    """Serve until a signal ends it."""
    # Read before the fork, the views are read once, and both workers share the memory that they take.
    blueprints()
    WebServer(config).run()
