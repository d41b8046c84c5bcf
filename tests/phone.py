"""A phone (or desk) as the tests use it: writes entries as the app does and sends them over HTTP."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient

ORIGIN = {"Origin": "http://localhost:8000"}
SHANGHAI = timezone(timedelta(hours=8))
Body = dict[str, Any]


def at(now: datetime, minutes_ago: float = 0) -> str:
    """RFC 3339 with Shanghai's offset, as a phone there writes it."""
    return (now - timedelta(minutes=minutes_ago)).astimezone(SHANGHAI).isoformat(timespec="seconds")


def entry(
    now: datetime, kind: str, data: dict[str, Any] | None, minutes_ago: float = 0, **more: Any
) -> dict[str, Any]:
    """An entry as a phone writes it: typed, now, in Shanghai, unless `more` says otherwise."""
    return {
        "id": str(uuid4()),
        "kind": kind,
        "occurred_at": at(now, minutes_ago),
        "zone": "Asia/Shanghai",
        "recorded_at": at(now),
        "data": data,
        "origin": "typed",
        "app_version": "test",
        **more,
    }


def reading(
    now: datetime, value: str, minutes_ago: float = 0, unit: str = "mmol/L", **more: Any
) -> dict[str, Any]:
    return entry(now, "reading", {"value": value, "unit": unit, "device": "meter"}, minutes_ago, **more)


@dataclass
class Phone:
    """A signed-in client of the patient zone; `fields` (a guardian's child, reason) go into every entry."""

    client: FlaskClient
    fields: dict[str, Any] = field(default_factory=dict)

    def put(self, body: dict[str, Any], **headers: str) -> Any:
        body = {**body, **self.fields}
        return self.client.put(f"/api/patient/entries/{body['id']}", json=body, headers={**ORIGIN, **headers})

    def sync(self, bodies: list[Any], **more: Any) -> list[dict[str, Any]]:
        entries = [{**body, **self.fields} if isinstance(body, dict) else body for body in bodies]
        answer = self.client.post(
            "/api/patient/entries/sync", json={"entries": entries, **more}, headers=ORIGIN
        )
        assert answer.status_code == 200, answer.get_json()
        results: list[dict[str, Any]] = answer.get_json()["results"]
        return results

    def changes(self, since: str = "0", **query: str) -> dict[str, Any]:
        query |= {name: value for name, value in self.fields.items() if name == "participant_id"}
        answer = self.client.get("/api/patient/changes", query_string={"since": since, **query})
        assert answer.status_code == 200, answer.get_json()
        found: dict[str, Any] = answer.get_json()
        return found

    def everything(self) -> dict[str, list[Any]]:
        """All pages of changes, until the cursor stands still."""
        found: dict[str, list[Any]] = {}
        cursor = "0"
        while True:
            page = self.changes(cursor)
            for name, rows in page.items():
                if name != "cursor":
                    found.setdefault(name, []).extend(rows)
            if page["cursor"] == cursor:
                return found
            cursor = page["cursor"]


@dataclass
class Desk:
    """A signed-in client of the site zone, looking at one participant."""

    client: FlaskClient
    participant_id: str

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.client.get(f"/api/site{path}", query_string=query)
        assert answer.status_code == 200, answer.get_json()
        found: dict[str, Any] = answer.get_json()
        return found

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"/api/site{path}", json=body, headers=ORIGIN)

    def entries(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.get(f"/participants/{self.participant_id}/entries", **query)["entries"])

    def history(self, entry_id: str) -> list[dict[str, Any]]:
        return list(self.get(f"/participants/{self.participant_id}/entries/{entry_id}/history")["versions"])

    def refusals(self) -> list[dict[str, Any]]:
        return list(self.get(f"/participants/{self.participant_id}/refusals")["refusals"])

    def alerts(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.get("/alerts", participant_id=self.participant_id, **query)["alerts"])

    def record(self, body: dict[str, Any], source_note: str | None = None) -> Any:
        note = {"source_note": source_note} if source_note else {}
        return self.post(f"/participants/{self.participant_id}/entries", {"entry": body, **note})
