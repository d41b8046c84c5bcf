"""The two doors as tests go through them: signing in, and a code."""

from tests.web.browsing import Answer, Browser


def sign_in(client: Browser, login: str, secret: str, **more: str) -> Answer:
    return client.post("/api/sign-in", json={"login": login, "secret": secret, **more})


def activate(client: Browser, code: str, **more: str) -> Answer:
    return client.post("/api/activate", json={"code": code, "language": "en", **({"pin": "7391"} | more)})
