"""What several documents have in common."""

from __future__ import annotations

from radeng_assets.planning.located import Fact
from radeng_assets.record import Record


class HeaderNote(Record):
    """One more thing that a header says: who analysed, how certain they were."""

    label: Fact[str]
    value: Fact[str]


class Header(Record):
    """A document's words about itself (front matter, ``meta:``, footer).

    Footers win over heads: ``overruled`` is what a head said otherwise, under the field's name.
    """

    version: Fact[str] | None = None
    status: Fact[str] | None = None
    purpose: Fact[str] | None = None
    generated: Fact[str] | None = None
    last_updated: Fact[str] | None = None
    owner: Fact[str] | None = None
    notes: tuple[HeaderNote, ...] = ()
    overruled: tuple[HeaderNote, ...] = ()


class Task(Record):
    """One step of a story: ``files`` are paths or globs inside the target repository."""

    id: Fact[str]
    description: Fact[str] | None = None
    files: tuple[Fact[str], ...] = ()
    command: Fact[str] | None = None


class ChecklistItem(Record):
    """A line with a tick box. The tick is a claim, never evidence."""

    text: Fact[str]
    ticked: bool = False


class Claim(Record):
    """A number that a document states about the plan, in its own words.

    ``label`` is the statement's wording (``total gaps``, ``Critical Risks``); ``count`` is the number.
    """

    label: Fact[str]
    count: Fact[int]
