"""Success criteria that the verdict asks for and the README does not name."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule
from radeng_assets.planning.trace.success import SUCCESS_RULES, success_criteria


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for each. A README without any list of criteria is another finding."""
    stated = {name for name, _ in success_criteria(documents.readme)}
    items = documents.readme.success_criteria
    for name in SUCCESS_RULES if items else ():
        if name not in stated:
            message = f"The success criteria ({items[0].text.at}) do not name {name}, which the verdict asks for."
            yield Issue(name, message, (items[0].text.at,), "Add the criterion to the list.")


RULE = Rule(
    id="success-criterion-missing",
    severity="warning",
    why=(
        "The verdict has eight criteria. One that the plan's own list leaves out will be asked for all the "
        "same, of people who "
        "did not know."
    ),
    example="The success criteria (README.md:201) do not name load_test, which the verdict asks for.",
    check=check,
)
