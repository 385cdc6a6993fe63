"""Shares of the test effort: the whole must be 1, and both documents must say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from radeng_assets.planning.documents.testing_requirements import EffortShare
from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import contradiction, says
from radeng_assets.planning.rules.words import same_title

ROUNDING = 0.011
"""How far from 1 the shares may add up: three shares rounded to whole percents."""


def check(documents: Documents) -> Iterator[Issue]:
    """A sum that is not the whole, and shares told differently."""
    yield from _whole(documents.readme.effort, documents.readme.file)
    yield from _whole(documents.tests.effort, documents.tests.file)
    for share in documents.readme.effort:
        for other in documents.tests.effort:
            if same_title(share.name.value, _short(other.name.value)):
                name = share.name.value
                said = [*says(share.fraction, "claimed in"), *says(other.fraction, "claimed in")]
                yield from contradiction(
                    name, f"Share of the effort for {name}", said, "Settle on one share.", "{:.0%}".format
                )


def _short(name: str) -> str:
    return name.replace("End-to-End", "E2E")


def _whole(shares: Sequence[EffortShare], file: str) -> Iterator[Issue]:
    fractions = [share.fraction for share in shares if share.fraction]
    total = sum(fraction.value for fraction in fractions)
    if len(fractions) > 1 and abs(total - 1) > ROUNDING:
        message = f"The shares of the test effort in {file} add up to {total:.0%}."
        yield Issue("test effort", message, tuple(fraction.at for fraction in fractions), "Make them add up to 100 %.")


RULE = Rule(
    id="test-effort-differs",
    severity="error",
    why="Shares of a whole that do not make the whole, or differ between two documents, were changed in one "
    "place only.",
    example="The shares of the test effort in TESTING-REQUIREMENTS.md add up to 110%.",
    check=check,
)
