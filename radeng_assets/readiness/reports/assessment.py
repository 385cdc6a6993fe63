"""What a report comes to: the state of its evidence, what it found, and what speaks against the criterion."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.states import State
from radeng_assets.planning.findings import Finding
from radeng_assets.record import Record

Grade = Literal["critical", "high", "medium", "low"]
"""How bad an issue is."""

GRADES: tuple[Grade, ...] = ("critical", "high", "medium", "low")

Cell = str | int | float | None


class Issue(Record):
    """One thing, known for certain, that keeps a criterion from holding, unless a waiver accepts it.

    ``digest`` is the identity of *what* was found, never of where in a file or on which commit (``issue_digest``): a
    waiver for it holds as long as the very same thing is there, and for nothing else. What is not known is no
    issue: nobody can accept evidence that is missing.
    """

    rule: str
    subject: str
    grade: Grade
    message: str
    digest: str


class Table(Record):
    """Rows for people: the web UI and the report show them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Assessment(Record):
    """A report, assessed.

    ``state`` says whether the evidence is there, whole and sound, and what it shows where there is nothing that could
    be accepted; ``issues`` are what speaks against the criterion besides. Only ``passed`` without an open issue is a
    pass. ``measured`` and ``threshold`` share the criterion's unit. ``findings`` are faults of the evidence's files,
    for people; ``tables`` what was counted, ``numbers`` what is worth a plot besides ``measured``, by name;
    ``evidence`` are envelope digests.
    """

    report: str
    state: State
    reason: str = ""
    measured: float | None = None
    threshold: float | None = None
    issues: tuple[Issue, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    numbers: dict[str, int | float] = Field(default_factory=dict[str, int | float])
    commit: str | None = None
    evidence: tuple[str, ...] = ()


def issue_digest(rule: str, subject: str, content: str) -> str:
    """The identity of an issue: its rule, what it is about (a path, a package, a module) and the content found there.

    ``content`` is the offending text or value with its surrounding white space taken away, so that a change of place or
    of indentation keeps the identity and a change of the thing itself does not.
    """
    return digest_of([rule, subject, " ".join(content.split())])
