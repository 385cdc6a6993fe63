"""OWASP items that are missing, or set aside, below a target of all of them."""

from __future__ import annotations

from collections.abc import Iterator

from radeng_assets.planning.rules.documents import Documents
from radeng_assets.planning.rules.rule import Issue, Rule

_ALL = tuple(f"LLM{number:02}" for number in range(1, 11))


def check(documents: Documents) -> Iterator[Issue]:
    """One issue for missing items, and one (info) for those that are called not applicable."""
    items = documents.tests.owasp
    ids = {item.id.value for item in items}
    missing = [name for name in _ALL if name not in ids]
    target = next((one for one in documents.tests.targets if "OWASP" in one.text.value), None)
    if items and missing and ids & set(_ALL):
        at = (items[0].id.at, *((target.text.at,) if target else ()))
        yield Issue(missing[0], f"The OWASP table ({items[0].id.at}) lacks {', '.join(missing)}.", at, "Add the items.")
    aside = [item for item in items if item.status and item.status.value.strip().upper() in ("N/A", "NA")]
    if target and aside:
        names = ", ".join(item.id.value for item in aside)
        message = f"{target.text.value} is the target ({target.text.at}), and {names} are set aside as not applicable."
        at = (target.text.at, *(item.status.at for item in aside if item.status))
        yield Issue("OWASP LLM Top 10", message, at, "Say who decided that they do not apply.", "info")


RULE = Rule(
    id="owasp-incomplete",
    severity="warning",
    why='"100 % of the Top 10" holds for the items that are in the table. What is left out of it is tested by nobody.',
    example="The OWASP table (TESTING-REQUIREMENTS.md:648) lacks LLM10.",
    check=check,
)
