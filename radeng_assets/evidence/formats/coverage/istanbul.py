"""Istanbul's ``coverage-final.json``, which nyc, c8, Jest and Vitest write.

It counts statements. A line has the largest count of the statements that begin on it, as in Istanbul's own
``getLineCoverage`` (https://github.com/istanbuljs/istanbuljs, istanbul-lib-coverage/lib/file-coverage.js). It states
no totals.
"""

from __future__ import annotations

from radeng_assets.evidence.formats.coverage.format import Format
from radeng_assets.evidence.formats.coverage.gathering import Gathering, Section
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.json_tree import Node, read_json
from radeng_assets.evidence.formats.notes import Notes


def _recognises(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"statementMap"' in data


def _read(data: bytes, notes: Notes) -> CoverageReport | None:
    top = read_json(data, notes)
    if top is None:
        return None
    gathering = Gathering("istanbul", notes)
    for key, file in top.members():
        _file(gathering.section(file["path"].text() or key), file)
    return gathering.report()


def _file(section: Section, file: Node) -> None:
    counts = file["s"]
    for statement, place in file["statementMap"].members():
        section.add(place["start"]["line"].number(), counts[statement].number())


FORMAT = Format("istanbul", _recognises, _read)
