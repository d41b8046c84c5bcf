"""Places in a list that is read page by page, newest first, without losing what shares an instant."""

LAST = "9999-12-31T23:59:59.999Z"
CURSOR = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z~[0-9A-Za-z:\-]{0,80}~[0-9]{0,15}$"
)


def cursor(at: str, key: str, seq: int = 0) -> str:
    """The place of a row: its instant, its key, and its number where the key has several."""
    return f"{at}~{key}~{seq}"


def place(before: str | None) -> dict[str, object]:
    """Parameters `at`, `key`, `seq` of `… < (:at, :key, :seq)`; nothing given is before the end of time."""
    at, key, seq = (before or f"{LAST}~~0").split("~")
    return {"at": at, "key": key, "seq": int(seq or 0)}
