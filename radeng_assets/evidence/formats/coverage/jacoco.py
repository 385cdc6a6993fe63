"""JaCoCo's XML report.

https://www.jacoco.org/jacoco/trunk/coverage/report.dtd. It counts instructions, not hits: a line of which any
instruction ran counts as run, in JaCoCo's own line counter too. Files are named by package and name only; below which
folder they lie, only the repository can tell.
"""

from __future__ import annotations

import re

from radeng_assets.evidence.formats.coverage.format import Format
from radeng_assets.evidence.formats.coverage.gathering import Gathering
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural
from radeng_assets.evidence.formats.xml_tree import Located, children, read_xml

_ROOT = re.compile(rb"<report[\s>/]")


def _recognises(data: bytes) -> bool:
    return _ROOT.search(data, 0, 4096) is not None


def _read(data: bytes, notes: Notes) -> CoverageReport | None:
    root = read_xml(data, notes)
    if root is None:
        return None
    gathering = Gathering("jacoco", notes)
    for package in root.iter("package"):
        if isinstance(package, Located):
            _package(package, gathering)
    report = gathering.report()
    if report is not None:
        gathering.check_all(*_counter(root))
    return report


def _package(package: Located, gathering: Gathering) -> None:
    folder = package.get("name", "")
    for file in children(package, "sourcefile"):
        section = gathering.section("/".join(part for part in (folder, file.get("name", "")) if part))
        for line in children(file, "line"):
            ran = natural(line.get("ci"))
            section.add(line.get("nr"), line.get("ci") if ran is None else int(ran > 0), line.line)
        gathering.check(section, *_counter(file))


def _counter(element: Located) -> tuple[int | None, int | None, int]:
    """Lines run and all lines, as an element's own counter has them, and where that stands."""
    for counter in children(element, "counter"):
        missed, covered = natural(counter.get("missed")), natural(counter.get("covered"))
        if counter.get("type") == "LINE":
            return covered, None if missed is None or covered is None else missed + covered, counter.line
    return None, None, element.line


FORMAT = Format("jacoco", _recognises, _read)
