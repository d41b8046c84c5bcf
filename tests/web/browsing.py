"""A browser as the tests use it, and what comes back."""

from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BASE_URL = "http://localhost:8000"


class Answer(TestResponse):
    """Who reads its JSON takes it that there is some: without any the test fails right there."""

    @property
    def json(self) -> Any:
        return self.get_json()


class Browser(FlaskClient):
    """A client whose answers are read as JSON."""

    def open(self, *args: Any, **more: Any) -> Answer:
        return cast(Answer, super().open(*args, **more))

    def get(self, *args: Any, **more: Any) -> Answer:
        return self.open(*args, **more, method="GET")

    def post(self, *args: Any, **more: Any) -> Answer:
        return self.open(*args, **more, method="POST")

    def put(self, *args: Any, **more: Any) -> Answer:
        return self.open(*args, **more, method="PUT")

    def patch(self, *args: Any, **more: Any) -> Answer:
        return self.open(*args, **more, method="PATCH")


def browser(app: Flask) -> Browser:
    """A client that sends the Origin header, as browsers do with what changes something."""
    client = Browser(app, app.response_class)
    client.environ_base["HTTP_ORIGIN"] = BASE_URL
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
