"""The measures that we carry out ourselves, by the name that a policy gives them (``radeng:documents``)."""

from __future__ import annotations

from radeng_assets.execution.measuring import changes, documents, load, secrets, sources
from radeng_assets.execution.measuring.scene import OwnMeasure

OWN: dict[str, OwnMeasure] = {
    "changes": changes.measure,
    "documents": documents.measure,
    "load": load.measure,
    "secrets": secrets.measure,
    "sources": sources.measure,
}
"""A new measure is one new file and one line here."""
