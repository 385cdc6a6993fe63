"""Waves that one document has and another lacks."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.located import Place
from radeng_assets.planning.rules.documents import Documents, first_of, wave_key
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each wave and document that lacks it. A document that lists no wave lacks none."""
    listed = _listed(documents)
    for file, waves in listed.items():
        for key, at in waves.items():
            lacking = [(other, theirs) for other, theirs in listed.items() if key not in theirs]
            for other, theirs in lacking:
                message = f"{key} is in {at}, and {other} has no such wave."
                yield Issue(
                    key, message, (at, next(iter(theirs.values()))), f"Add it to {other}, or remove it from {file}."
                )


def _listed(documents: Documents) -> dict[str, dict[str, Place]]:
    """File → wave key → where it stands, for files that list waves."""
    readme, master, plan = documents.readme, documents.master, documents.plan
    places = {
        readme.file: [(wave_key(w.name.value, w.number.value if w.number else None), w.name.at) for w in readme.waves],
        master.file: [(wave_key(w.name.value, w.number.value if w.number else None), w.name.at) for w in master.waves],
        plan.file: [(wave_key(w.id.value), w.id.at) for w in plan.waves],
    }
    return {file: named for file, found in places.items() if (named := first_of(one for one in found if one[0]))}


RULE = Rule(
    id="wave-missing",
    severity="error",
    why="A wave that only one document has is carried out by nobody, or approved by nobody.",
    example="wave-7 is in MASTER-IMPLEMENTATION-PLAN.md:993, and EXECUTION-PLAN.yaml has no such wave.",
    check=check,
)
