"""How the site answers its alerts, and what the worker does to those that nobody answers in time."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from diary import clock, worker
from diary.db import Row
from diary.demo import words
from diary.demo.opening import SEED, Desk
from diary.demo.records import Records
from diary.demo.stage import Life, Stage, Written
from diary.store import alerts
from diary.store.actors import Actor
from diary.store.intake import Result

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# Alerts this young are open at the present; pages are answered even so.
LEFT_OPEN = timedelta(hours=16)
# Nobody has answered a page this young yet.
PAGE_LEFT_OPEN = 45 * MINUTE
# Some that were acknowledged in this time are not resolved yet.
STILL_AT_WORK = timedelta(days=21)
_QUIET_KINDS = frozenset({"insulin", "meal", "exercise", "note", "day_complete", "ketone", "other_medicine"})


class Alerting:
    """Looks after each entry that may have opened an alert; people come back to it later."""

    def __init__(self, stage: Stage, desk: Desk) -> None:
        self.stage = stage
        self.desk = desk
        self.rng = random.Random(f"{SEED} alerts")
        self.known: set[tuple[str, str]] = set()
        self.records: dict[str, Records] = {}

    def watch(self, life: Life, written: Written, result: Result, now: datetime) -> None:
        """After every entry: new and reopened alerts get somebody's attention, sooner or later."""
        if written.kind in _QUIET_KINDS or (result.status == "duplicate"):
            return
        if written.kind == "reading" and result.basis == "none" and _is_calm(written):
            return
        for alert in self._open(life.row["id"]):
            self._take_up(alert, now)

    def tick(self, now: datetime) -> None:
        """What the worker does every ten seconds, at the moments when it matters."""
        if worker.escalate(self.stage.db, self.stage.study, now):
            rows = self.stage.db.query("select * from alerts where state = 'open' and level = 'page'")
            for alert in list(rows):
                self._take_up(alert, now)

    def _open(self, participant_id: str) -> list[Row]:
        return list(
            self.stage.db.query(
                "select * from alerts where participant_id = :p and state = 'open'", {"p": participant_id}
            )
        )

    def _take_up(self, alert: Row, now: datetime) -> None:
        if (alert["id"], alert["level"]) in self.known:
            return
        self.known.add((alert["id"], alert["level"]))
        if alert["level"] == "desk":
            rules, first = self.stage.study.alerts, clock.from_text(alert["value_at"] or alert["opened_at"])
            for wait in (rules.unanswered_min * MINUTE, rules.recheck_min * MINUTE):
                self.stage.at(max(now, first + wait) + timedelta(seconds=self.rng.uniform(1, 10)), self.tick)
            self.stage.at(now + rules.acknowledge_h * HOUR + timedelta(seconds=5), self.tick)
            if self.stage.end - now < LEFT_OPEN:
                return
        elif self.stage.end - now < PAGE_LEFT_OPEN:
            return
        at = self._answer_at(alert["level"], now)
        who = self.rng.choice(self.desk.coordinators)
        self.stage.at(at, lambda then: self._acknowledge(alert["id"], who, then))

    def _answer_at(self, level: str, now: datetime) -> datetime:
        if level == "page":
            return now + self.rng.uniform(3, 25) * MINUTE
        return working(now + self.rng.uniform(0.2, 5) * HOUR, self.desk.zone, self.rng)

    def _acknowledge(self, alert_id: str, who: Actor, now: datetime) -> None:
        alert = alerts.get(self.stage.db, self.desk.site_id, alert_id)
        if alert["state"] != "open":
            self.known -= {(alert_id, "desk"), (alert_id, "page")}
            return
        alerts.see(self.stage.db, who, self.desk.site_id, [alert_id], now)
        done_at = now + self.rng.uniform(0.5, 3) * MINUTE
        self.stage.at(done_at, lambda then: self._do_acknowledge(alert, who, then))

    def _do_acknowledge(self, alert: Row, who: Actor, now: datetime) -> None:
        # From now on whatever opens it again needs an answer of its own.
        self.known -= {(alert["id"], "desk"), (alert["id"], "page")}
        if alerts.get(self.stage.db, self.desk.site_id, alert["id"])["state"] != "open":
            return
        alerts.acknowledge(self.stage.db, who, self.desk.site_id, alert["id"], now)
        young = self.stage.end - now < STILL_AT_WORK
        if young and self.rng.random() < 0.35:
            return
        if alert["level"] == "page" and self.rng.random() < 0.6:
            text = self.rng.choice(words.CALLED[who.language])
            records = self.records[alert["participant_id"]]
            self.stage.at(now + self.rng.uniform(4, 9) * MINUTE, lambda then: records.call(then, who, text))
        at = working(now + self.rng.uniform(0.3, 30) * HOUR, self.desk.zone, self.rng)
        closer = self.rng.choice(self.desk.investigators) if alert["kind"] == "assistance" else who
        self.stage.at(at, lambda then: self._resolve(alert["id"], closer, then))

    def _resolve(self, alert_id: str, who: Actor, now: datetime) -> None:
        alert = alerts.get(self.stage.db, self.desk.site_id, alert_id)
        if alert["state"] == "resolved":
            return
        texts = words.RESOLUTIONS[words.ABOUT.get(alert["kind"], "other")][who.language]
        sae = None
        if alert["kind"] == "assistance":
            sae = self.rng.choices(("no", "yes", "undecided"), (8, 2, 1))[0]
        alerts.resolve(
            self.stage.db, who, self.desk.site_id, alert_id, now, resolution=self.rng.choice(texts), sae=sae
        )


def working(at: datetime, zone: ZoneInfo, rng: random.Random) -> datetime:
    """This moment, or one in the next working hours (Monday to Saturday)."""
    local = at.astimezone(zone)
    while not (8 <= local.hour < 18 and local.weekday() < 6):
        morning = datetime.combine(local.date(), time(8, 5), zone)
        if local >= morning:
            morning += timedelta(days=1)
        local = morning + rng.uniform(0, 90) * MINUTE
    return local.astimezone(at.tzinfo)


def _is_calm(written: Written) -> bool:
    """A value that no rule of the red flags looks at."""
    value = (written.data or {}).get("value", "HI")
    return value.replace(".", "").isdigit() and float(value) <= (16.7 if "." in value else 300)
