"""The demo told from its first day to the present, and the logins that open it."""

from datetime import datetime, time, timedelta

from diary.config import Config
from diary.db import Database
from diary.demo import logins, today
from diary.demo.alerting import Alerting
from diary.demo.cast import PEOPLE, Person
from diary.demo.day import Days
from diary.demo.holding import Holding
from diary.demo.logins import Login
from diary.demo.opening import Desk, consent_at, enrol, open_site
from diary.demo.stage import Life, Stage
from diary.demo.treatment import Treatment
from diary.study import Study

_SITE_LEAD = timedelta(days=60)


def tell(db: Database, study: Study, config: Config, days: int, now: datetime) -> list[Login]:
    """Fill an empty database with `days` of the study up to now; answers its logins."""
    stage = Stage(db, study, now - timedelta(days=days), now)
    with db.atomic():
        desk = open_site(stage, config, stage.start - _SITE_LEAD)
    alerting = Alerting(stage, desk)
    stage.watchers += [alerting.watch, Holding(stage, desk).watch]
    # Who shares a guardian with a sibling comes after the sibling.
    for person in sorted(PEOPLE, key=lambda person: any(guardian.same_as for guardian in person.guardians)):
        _plan(stage, config, desk, alerting, person)
    stage.play()
    return logins.list_all(db, config.secret_key)


def _plan(stage: Stage, config: Config, desk: Desk, alerting: Alerting, person: Person) -> None:
    consented_at = consent_at(stage, person)

    def begin(now: datetime) -> None:
        life = enrol(stage, config, desk, person, now)
        treatment = Treatment(stage, desk, life)
        treatment.plan(consented_at)
        alerting.records[life.row["id"]] = treatment.records
        today.plan(stage, life)
        _tell_days(stage, life)

    stage.at(consented_at, begin)


def _tell_days(stage: Stage, life: Life) -> None:
    """Each day is told at its own midnight, when what is prescribed on it is known."""
    days = Days(stage, life)

    def tell_day(midnight: datetime) -> None:
        local = midnight.astimezone(days.keeper.home)
        days.tell(local.date())
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), days.keeper.home)
        if tomorrow < life.ends_at:
            stage.at(tomorrow, tell_day)

    stage.at(life.begins_at, tell_day)
