"""What a coverage format is: a name, a way to know it by its content, and a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.notes import Notes


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write line coverage.

    ``recognises`` looks at the bytes and is cheap; no two formats recognise the same sound report. ``read`` gives the
    model, or ``None`` where nothing can be used, and says in the notes whatever is wrong.
    """

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, Notes], CoverageReport | None]
