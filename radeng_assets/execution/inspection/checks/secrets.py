"""Secrets in what was added."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.text import added_lines
from radeng_assets.execution.secret_forms import MACHINE, disguises, sightings


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    exact = [form for secret in terms.secrets if secret for form in disguises(secret)]
    for file in change.files:
        if file.after is None:
            continue
        for number, line in added_lines(file):
            seen = next(sightings(line, exact), None)
            if seen is None:
                continue
            if seen.form is MACHINE:
                yield file.path, number, "it holds a secret of this machine"
            else:
                yield file.path, number, f"it holds what looks like a secret ({seen.form.title})"


INSPECTION = Inspection(
    "secrets",
    "What is pushed is public to all who can read the repository, for ever. The message never repeats the secret.",
    _find,
    excusable=False,
)
