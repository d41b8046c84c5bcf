"""The demo: an invented study with a year of diary, filled once into a database of its own."""

from diary.demo.files import ensure

__all__ = ["ensure"]
