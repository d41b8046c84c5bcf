from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from diary import study_file
from diary.study import LANGUAGES
from diary.study_file import PACKAGED, StudyError

TEXT = PACKAGED.read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert TEXT.count(old) >= 1, old
    path = tmp_path / "study.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def error_of(path: Path) -> StudyError:
    with pytest.raises(StudyError) as caught:
        study_file.load(path)
    return caught.value


def settings() -> list[tuple[str, int]]:
    """(full key, line) of every setting in the packaged file."""
    found, table = [], ""
    for number, line in enumerate(TEXT.splitlines()):
        if header := re.match(r"\[([\w.\-]+)\]", line):
            table = header[1] + "."
        elif setting := re.match(r"([\w\-]+) = ", line):
            found.append((table + setting[1], number))
    return found


# A map of agents that may well be empty.
OPTIONAL = {"contraception.washout_days_by_agent.basiliximab"}
REQUIRED = [row for row in settings() if row[0] not in OPTIONAL]


def test_the_packaged_study_holds_the_published_numbers() -> None:
    packaged = study_file.load()
    mmol, mgdl = packaged.glucose.mmol, packaged.glucose.mgdl
    assert [mmol.severe_below, mmol.level2_below, mmol.level1_below] == [
        Decimal("2.9"),
        Decimal("3.0"),
        Decimal("3.9"),
    ]
    assert [mgdl.severe_below, mgdl.level2_below, mgdl.level1_below] == [Decimal("52.2452"), 54, 70]
    assert [mmol.in_range_to, mmol.very_high_above, mmol.confirm_from, mmol.possible_to] == [
        Decimal("10.0"),
        Decimal("13.9"),
        28,
        Decimal("33.3"),
    ]
    assert [mgdl.in_range_to, mgdl.very_high_above, mgdl.confirm_from, mgdl.possible_to] == [
        180,
        250,
        504,
        600,
    ]
    assert [mmol.meter_prints_from, mgdl.meter_prints_from, mgdl.refused_below] == [Decimal("1.1"), 20, 10]
    assert packaged.glucose.mgdl_per_mmol == Decimal("18.01559")
    assert packaged.contraception.washout_days_of("tacrolimus") == 90
    assert packaged.contraception.washout_days_of("basiliximab") == 120
    assert packaged.red_flags.high_above("mmol/L") == Decimal("16.7")
    assert packaged.red_flags.high_above("mg/dL") == 300


def test_no_number_of_the_study_is_a_float() -> None:
    def walk(value: object) -> None:
        assert not isinstance(value, float)
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for part in parts:
            walk(part)

    walk(study_file.load().for_phone())
    assert isinstance(study_file.load().red_flags.fever_c, Decimal)


def test_the_phone_gets_numbers_as_text_and_texts_in_both_languages() -> None:
    phone = study_file.load().for_phone()
    assert json.loads(json.dumps(phone)) == phone
    assert phone["glucose"]["mmol"]["severe_below"] == "2.9"
    assert phone["glucose"]["mgdl"]["severe_below"] == "52.2452"
    assert phone["window"] == {"free_h": 24, "with_reason_h": 72}
    assert phone["texts"]["low_adult"] == {"zh-CN": "现在吃糖", "en": "Eat sugar now"}
    assert "accounts" not in phone and "sessions" not in phone


def test_the_low_screen_says_nothing_that_the_words_forbid() -> None:
    forbidden = re.compile(r"!|！|\b(error|invalid|failed|must|bad|good job|\w+n't)\b", re.IGNORECASE)
    texts = study_file.load().texts
    assert [key for key in texts for language in LANGUAGES if forbidden.search(texts[key][language])] == []


@pytest.mark.parametrize(("key", "line"), REQUIRED, ids=[key for key, _ in REQUIRED])
def test_a_missing_setting_is_named_with_what_to_put(tmp_path: Path, key: str, line: int) -> None:
    lines = TEXT.splitlines()
    path = tmp_path / "study.toml"
    path.write_text("\n".join([*lines[:line], *lines[line + 1 :]]), encoding="utf-8")
    error = error_of(path)
    assert error.key == key
    assert "is missing; put " in str(error)
    assert key in str(error)


