"""Stories that need a story of a wave which their own wave does not follow."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each such dependency."""
    homes, before = documents.wave_of, documents.waves_before
    for name, story in documents.story_of.items():
        own = homes[name]
        for need in story.dependencies:
            other = homes.get(need.value)
            if other is None or other.id.value == own.id.value or other.id.value in before[own.id.value]:
                continue
            later = own.id.value in before[other.id.value]
            order = f"comes after {own.id.value}" if later else f"is not before {own.id.value}"
            listed = ", ".join(wave.value for wave in own.dependencies) or "no wave"
            message = (
                f"{name} ({own.id.value}) depends on {need.value} of {other.id.value} ({need.at}), which {order}: "
                f"{own.id.value} depends on {listed} ({own.id.at})."
            )
            fix = f"Let {own.id.value} depend on {other.id.value}, or move one of the stories."
            at = (need.at, own.id.at, *(wave.at for wave in own.dependencies), other.id.at)
            yield Issue(name, message, at, fix)


RULE = Rule(
    id="dependency-on-unordered-wave",
    severity="error",
    why=(
        "Waves start when the waves they depend on have passed. A story that needs one of a wave outside that "
        "order may be "
        "started before what it needs exists."
    ),
    example="W5-S2 (wave-5) depends on W3-S1 of wave-3, which is not before wave-5: wave-5 depends on wave-2.",
    check=check,
)
