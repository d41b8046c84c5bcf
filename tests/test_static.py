"""The built apps in front of the API, and what stands there while nothing is built."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from diary import static

Get = Callable[..., TestResponse]
SCRIPT = "console.log('diary')\n" * 50


@Request.application
def api(request: Request) -> Response:
    return Response(f"api {request.method} {request.path}")


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>patient</p>")
    (tmp_path / "site" / "index.html").write_text("<p>desk</p>")
    (tmp_path / "sw.js").write_text("// worker")
    (tmp_path / "manifest.webmanifest").write_text("{}")
    (tmp_path / "assets" / "site-DeRHEkQA.js").write_text(SCRIPT)
    (tmp_path / "assets" / "site-DeRHEkQA.js.br").write_bytes(b"packed with brotli")
    return tmp_path


@pytest.fixture
def get(dist: Path) -> Iterator[Get]:
    answers = []

    def ask(path: str, **how: Any) -> TestResponse:
        answer = Client(static.Apps(api, dist)).open(path, **how)
        answers.append(answer)
        return answer

    yield ask
    for answer in answers:
        answer.close()


@pytest.mark.parametrize(("path", "page"), [("/", "<p>patient</p>"), ("/site/", "<p>desk</p>")])
def test_each_app_stands_at_its_address_and_is_asked_for_anew_each_time(
    get: Get, path: str, page: str
) -> None:
    answer = get(path)
    assert (answer.status_code, answer.text) == (200, page)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/html"


def test_the_site_app_answers_for_every_address_under_it(get: Get) -> None:
    for path in ("/site/p/0190-1", "/site/alerts", "/site/p/x/person"):
        answer = get(path)
        assert (answer.status_code, answer.text) == (200, "<p>desk</p>")


def test_the_address_without_its_slash_leads_to_the_site_app(get: Get) -> None:
    answer = get("/site")
    assert answer.status_code in (301, 302)
    assert answer.headers["Location"].endswith("site/")


@pytest.mark.parametrize(
    "path", ["/api/health", "/api/site/alerts", "/api/nothing", "/elsewhere", "/sitemap"]
)
def test_what_is_no_part_of_the_apps_goes_to_the_api(get: Get, path: str) -> None:
    assert get(path).text == f"api GET {path}"


def test_only_reading_is_answered_by_the_apps(get: Get) -> None:
    assert get("/site/anything", method="POST").text == "api POST /site/anything"
    head = get("/site/anything", method="HEAD")
    assert (head.status_code, head.data) == (200, b"")


def test_files_named_by_their_content_are_kept_for_good(get: Get) -> None:
    kept = get("/assets/site-DeRHEkQA.js").headers["Cache-Control"]
    assert "immutable" in kept and "public" in kept


@pytest.mark.parametrize("path", ["/sw.js", "/manifest.webmanifest"])
def test_worker_and_manifest_are_never_taken_from_a_cache_unasked(get: Get, path: str) -> None:
    assert get(path).headers["Cache-Control"] == "no-cache"


def test_the_manifest_has_its_own_type(get: Get) -> None:
    assert get("/manifest.webmanifest").mimetype == "application/manifest+json"


def test_a_browser_that_unpacks_brotli_gets_the_packed_file(get: Get) -> None:
    packed = get("/assets/site-DeRHEkQA.js", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert (packed.headers["Content-Encoding"], packed.data) == ("br", b"packed with brotli")
    plain = get("/assets/site-DeRHEkQA.js")
    assert "Content-Encoding" not in plain.headers
    assert plain.text == SCRIPT


@pytest.mark.parametrize("path", ["/", "/site/", "/site/alerts", "/sw.js", "/assets/site-DeRHEkQA.js"])
def test_pages_run_only_scripts_of_this_server_and_stand_in_no_frame(get: Get, path: str) -> None:
    headers = get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_desk_runs_the_scripts_written_into_its_page_and_no_other_page_does(dist: Path, get: Get) -> None:
    own, words = "ask('日记')", '<script data-en="/a.js">{}</script>'
    elsewhere = '<script type="module" crossorigin src="/assets/site.js"></script>'
    (dist / "site" / "index.html").write_text(f"<head>{words.format(own)}{elsewhere}</head>", "utf-8")
    (dist / "index.html").write_text(words.format("patient()"), "utf-8")
    digest = b64encode(sha256(own.encode()).digest()).decode()
    for path in ("/site/", "/site/alerts"):
        policy = get(path).headers["Content-Security-Policy"]
        assert f"script-src 'self' 'sha256-{digest}';" in policy and policy.count("'sha256-") == 1
    for path in ("/", "/sw.js", "/assets/site-DeRHEkQA.js"):
        assert "script-src 'self';" in get(path).headers["Content-Security-Policy"]


def test_an_unbuilt_diary_says_in_both_languages_how_to_build_it(tmp_path: Path) -> None:
    client = Client(static.Apps(api, tmp_path / "dist"))
    for path in ("/", "/site", "/site/", "/site/alerts"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "还没有构建" in answer.text and "not built" in answer.text
        assert answer.text.count("make run") == 2
    assert client.get("/api/health").text == "api GET /api/health"
    assert client.head("/site/").data == b""
