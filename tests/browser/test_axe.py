"""axe on every screen of both apps, in both languages, and no target too small for a thumb.

DIARY_PICTURES=folder keeps a picture of each screen; DIARY_WALKS="guardian/en/dark/1280x800 ..." walks these alone.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.browser import scene
from tests.browser.conftest import CHROMIUM, NODE, ROOT, Served

# A browser that is closed leaves connections behind, which the test server drops unclosed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PATIENT = "360x740"
DESK = "1280x800"
WALK_TIMEOUT_S = 900
# Who walks at which size, and no fewer screens than this: a walk that ends early is no walk.
WALKS = {
    "the phone in Chinese": {f"participant/zh-CN/light/{PATIENT}": 82, f"guardian/zh-CN/light/{PATIENT}": 6},
    "the phone in English": {f"participant/en/light/{PATIENT}": 82, f"child/en/light/{PATIENT}": 3},
    "the rest of the phone": {
        f"guardian/en/light/{PATIENT}": 6, f"child/zh-CN/light/{PATIENT}": 3,
        f"participant/zh-CN/dark/{PATIENT}": 12,
    },
    "the desk in Chinese": {
        f"{role}/zh-CN/light/{DESK}": least
        for role, least in (("nobody", 4), ("coordinator", 53), ("investigator", 11), ("monitor", 8), ("administrator", 9))
    },
    "the desk in English": {
        f"{role}/en/light/{DESK}": least
        for role, least in (("nobody", 4), ("coordinator", 53), ("investigator", 11), ("monitor", 8), ("administrator", 9))
    },
    "the desk in the dark": {f"coordinator/en/dark/{DESK}": 5, f"monitor/zh-CN/dark/{DESK}": 5},
}  # fmt: skip
if asked := os.environ.get("DIARY_WALKS"):
    WALKS = {"the walks asked for": dict.fromkeys(asked.split(), 1)}


def _accounts(here: Served, folder: Path) -> Path:
    """Everybody's logins, as the demo writes them."""
    who = here.people
    roles = {p: p.role for p in (who.lin, who.mei, who.chen, who.zhao, who.park, who.ada)} | {who.an: "child"}
    logins = [
        {"role": role, "login": p.login, "secret": p.secret, "totp_secret": None, "subject": None}
        for p, role in roles.items()
    ]
    path = folder / "accounts.json"
    path.write_text(json.dumps(logins))
    return path


@pytest.fixture
def further() -> Mapping[str, Any]:
    return {"channels": {"email": "mailto://127.0.0.1:9/?from=diary@example.org&to={address}"}}


@pytest.mark.parametrize("name", WALKS)
def test_axe_finds_nothing_on_any_screen_of(name: str, served: Served, tmp_path: Path) -> None:
    scene.build(served.config, served.people)
    done = subprocess.run(
        [str(NODE), "--experimental-strip-types", "--no-warnings", "make/screens.ts", served.origin,
         str(_accounts(served, tmp_path)), *WALKS[name]],
        cwd=ROOT / "pwa", env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
        capture_output=True, text=True, timeout=WALK_TIMEOUT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    found = "\n".join(told["found"])
    assert not found, found
    assert all(told["looked"][walk] >= least for walk, least in WALKS[name].items()), told["looked"]
