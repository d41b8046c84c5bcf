"""The built apps in front of the API: the patient app at `/`, the site app at `/site/`."""

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from wsgiref.headers import Headers

from whitenoise import WhiteNoise  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DIST: Final = Path(__file__).resolve().parent.parent / "pwa" / "dist"
SITE: Final = "/site/"
# Scripts, styles, pictures and requests from this origin only, and nobody may frame the pages.
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
HARDENED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_INLINE: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
NOT_BUILT: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>日记 · Diary</title></head><body>
<h1>日记还没有构建</h1>
<p>服务器在运行，但手机和工作台的页面还没有做出来。请在程序的文件夹里运行
<code>make run</code>，然后重新打开这个页面。</p>
<div lang="en"><h1>The diary is not built yet</h1>
<p>The server runs, but the pages for phone and desk have not been made. Run <code>make run</code> in the
folder of the program, then open this page again.</p></div>
</body></html>
"""


class Apps(WhiteNoise):  # type: ignore[misc]
    """Answers what the build holds, precompressed where it can; the rest goes on to the API.

    The site app is one page: an unknown address under `/site/` is that page. What is not built says so.
    """

    def __init__(self, api: "WSGIApplication", dist: Path = DIST) -> None:
        self.built = (dist / "index.html").is_file()
        super().__init__(
            api,
            root=str(dist) if self.built else None,
            index_file=True,
            allow_all_origins=False,
            mimetypes={".webmanifest": "application/manifest+json"},
            # Vite names these by their content, so they never change.
            immutable_file_test=lambda _path, url: url.startswith("/assets/"),
            add_headers_function=partial(_add_headers, _policy(dist / "site" / "index.html")),
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            if not self.built and (path == "/" or f"{path}/".startswith(SITE)):
                return _not_built(environ, start_response)
            page = self.files.get(SITE)
            if page is not None and path.startswith(SITE) and path not in self.files:
                answer: Iterable[bytes] = self.serve(page, environ, start_response)
                return answer
        rest: Iterable[bytes] = super().__call__(environ, start_response)
        return rest


def _policy(page: Path) -> str:
    """CSP, and that the desk's page may run the script that the build wrote into it."""
    text = page.read_text("utf-8") if page.is_file() else ""
    digests = (b64encode(sha256(script.encode()).digest()).decode() for script in _INLINE.findall(text))
    own = "".join(f" 'sha256-{digest}'" for digest in digests)
    return CSP.replace("script-src 'self'", f"script-src 'self'{own}")


def _add_headers(desk_policy: str, headers: Headers, _path: str, url: str) -> None:
    if not url.startswith("/assets/"):
        # Pages, service worker, manifest and icons keep their names: asked for anew, answered 304.
        headers["Cache-Control"] = "no-cache"
    for name, value in HARDENED.items():
        headers[name] = value
    headers["Content-Security-Policy"] = desk_policy if url.startswith(SITE) else CSP


def _not_built(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    body = NOT_BUILT.encode()
    headers = {
        **HARDENED,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
    start_response("503 Service Unavailable", list(headers.items()))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
