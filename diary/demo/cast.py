"""Who lives in the demo: eighteen invented participants, their guardians, and the staff of one site.

Shares are parts of the demo's span: 0 is its first moment, 1 the present.
"""

from dataclasses import dataclass
from typing import Literal

from diary.rules.participation import Sex, State
from diary.rules.roles import Role

Pace = Literal["at_once", "evening", "meter"]


@dataclass(frozen=True)
class GuardianRole:
    """A guardian of a child; `same_as` names the sibling whose first guardian this is."""

    relation: str
    name: str = ""
    same_as: str | None = None


@dataclass(frozen=True)
class Transplant:
    """On which share of the span, and how much of a healthy pancreas the grafts do together afterwards."""

    share: float
    function: float


@dataclass(frozen=True)
class Person:
    """A participant: who they are, how their year went, and how they keep a diary."""

    subject: str
    name: str
    sex: Sex
    age: int
    weight_kg: float
    days_since_birthday: int = 60
    language: str = "zh-CN"
    unit: str = "mmol/L"
    fertile: bool | None = True
    premenopausal: bool | None = None
    method: tuple[str, ...] = ("barrier",)
    form: str | None = None
    treated_by_carer: bool = False
    minor_approved: bool = False
    guardians: tuple[GuardianRole, ...] = ()
    types_own: float = 1.0
    starts: float = 0.0
    enrolled: bool = True
    transplants: tuple[Transplant, ...] = ()
    induction: Literal["rabbit ATG", "basiliximab"] = "rabbit ATG"
    second_agent: Literal["sirolimus", "mycophenolate mofetil"] = "sirolimus"
    ending: tuple[float, State] | None = None
    silent_days: int = 0
    pace: Pace = "at_once"
    diligence: float = 1.0
    missed_days: float = 0.025
    sloppiness: float = 0.01
    logs_meals: float = 0.06
    single_doses: bool = False
    assistance_per_day: float = 0.01
    skew_s: int = 0
    abroad: tuple[float, float, str] | None = None
    phone_lost: tuple[float, int] | None = None


@dataclass(frozen=True)
class StaffMember:
    role: Role
    name: str
    email: str
    language: str = "zh-CN"
    second_factor: bool = False


_T = Transplant

PEOPLE: tuple[Person, ...] = (
    Person("S001", "李建国", "male", 41, 71, transplants=(_T(0.18, 0.95),), logs_meals=0.4,
           assistance_per_day=0.012, skew_s=4),
    Person("S002", "王雪梅", "female", 34, 56, premenopausal=True, method=("hormonal", "barrier"),
           form="three-monthly injection", transplants=(_T(0.22, 0.6), _T(0.48, 0.9)),
           second_agent="mycophenolate mofetil", diligence=1.05),
    Person("S003", "张伟强", "male", 52, 78, transplants=(_T(0.10, 0.45), _T(0.35, 0.62)),
           assistance_per_day=0.015, diligence=0.92, sloppiness=0.02),
    Person("S004", "陈乐怡", "female", 6, 21, days_since_birthday=290, fertile=False,
           treated_by_carer=True, starts=0.30, types_own=0.0, single_doses=True, diligence=1.1,
           guardians=(GuardianRole("mother", same_as="S005"),)),
    Person("S005", "陈子涵", "male", 11, 38, fertile=False, transplants=(_T(0.40, 0.85),),
           types_own=0.6, starts=0.05, induction="basiliximab", guardians=(GuardianRole("mother", "周婷"),)),
    Person("S006", "Thomas Berger", "male", 58, 84, language="en", unit="mg/dL",
           transplants=(_T(0.25, 0.9),), skew_s=-38, abroad=(0.60, 0.645, "Europe/Berlin"), logs_meals=0.3),
    Person("S007", "赵丽华", "female", 45, 60, premenopausal=True, method=("barrier",),
           transplants=(_T(0.08, 0.3), _T(0.30, 0.6), _T(0.62, 0.92)), second_agent="mycophenolate mofetil"),
    Person("S008", "孙浩", "male", 29, 66, assistance_per_day=0.02,
           diligence=0.9, sloppiness=0.03, missed_days=0.05, method=("abstinence",)),
    Person("S009", "周文博", "male", 37, 73, transplants=(_T(0.25, 0.7),), silent_days=4,
           missed_days=0.06, diligence=0.85),
    Person("S010", "吴秀英", "female", 63, 58, fertile=False, premenopausal=False,
           transplants=(_T(-0.02, 0.9),), ending=(0.97, "completed"), pace="meter", missed_days=0.01),
    Person("S011", "郑晓彤", "female", 27, 53, premenopausal=True, method=("hormonal", "barrier"),
           form="daily pill", transplants=(_T(0.20, 0.4),), ending=(0.55, "withdrawn"), missed_days=0.08),
    Person("S012", "冯雨桐", "female", 15, 49, premenopausal=True, method=("abstinence",),
           minor_approved=True, transplants=(_T(0.45, 0.8),), types_own=0.85, induction="basiliximab",
           guardians=(GuardianRole("mother", "许芳"),
                      GuardianRole("father", "冯志刚"))),
    Person("S013", "蒋大勇", "male", 48, 81, transplants=(_T(0.30, 0.65),), ending=(0.86, "paused"),
           sloppiness=0.03, pace="evening", missed_days=0.05, fertile=False),
    Person("S014", "Emma Clarke", "female", 31, 62, language="en", premenopausal=True,
           method=("hormonal",), form="monthly ring", starts=0.12, single_doses=True, logs_meals=0.25,
           assistance_per_day=0.018, phone_lost=(0.55, 5)),
    Person("S015", "钱国华", "male", 65, 69, days_since_birthday=100, fertile=False,
           transplants=(_T(0.50, 0.75),), pace="meter", induction="basiliximab"),
    Person("S016", "林诗涵", "female", 22, 51, premenopausal=True, starts=0.95, enrolled=False),
    Person("S017", "何俊杰", "male", 19, 63, fertile=None, starts=0.90, enrolled=False,
           diligence=0.8),
    Person("S018", "Daniel O'Connor", "male", 33, 76, language="en", ending=(0.42, "withdrawn"),
           sloppiness=0.04, pace="evening", missed_days=0.07, diligence=0.8),
)  # fmt: skip

STAFF: tuple[StaffMember, ...] = (
    StaffMember("coordinator", "沈静", "coordinator@demo.invalid"),
    StaffMember("coordinator", "Laura Weiss", "second.coordinator@demo.invalid", language="en"),
    StaffMember("investigator", "顾明远", "investigator@demo.invalid"),
    StaffMember("investigator", "唐颖", "second.investigator@demo.invalid", second_factor=True),
    StaffMember("monitor", "Peter Lindqvist", "monitor@demo.invalid", language="en"),
)
ADMINISTRATOR = StaffMember("administrator", "罗斌", "administrator@demo.invalid")
