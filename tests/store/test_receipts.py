"""What many phones say at once is kept as if each had said it alone."""

from datetime import timedelta

import pytest

from diary import clock
from diary.db import Database
from diary.errors import NotFoundError
from diary.store import receipts
from diary.store.receipts import Said
from tests.people import NOW, People
from tests.store.telling import phone, reminder, rows, told
from tests.store.test_deliveries import plan

AT = [NOW + timedelta(seconds=seconds) for seconds in range(4)]


def test_each_keeps_its_own_time_and_stops_the_climb_of_its_own_round(db: Database, who: People) -> None:
    for _ in range(3):
        phone(db, who.lin)
    plan(db, told(who.lin, reminder(db, who.lin)))
    phone(db, who.olsen)
    plan(db, told(who.olsen, reminder(db, who.olsen)))
    of_lin = [row for row in rows(db) if row["account_id"] == who.lin.account_id]
    [of_olsen] = [row for row in rows(db) if row["account_id"] == who.olsen.account_id]
    said = [
        Said(of_lin[0]["token"], "received", AT[0]), Said(of_lin[1]["token"], "shown", AT[1]),
        Said(of_lin[0]["token"], "opened", AT[2]), Said("nobody's", "received", AT[3]),
    ]  # fmt: skip
    assert receipts.add_all(db, said) == 3
    now = {row["id"]: row for row in rows(db)}
    first, second, third = (now[row["id"]] for row in of_lin)
    times = [clock.to_text(at) for at in AT]
    assert (first["state"], first["received_at"], first["opened_at"]) == ("opened", times[0], times[2])
    assert (second["state"], second["received_at"], second["shown_at"]) == ("shown", times[1], times[1])
    assert (third["state"], third["received_at"]) == ("planned", None)
    assert {row["fallback_at"] for row in (first, second, third)} == {None}
    assert now[of_olsen["id"]] == of_olsen


def test_a_token_of_nothing_is_not_found(db: Database, who: People) -> None:
    with pytest.raises(NotFoundError):
        receipts.add(db, "nobody's", "received", NOW)
    assert receipts.add_all(db, []) == 0