@pytest.mark.parametrize(("key", "line"), REQUIRED, ids=[key for key, _ in REQUIRED])
def test_a_setting_of_the_wrong_kind_is_named(tmp_path: Path, key: str, line: int) -> None:
    lines = TEXT.splitlines()
    lines[line] = lines[line].split(" = ")[0] + " = [false]"
    path = tmp_path / "study.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert error_of(path).key == key


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("free_h = 24", "free_h = 73", "window.with_reason_h"),
        ("free_h = 24", "free_h = 0", "window.free_h"),
        ("free_h = 24", "free_h = true", "window.free_h"),
        ("free_h = 24", "free_h = 24.5", "window.free_h"),
        ("gap_min = 60", "gap_min = -60", "episodes.gap_min"),
        ("severe_below = 2.9 ", "severe_below = 3.1 ", "glucose.mmol.level2_below"),
        ("severe_below = 2.9 ", 'severe_below = "2.9" ', "glucose.mmol.severe_below"),
        ("severe_below = 2.9 ", "severe_below = nan ", "glucose.mmol.severe_below"),
        ("severe_below = 2.9 ", "severe_below = inf ", "glucose.mmol.severe_below"),
        ("possible_to = 600", "possible_to = 500", "glucose.mgdl.possible_to"),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"', "site.zone"),
        ('zone = "Asia/Shanghai"', 'zone = "../etc"', "site.zone"),
        ('zone = "Asia/Shanghai"', 'zone = ""', "site.zone"),
        ("min_age = 6", "min_age = 66", "accounts.max_age"),
        (
            'immunosuppressants = ["tacrolimus"',
            'immunosuppressants = [1, "tacrolimus"',
            "medicines.immunosuppressants",
        ),
        ("[medicines.other_names]", "[medicines.names]", "medicines.other_names"),
        ('basiliximab = ["', 'anti_cd25 = ["x"]\nbasiliximab = ["', "medicines.other_names.anti_cd25"),
        ('quiet_from = "22:00"', 'quiet_from = "24:00"', "reminders.quiet_from"),
        ('snooze_min = ["10", "30"]', 'snooze_min = ["0"]', "reminders.snooze_min"),
        ("page = 2", "page = 0", "reminders.receipt_within_min.page"),
        ("basiliximab = 120", "basiliximab = 0", "contraception.washout_days_by_agent.basiliximab"),
        ('en = "Eat sugar now"', "", "texts.low_adult.en"),
        ('en = "Eat sugar now"', 'en = " "', "texts.low_adult.en"),
        ('en = "Eat sugar now"', 'en = "Eat sugar now"\nfr = "Du sucre"', "texts.low_adult.fr"),
        ('en = "Read by {who} at {time}"', 'en = "Read at {time}"', "texts.low_read"),
        ("gap_min = 60", "gap_min = 60\ngap_mins = 90", "episodes.gap_mins"),
        ('title = "', 'titel = "x"\ntitle = "', "titel"),
    ],
)
def test_an_impossible_setting_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert error_of(changed(tmp_path, old, new)).key == key


@pytest.mark.parametrize(
    ("drug", "agent"),
    [
        ("Tacrolimus 1 mg", "tacrolimus"),
        ("他克莫司胶囊", "tacrolimus"),
        ("prograf", "tacrolimus"),
        ("ＦＫ５０６", "tacrolimus"),
        ("雷帕鸣", "sirolimus"),
        ("吗替麦考酚酯", "mycophenolate"),
        ("Mycophenolic acid", "mycophenolate"),
        ("Simulect 20 mg", "basiliximab"),
        ("Aspirin", None),
        (None, None),
    ],
)
def test_an_agent_is_known_by_its_other_names(drug: str | None, agent: str | None) -> None:
    medicines = study_file.load().medicines
    assert medicines.agent_of(drug, tuple(medicines.other_names)) == agent


def test_settings_from_before_the_other_names_say_what_to_put(tmp_path: Path) -> None:
    lines = TEXT.splitlines()
    first = lines.index("[medicines.other_names]")
    path = tmp_path / "study.toml"
    path.write_text("\n".join([*lines[:first], *lines[first + 6 :]]), encoding="utf-8")
    error = error_of(path)
    assert str(error) == (
        "study settings: medicines.other_names: is missing; put a table [medicines.other_names]"
    )


def test_a_file_that_is_missing_or_no_toml_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "other.toml"
    assert str(missing) in str(error_of(missing))
    assert "is not TOML" in str(error_of(changed(tmp_path, "[window]", "[window")))
    broken = tmp_path / "latin.toml"
    broken.write_bytes(b'title = "\xe9"')
    assert "is not TOML" in str(error_of(broken))


def test_a_text_is_found_by_key_and_language() -> None:
    packaged = study_file.load()
    assert packaged.text("low_child", "zh-CN") == "叫大人来。喝果汁。"
    assert packaged.text("low_child", "en") == "Get a grown-up. Drink juice."
