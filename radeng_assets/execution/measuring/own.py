"""The measures that we carry out ourselves, by the name that a policy gives them (``radeng:documents``)."""

from __future__ import annotations

from radeng_assets.execution.measuring import secrets
from radeng_assets.execution.measuring.scene import OwnMeasure

OWN: dict[str, OwnMeasure] = {
    "secrets": secrets.measure,
}
"""A new measure is one new file and one line here."""
