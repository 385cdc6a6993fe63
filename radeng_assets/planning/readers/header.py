"""What the YAML readers share about ``meta:``."""

from __future__ import annotations

from radeng_assets.planning.documents.common import Header, HeaderNote
from radeng_assets.planning.fields import Fields
from radeng_assets.planning.located import Fact

_KEYS = {
    "version": ("version", "document_version"),
    "status": ("status",),
    "purpose": ("purpose",),
    "generated": ("generated", "created", "date"),
    "last_updated": ("last_updated", "updated"),
    "owner": ("owner",),
}
"""Field of ``Header``, and the keys that fill it, the first that is there."""

_NOTES = ("title", "author", "analyst", "reviewer", "certainty", "certainty_score", "confidence")


def read_header(meta: Fields | None) -> Header:
    """The header of a ``meta:`` mapping; the keys it takes are taken from ``meta``."""
    if meta is None:
        return Header()
    facts: dict[str, Fact[str]] = {}
    for name, keys in _KEYS.items():
        for key in keys:
            fact = None if name in facts else meta.text(key)
            if fact is not None:
                facts[name] = fact
    notes = ((label, meta.text(label)) for label in _NOTES)
    return Header(
        notes=tuple(HeaderNote(label=fact.with_value(label), value=fact) for label, fact in notes if fact is not None),
    ).model_copy(update=facts)
