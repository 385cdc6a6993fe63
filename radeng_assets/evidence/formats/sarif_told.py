"""What a SARIF run tells about its own scan beside the results: where and when it looked, and what it was told to hide.

SARIF has no words for these, so tools put them into property bags (section 3.8).
"""

from __future__ import annotations

import re

from radeng_assets.evidence.formats.json_tree import Node
from radeng_assets.record import Record

_DATES = {"databasedate", "databasebuilt", "databaseupdated", "dbdate", "dbbuilt", "dbupdated"}
_PACKAGES = {"packages", "packagesaudited", "packagecount"}


class Told(Record):
    """``None`` where the run does not say.

    ``database``: the date of the vulnerability database, as it is written. ``packages``: how many packages were
    audited. ``lines``: how many lines of code were looked at. ``files``: each file that was (bandit's ``metrics``).
    ``listed``: how many files it knows of (section 3.14.15), which need not be all.
    ``hidden``: findings that comments in the code kept out of the results (bandit counts them and lists none:
    ``metrics._totals.nosec`` and ``skipped_tests``).
    """

    database: str | None = None
    packages: int | None = None
    lines: int | None = None
    files: tuple[str, ...] = ()
    listed: int = 0
    hidden: int = 0

    @property
    def looked(self) -> bool:
        """Whether the run says that it looked at anything."""
        return bool(self.packages or self.lines or self.files or self.listed)


def read_told(run: Node) -> Told:
    """The properties of a run and of its driver."""
    database = packages = None
    for bag in (run["properties"], run["tool"]["driver"]["properties"]):
        for key, node in () if bag.is_absent else bag.members():
            word = re.sub(r"[^a-z]", "", key.lower())
            if word in _DATES:
                database = node.text() or database
            elif word in _PACKAGES:
                packages = node.number()
    metrics = run["properties"]["metrics"]
    totals = metrics["_totals"]
    hidden = [totals[key].number() or 0 for key in ("nosec", "skipped_tests")]
    return Told(
        database=database,
        packages=packages,
        lines=totals["loc"].number(),
        files=tuple(name for name, _ in (() if metrics.is_absent else metrics.members()) if name != "_totals"),
        listed=sum(1 for _ in run["artifacts"].elements()),
        hidden=sum(hidden),
    )
