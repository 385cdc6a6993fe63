"""coverage.py's JSON report, with contexts where ``--show-contexts`` wrote them.

https://coverage.readthedocs.io/en/latest/commands/cmd_json.html. It counts no hits: a line ran (1) or did not (0).
It states a time but no commit; whoever ran it adds that.
"""

from __future__ import annotations

from bisect import bisect_right

from radeng_assets.evidence.formats.coverage.format import Format
from radeng_assets.evidence.formats.coverage.gathering import Gathering, Section
from radeng_assets.evidence.formats.coverage.lines import CoverageReport
from radeng_assets.evidence.formats.json_tree import Node, read_json
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.evidence.formats.numbers import natural


def _recognises(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"executed_lines"' in data


def _read(data: bytes, notes: Notes) -> CoverageReport | None:
    top = read_json(data, notes)
    if top is None:
        return None
    gathering = Gathering("coverage.py", notes)
    for path, file in top["files"].members():
        _file(gathering.section(path), file, gathering)
    report = gathering.report()
    if report is not None:
        totals = top["totals"]
        gathering.check_all(totals["covered_lines"].number(), totals["num_statements"].number())
    return report


def _file(section: Section, file: Node, gathering: Gathering) -> None:
    for key, hits in (("executed_lines", 1), ("missing_lines", 0)):
        for line in file[key].elements():
            section.add(line.number(), hits)
    if not file["contexts"].is_absent:
        _contexts(section, file)
    summary = file["summary"]
    gathering.check(section, summary["covered_lines"].number(), summary["num_statements"].number())


def _contexts(section: Section, file: Node) -> None:
    """Line → tests. Contexts name the lines that Python ran, of which several may belong to one statement.

    The report lists a statement by its first line only, so a line between goes to the statement before it,
    unless it is excluded: what tests do there belongs to nothing that counts.
    """
    statements = sorted(section.hits)
    excluded = {natural(line.value) for line in file["excluded_lines"].elements()}
    tests: dict[int, set[str]] = {}
    for key, names in file["contexts"].members():
        number = natural(key)
        named = {name for one in names.elements() if (name := one.text()) is not None}
        if number is None or number in excluded:
            continue
        before = bisect_right(statements, number)
        if before:
            tests.setdefault(statements[before - 1], set()).update(named)
    section.contexts.update((line, tuple(sorted(named))) for line, named in tests.items() if named)


FORMAT = Format("coverage.py", _recognises, _read)
