"""The demo: an invented study with a year of diary, filled once into a database of its own."""

from diary.demo.files import ensure, keep_on_call
from diary.demo.oncall import channel_setting

__all__ = ["channel_setting", "ensure", "keep_on_call"]
