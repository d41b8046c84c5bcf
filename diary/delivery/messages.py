"""Messages through Apprise, or as files into a folder; for a thread, because services are waited for."""

import logging
import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

from apprise import Apprise, AppriseAsset

from diary.delivery.texts import Words
from diary.rules.outcomes import Result

FOLDER: Final = "folder"
CONNECT_S, READ_S = 8.0, 15.0
# Its lines name addresses; ours say what failed.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
_ASSET: Final = AppriseAsset(
    app_id="Diary", app_desc="Diary", app_url="", async_mode=False, image_url_mask="", image_url_logo="",
    image_path_mask="",
)  # fmt: skip


def send(name: str, template: str, address: str, words: Words, *, message_id: str) -> Result:
    """One message to one address by the way of this name; never raises for what a service does."""
    if name == FOLDER:
        return _write(Path(template), address, words, message_id)
    url = template.replace("{address}", quote(address, safe=""))
    service = Apprise(asset=_ASSET)
    if not service.add(url) or len(service) != 1:
        return Result("refused", error=f"the way {name} is set up wrongly in DIARY_CHANNELS")
    plugin = service[0]
    plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT_S, READ_S
    try:
        taken = plugin.notify(title=words.title, body=text_of(words))
    # Whatever a plugin raises, the message has not gone out, and another try may help.
    except Exception as error:
        return Result("later", error=f"{name} failed ({type(error).__name__})")
    if taken:
        return Result("handed_over")
    # Apprise does not say why; most often the network, so it is tried again while there is time.
    return Result("later", error=f"{name} did not take the message")


def text_of(words: Words) -> str:
    """The body and the link, or the link alone."""
    return f"{words.body}\n{words.link}" if words.body else words.link


def _write(folder: Path, address: str, words: Words, message_id: str) -> Result:
    """For the demo and for trying out: one text file a message, there as a whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{message_id}.txt"
        draft = path.with_suffix(".draft")
        draft.write_text(f"To: {address}\n\n{words.title}\n{text_of(words)}\n", encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        return Result("later", error=f"{FOLDER} failed ({type(error).__name__})")
    return Result("handed_over")
