"""The activation leaflet: one bilingual page with the code, its QR picture and the steps for each phone."""

import io
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import segno
from fpdf import FPDF

WORDS: Final = Path(__file__).with_name("leaflet.toml")
# Noto Sans SC (OFL) comes with the packages of the apps: no font of ours holds Chinese.
FONT: Final = (
    Path(__file__).resolve().parent.parent.parent
    / "pwa/node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
)
MARGIN_MM: Final = 18
INK: Final = (20, 32, 42)
GREY: Final = (65, 78, 89)


@dataclass(frozen=True)
class Leaflet:
    """What stands on it; `until` is local wall-clock text, `phone` the site's (empty: left out)."""

    login: str
    code: str
    link: str
    address: str
    until: str
    phone: str


class FontMissingError(Exception):
    """The packages of the apps are not installed, so Chinese cannot be printed."""


@cache
def _words() -> dict[str, dict[str, str]]:
    with WORDS.open("rb") as file:
        return tomllib.load(file)


def render(leaflet: Leaflet, first: str = "zh-CN") -> bytes:
    """The PDF, one A4 page; the reader's language comes first. Raises FontMissingError."""
    if not FONT.is_file():
        raise FontMissingError(str(FONT))
    languages = (first, "en" if first == "zh-CN" else "zh-CN")
    page = _Page()
    page.set_title(_words()["title"][first])
    page.set_lang(first)
    page.heading(" · ".join(_words()["title"][language] for language in languages))
    page.qr(leaflet.link)
    for key in ("scan", "typed", "code", "login", "valid"):
        value = {"code": leaflet.code, "login": leaflet.login}.get(key)
        page.beside(key, leaflet, languages, value)
    page.ln(4)
    for key in ("iphone", "android", "wechat"):
        page.columns(key, f"{key}_steps", languages)
    for key in ("forgotten", "keep", *(["site"] if leaflet.phone else [])):
        page.small(key, leaflet, languages)
    return bytes(page.output())


def _say(key: str, language: str, leaflet: Leaflet) -> str:
    return _words()[key][language].format(**vars(leaflet))


class _Page(FPDF):
    """One A4 page in millimetres, with a font that knows both languages."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.add_font("noto", fname=FONT)
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=False)
        self.add_page()

    def heading(self, text: str) -> None:
        self._ink(26)
        self.cell(0, 16, text, new_x="LMARGIN", new_y="NEXT")

    def qr(self, link: str) -> None:
        picture = io.BytesIO()
        segno.make_qr(link, error="M").save(picture, kind="png", scale=12, border=2)
        self.qr_top = self.get_y()
        self.image(picture, x=MARGIN_MM, y=self.qr_top, w=58, alt_text=link)

    def beside(self, key: str, leaflet: Leaflet, languages: tuple[str, str], value: str | None) -> None:
        """A line to the right of the QR picture, both languages; with its value in large letters."""
        self.set_x(MARGIN_MM + 64)
        self._ink(11, GREY)
        text = "\n".join(_say(key, language, leaflet) for language in languages)
        if value is not None:
            text = " · ".join(_words()[key][language] for language in languages)
        self.multi_cell(0, 5.2, text, align="L", new_x="LMARGIN", new_y="NEXT")
        if value is not None:
            self.set_x(MARGIN_MM + 64)
            self._ink(20)
            self.cell(0, 10, value, new_x="LMARGIN", new_y="NEXT")

    def columns(self, head: str, body: str, languages: tuple[str, str]) -> None:
        """The steps for one phone, the two languages side by side."""
        self.set_y(max(self.get_y(), self.qr_top + 62))
        top, ends, width = self.get_y(), [], (self.w - 2 * MARGIN_MM - 8) / 2
        for column, language in enumerate(languages):
            self.set_xy(MARGIN_MM + column * (width + 8), top)
            self._ink(14)
            self.multi_cell(width, 8, _words()[head][language], new_x="LEFT", new_y="NEXT")
            self._ink(11)
            self.multi_cell(width, 6, _words()[body][language], align="L", new_x="LEFT", new_y="NEXT")
            ends.append(self.get_y())
        self.set_y(max(ends) + 4)

    def small(self, key: str, leaflet: Leaflet, languages: tuple[str, str]) -> None:
        self._ink(11, GREY)
        text = "\n".join(_say(key, language, leaflet) for language in languages)
        self.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def _ink(self, size: int, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("noto", size=size)
        self.set_text_color(*colour)
