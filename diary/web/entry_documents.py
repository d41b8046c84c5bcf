"""Entries in the OpenAPI document: one shape per kind, told apart by `kind`.

The bodies are read by hand (diary/web/entry_reading.py), so that one bad entry never blocks a queue.
"""

from typing import Any

from apispec import APISpec
from marshmallow import fields, validate

from diary.web.entry_bodies import BODIES, EntryEnvelope

BATCH = 500
ENTRY = {"$ref": "#/components/schemas/Entry"}
ENTRY_BATCH = {"$ref": "#/components/schemas/EntryBatch"}


def _name(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))


def _document(kind: str) -> type[EntryEnvelope]:
    members: dict[str, Any] = {
        "kind": fields.String(required=True, validate=validate.OneOf([kind])),
        "data": fields.Nested(
            BODIES[kind],
            required=True,
            allow_none=True,
            metadata={"description": "null withdraws `replaces`."},
        ),
    }
    return type(f"{_name(kind)}Entry", (EntryEnvelope,), members)


def register(spec: APISpec) -> None:
    """Add `Entry` (one of the kinds) and `EntryBatch` to the document's schemas."""
    mapping = {}
    for kind in BODIES:
        name = f"{_name(kind)}Entry"
        spec.components.schema(name, schema=_document(kind))
        mapping[kind] = f"#/components/schemas/{name}"
    spec.components.schema(
        "Entry",
        {
            "oneOf": [{"$ref": ref} for ref in mapping.values()],
            "discriminator": {"propertyName": "kind", "mapping": mapping},
        },
    )
    spec.components.schema(
        "EntryBatch",
        {
            "type": "object",
            "required": ["entries"],
            "properties": {
                "entries": {"type": "array", "maxItems": BATCH, "items": ENTRY},
                "sent_at": {
                    "type": "string",
                    "format": "date-time",
                    "description": "The sender's clock at sending, so that a wrong clock shows as skew.",
                },
            },
        },
    )
