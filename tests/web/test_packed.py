"""Answers on a thin line: packed for whoever can unpack them, the same for everybody."""

import gzip
import json

import pytest

from tests.web.browsing import Browser


def test_a_long_answer_is_packed_and_says_the_same(nobody: Browser) -> None:
    plain = nobody.get("/api/study")
    packed = nobody.get("/api/study", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert len(packed.data) * 3 < len(plain.data)


@pytest.mark.parametrize("reader", [{}, {"Accept-Encoding": "gzip"}])
def test_a_store_between_keeps_packed_and_plain_apart(nobody: Browser, reader: dict[str, str]) -> None:
    assert "Accept-Encoding" in nobody.get("/api/study", headers=reader).headers["Vary"]
