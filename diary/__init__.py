"""Islet Diary: the log of an islet transplantation study, received, judged, kept and seen."""

__version__ = "0.1.0"
