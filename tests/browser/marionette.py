"""A real Firefox, driven by its own Marionette protocol: no geckodriver and no download."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

FIREFOX = os.environ.get("FIREFOX_PATH") or next(
    (found for name in ("firefox-esr", "firefox", "firefox-bin") if (found := shutil.which(name))), None
)
Pref = bool | int | str
PREFS: dict[str, Pref] = {
    # Marionette's own recommendations switch push off; what else they do is written below.
    "remote.prefs.recommended": False,
    "marionette.port": 0,
    # With only a loopback device Firefox would now and then decide that it is offline, and push would die.
    "network.manage-offline-status": False,
    # Offline means offline for the server on this machine too.
    "network.disable-localhost-when-offline": True,
    "network.proxy.type": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.search.update": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.startup.max_resumed_crashes": -1,
    "permissions.default.persistent-storage": 1,
    "security.sandbox.warn_unprivileged_namespaces": False,
    "signon.rememberSignons": False,
}
STARTS_WITHIN_S = 60.0
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# A page cannot be narrower than the desktop window's smallest width; its frame can.
FIT = """const [width, height] = arguments, { style } = gBrowser.selectedBrowser;
for (const [name, px] of [["width", width], ["height", height]])
  for (const of of ["", "min-", "max-"]) style.setProperty(of + name, px + "px", "important");"""


class FirefoxError(Exception):
    """Firefox said no, or did not say anything in time."""


class Firefox:
    """One profile in `profile`; opened, it is a window of 360 x 740, and its life ends by `close` or `kill`."""

    def __init__(
        self,
        profile: Path,
        prefs: Mapping[str, Pref] | None = None,
        *,
        lang: str = "en",
        size: tuple[int, int] = (360, 740),
    ) -> None:
        self.profile, self.size = profile, size
        self.prefs = {**PREFS, "intl.accept_languages": lang, **(prefs or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._last_id = 0

    def open(self, *, offline: bool = False, environment: Mapping[str, str] | None = None) -> "Firefox":
        """Start it, the second time on the same profile; `offline` before any page is asked for."""
        assert FIREFOX is not None
        self.profile.mkdir(parents=True, exist_ok=True)
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in self.prefs.items()
        )
        (self.profile / "user.js").write_text("".join(lines))
        told = self.profile / "MarionetteActivePort"
        for left in (told, self.profile / "lock", self.profile / ".parentlock"):
            left.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [FIREFOX, "--headless", "--marionette", "-remote-allow-system-access", "--no-remote",
             "--profile", str(self.profile)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "TZ": "Asia/Shanghai", "MOZ_CRASHREPORTER_DISABLE": "1", **(environment or {})},
        )  # fmt: skip
        until = time.monotonic() + STARTS_WITHIN_S
        while not (told.exists() and told.read_text().strip()):
            if self._process.poll() is not None or time.monotonic() > until:
                raise FirefoxError("Firefox did not start")
            time.sleep(0.05)
        self._socket = socket.create_connection(("127.0.0.1", int(told.read_text())), timeout=120)
        self._unread = b""
        self._receive()
        self.command("WebDriver:NewSession")
        self.command("WebDriver:SetTimeouts", script=90_000, pageLoad=90_000, implicit=0)
        self.chrome(FIT, *self.size)
        # Not by --offline: that closes Marionette's own door.
        self.offline(offline)
        return self

    def command(self, name: str, **parameters: object) -> object:
        """One Marionette command; what it answers."""
        self._last_id += 1
        text = json.dumps([0, self._last_id, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._receive()
        if error:
            raise FirefoxError(f"{name}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def _receive(self) -> list[dict[str, object]]:
        while b":" not in self._unread:
            self._more()
        length, self._unread = self._unread.split(b":", 1)
        while len(self._unread) < int(length):
            self._more()
        text, self._unread = self._unread[: int(length)], self._unread[int(length) :]
        answer: list[dict[str, object]] = json.loads(text)
        return answer

    def _more(self) -> None:
        piece = self._socket.recv(1 << 16)
        if not piece:
            raise FirefoxError("Firefox has gone")
        self._unread += piece

    def go(self, url: str) -> None:
        self.command("WebDriver:Navigate", url=url)

    def reload(self) -> None:
        self.command("WebDriver:Refresh")

    def script(self, body: str, *arguments: object) -> object:
        """Run an async function's body in the page with these `arguments`; what it returns."""
        waited = f"return (async () => {{ {body} }})()"
        return self.command("WebDriver:ExecuteScript", script=waited, args=list(arguments), sandbox=None)

    def chrome(self, body: str, *arguments: object) -> object:
        """The same in the browser's own window, where `Services` and `gBrowser` are."""
        self.command("Marionette:SetContext", value="chrome")
        try:
            return self.script(body, *arguments)
        finally:
            self.command("Marionette:SetContext", value="content")

    def offline(self, off: bool) -> None:
        self.chrome("Services.io.offline = arguments[0]", off)

    def until(self, body: str, *arguments: object, within_s: float = 20.0) -> object:
        """Run `body` in the page until it returns something true; that."""
        stop = time.monotonic() + within_s
        while not (answer := self.script(body, *arguments)):
            if time.monotonic() > stop:
                seen = self.script("return location.href + ' ' + document.body.innerText")
                raise FirefoxError(f"not within {within_s:.0f} s: {body} {arguments}; the page: {seen}")
            time.sleep(0.05)
        return answer

    def says(self, text: str, within_s: float = 20.0) -> None:
        """Wait until the text can be read on the page."""
        self.until("return document.body?.innerText.includes(arguments[0])", text, within_s=within_s)

    def find(self, css: str, text: str = "") -> dict[str, str]:
        """The first visible element that the selector names and that holds the text, once it is there."""
        body = (
            "return [...document.querySelectorAll(arguments[0])]"
            ".find((e) => e.getClientRects().length > 0 && e.textContent.includes(arguments[1]))"
        )
        found = self.until(body, css, text)
        assert isinstance(found, dict)
        return found

    def click(self, css: str, text: str = "") -> None:
        self.command("WebDriver:ElementClick", id=self.find(css, text)[ELEMENT])

    def type(self, css: str, text: str) -> None:
        self.command("WebDriver:ElementSendKeys", id=self.find(css)[ELEMENT], text=text)

    def press(self, keys: Iterable[str]) -> None:
        """Keys on whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.command("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": actions}])

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(str(self.command("WebDriver:TakeScreenshot", full=False))))

    def kill(self) -> None:
        """As a battery dies: no process of it gets to say a word."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._end()

    def close(self) -> None:
        """As its owner closes it; killed when it takes too long."""
        if self._process is None:
            return
        try:
            self.command("Marionette:Quit", flags=["eForceQuit"])
            self._process.wait(20)
        except (FirefoxError, OSError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def _end(self) -> None:
        if self._process is not None:
            self._process.wait(20)
            self._process = None
        if hasattr(self, "_socket"):
            self._socket.close()
