"""LCOV tracefiles: geninfo, coverage.py, Istanbul, c8, grcov and many more write them.

https://github.com/linux-test-project/lcov/blob/master/man/geninfo.1 (FILES). Only lines are read. The format has no
end mark for the whole file: one that is cut between two records cannot be told from a shorter one.
"""

from __future__ import annotations

import re

from radeng_assets.evidence.formats.coverage.format import Format
from radeng_assets.evidence.formats.coverage.gathering import Gathering, Section
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural
from radeng_assets.evidence.formats.text import decode

_START = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s*#[^\n]*\n|\s*\n)*\s*(?:TN|SF|VER):")

_OTHER = frozenset(("TN", "VER", "FN", "FNL", "FNA", "FNDA", "FNF", "FNH", "BRDA", "BRF", "BRH", "MCDC", "MCF", "MCH"))
"""Records about functions, branches and conditions, and the name of a run."""

_MEND = "Write the report again with the tool that made it."


def _recognises(data: bytes) -> bool:
    return _START.match(data) is not None


def _read(data: bytes, notes: Notes) -> CoverageReport | None:
    text = decode(data, notes)
    if text is None:
        return None
    reading = _Reading(notes)
    # Not splitlines(): a form feed or U+2028 may stand in a file's name.
    for number, line in enumerate(text.split("\n"), start=1):
        reading.take(line.strip("\r \t"), number)
    return reading.end()


class _Reading:
    """A tracefile half read: the record that is open, and the counts that it claims."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._gathering = Gathering("lcov", notes)
        self._section: Section | None = None
        self._opened = 0
        self._claims: dict[str, int | None] = {}

    def take(self, line: str, number: int) -> None:
        """Read one line of the file."""
        key, colon, rest = line.partition(":")
        if line == "end_of_record":
            self._close(number)
        elif key == "SF" and colon:
            self._open(rest, number)
        elif line and not line.startswith("#") and key not in _OTHER:
            self._inside(key, rest, number)

    def end(self) -> CoverageReport | None:
        """The model, once the last line was taken."""
        if self._section is not None:
            self._cut()
        return self._gathering.report()

    def _open(self, path: str, number: int) -> None:
        if self._section is not None:
            self._cut()
        self._section, self._opened, self._claims = self._gathering.section(path), number, {}

    def _inside(self, key: str, rest: str, number: int) -> None:
        if key not in ("DA", "LF", "LH") or self._section is None:
            message = f"{key[:40]!r} is no record that is known here; the line was not read."
            self._notes.error("coverage-record", key[:40], message, _MEND, number)
        elif key == "DA":
            line, _, hits = rest.partition(",")
            self._section.add(line, hits.partition(",")[0], number)
        else:
            self._claims[key] = natural(rest)
            if self._claims[key] is None:
                message = f"{key}:{rest[:40]} states no whole number."
                self._notes.error("coverage-record", key, message, _MEND, number)

    def _close(self, number: int) -> None:
        if self._section is None:
            message = "end_of_record ends no record: the lines before it are missing."
            self._notes.error("coverage-record", "end_of_record", message, _MEND, number)
        else:
            self._gathering.check(self._section, self._claims.get("LH"), self._claims.get("LF"), number)
        self._section = None

    def _cut(self) -> None:
        """A record without end: what it lists counts, and that some is missing is said."""
        message = f"The record that begins on line {self._opened} has no end_of_record: the report was cut."
        self._notes.error("coverage-cut", self._section.path if self._section else "", message, _MEND, self._opened)


FORMAT = Format("lcov", _recognises, _read)
