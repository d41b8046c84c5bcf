"""The road itself: syncEntries through gunicorn and in-process, putEntry over a kept connection."""

import shutil
import time
from itertools import islice
from pathlib import Path
from random import Random

from flask.testing import FlaskClient

import migrations
from bench.bare import Statement, recorded
from diary.app import create_app
from diary.config import Config, load
from diary.db import open_database
from tests.proof.load import PIN, Diarist, Entry, Writer, a_year_ago, enrol_writers
from tests.proof.running import Caller, Server, diary_command

BATCH = 500
SYNC = "/api/patient/entries/sync"


class Road:
    """A database with one participant in it, copied for each measurement, and the entries to send."""

    def __init__(self, folder: Path, batches: int, singles: int) -> None:
        self.folder = folder
        self.start = folder / "start.db"
        db = open_database(f"sqlite:///{self.start}")
        migrations.apply(db)
        self.writer: Writer = enrol_writers(db, self.config(self.start), 1)[0]
        db.close()
        entries = Diarist(self.writer, Random(7), a_year_ago()).entries()
        self.batches = [list(islice(entries, BATCH)) for _ in range(batches)]
        self.singles: list[Entry] = list(islice(entries, singles))

    def config(self, path: Path) -> Config:
        return load({"DIARY_DATABASE": f"sqlite:///{path}"}, None)

    def copy(self, name: str) -> Path:
        path = self.folder / name / "diary.db"
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir()
        shutil.copyfile(self.start, path)
        return path

    def client(self, path: Path) -> FlaskClient:
        """A signed-in client that calls the application without a network."""
        config = self.config(path)
        client = create_app(config).test_client()
        client.environ_base["HTTP_ORIGIN"] = config.base_url
        answer = client.post("/api/sign-in", json={"login": self.writer.login, "secret": PIN})
        if answer.status_code != 200:
            raise RuntimeError(f"sign-in answered {answer.status_code}")
        return client

    def send(self, client: FlaskClient) -> float:
        """Every batch through the WSGI application; the seconds."""
        began = time.perf_counter()
        for batch in self.batches:
            self._check(client.post(SYNC, json={"entries": batch}).get_json())
        return time.perf_counter() - began

    def statements(self) -> list[list[Statement]]:
        """What the road writes for each batch."""
        client = self.client(self.copy("recorded"))
        written = []
        for batch in self.batches:
            with recorded() as log:
                self._check(client.post(SYNC, json={"entries": batch}).get_json())
            written.append(log)
        return written

    def server(self, name: str) -> Server:
        server = Server(self.copy(name).parent, *diary_command("serve"))
        server.start()
        return server

    def through(self, server: Server) -> float:
        """Every batch over one loopback connection, signing in not counted; the seconds."""
        caller = Caller(server.port, server.origin, timeout_s=120)
        caller.sign_in(self.writer.login)
        began = time.perf_counter()
        for batch in self.batches:
            self._check(caller.call("POST", SYNC, {"entries": batch}).body)
        took = time.perf_counter() - began
        caller.close()
        return took

    def _check(self, answer: dict[str, list[dict[str, str]]]) -> None:
        """A figure for entries that were refused would be no figure."""
        statuses = {result["status"] for result in answer["results"]}
        if not statuses <= {"stored", "held"}:
            raise RuntimeError(f"the road answered {statuses}")
