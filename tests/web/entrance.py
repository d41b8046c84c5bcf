"""The two doors as tests go through them: signing in, and a code."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def sign_in(client: FlaskClient, login: str, secret: str, **more: str) -> TestResponse:
    return client.post("/api/sign-in", json={"login": login, "secret": secret, **more})


def activate(client: FlaskClient, code: str, **more: str) -> TestResponse:
    return client.post("/api/activate", json={"code": code, "language": "en", **({"pin": "7391"} | more)})
