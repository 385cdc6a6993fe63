"""Cobertura XML: coverage.py, Istanbul, gcovr, coverlet, PHPUnit and many more write it.

https://github.com/cobertura/web/blob/master/htdocs/xml/coverage-04.dtd. A class's file may be relative to *any* of the
``<source>`` folders, so all of them go into the model; which one it is, only the repository can tell.
"""

from __future__ import annotations

import re

from radeng_assets.evidence.formats.coverage.format import Format
from radeng_assets.evidence.formats.coverage.gathering import Gathering
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural
from radeng_assets.evidence.formats.xml_tree import Located, children, read_xml

_ROOT = re.compile(rb"<coverage[\s>/]")

RATE_TOLERANCE = 0.005
"""How far a claimed share may be from the recount: tools write two digits or more."""

_MEND = "Write the report again with the tool that made it."


def _recognises(data: bytes) -> bool:
    # Clover, which is not read, has the same top element; its lines stand in <project>.
    return _ROOT.search(data, 0, 4096) is not None and b"<project" not in data[:4096]


def _read(data: bytes, notes: Notes) -> CoverageReport | None:
    root = read_xml(data, notes)
    if root is None:
        return None
    gathering = Gathering("cobertura", notes)
    for element in root.iter("class"):
        if isinstance(element, Located):
            _class(element, gathering, notes)
    report = gathering.report(tuple(text for source in root.iter("source") if (text := (source.text or "").strip())))
    if report is not None:
        _claims(root, gathering, notes)
    return report


def _class(element: Located, gathering: Gathering, notes: Notes) -> None:
    """The lines of one class. Those below its methods are the same lines once more."""
    path = element.get("filename", "")
    if not path:
        message = "A class names no file; its lines were not read."
        notes.error("coverage-file-name", element.get("name", ""), message, _MEND, element.line)
        return
    section = gathering.section(path)
    for lines in children(element, "lines"):
        for line in children(lines, "line"):
            section.add(line.get("number"), line.get("hits"), line.line)


def _claims(root: Located, gathering: Gathering, notes: Notes) -> None:
    covered, total = natural(root.get("lines-covered")), natural(root.get("lines-valid"))
    if covered is not None and total is not None:
        gathering.check_all(covered, total, root.line)
        return
    try:
        rate = float(root.get("line-rate", ""))
    except ValueError:
        rate = None
    count = gathering.count()
    if rate is None or not abs(rate - count.covered / count.total) <= RATE_TOLERANCE:
        message = (
            f"The report claims the share {root.get('line-rate')}; it lists {count.covered} of {count.total} lines."
        )
        notes.error("coverage-total-differs", notes.file, message, _MEND, root.line)


FORMAT = Format("cobertura", _recognises, _read)
