"""The README's numbers of gaps by category against the gap analysis, and against its own total."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.rules.statements import Stated, contradiction, counted, says
from radeng_assets.planning.rules.words import same_title, words

_TOTAL = (words("gaps"), words("total gaps"))


def check(documents: Documents) -> Iterator[Issue]:
    """Each category's number, the number of categories, and the sum of the categories."""
    readme, gaps = documents.readme, documents.gaps
    for claim in readme.categories:
        name = claim.label.value
        for category in gaps.categories:
            if category.name and same_title(category.name.value, name):
                there = counted(len(category.gaps), gaps.file, (category.name, *(gap.id for gap in category.gaps)))
                said = [*says(claim.count, "claimed in"), *there]
                yield from contradiction(name, f"Gaps of category {name}", said, "Count the category's gaps again.")
                break
    claims = [claim for section in readme.documents for claim in section.claims]
    named = [category.name for category in gaps.categories if category.name]
    for claim in claims:
        if words(claim.label.value) == words("categories"):
            said = [*says(claim.count, "claimed in"), *counted(len(named), gaps.file, named)]
            yield from contradiction("categories", "Categories of gaps", said, "Count the categories again.")
    totals = [claim for claim in claims if words(claim.label.value) in _TOTAL]
    if readme.categories and totals:
        places = tuple(claim.count.at for claim in readme.categories)
        total = Stated(
            sum(claim.count.value for claim in readme.categories), f"sum of {readme.file}'s categories", places
        )
        said = [*says(totals[0].count, "claimed in"), total]
        yield from contradiction("gap categories", "Gaps in all", said, "Make the categories add up to the total.")


RULE = Rule(
    id="gap-category-count-differs",
    severity="error",
    why=(
        "The README breaks the gaps down by category. A category with another number than the gap analysis lists, or "
        "categories that do not add up to the total beside them, show that one of the numbers was not counted."
    ),
    example="Gaps in all: 47 (claimed in README.md:26) against 34 (sum of README.md's categories).",
    check=check,
)
