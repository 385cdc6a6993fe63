"""``documentation``: the required documents are in the commit, say something, and what they say to run runs."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from radeng_assets.evidence.formats.block_run import RUNS, BlockRun, run_name
from radeng_assets.evidence.formats.prose import Block, Prose, is_document, read_prose
from radeng_assets.evidence.states import State, combine
from radeng_assets.execution.globs import covers
from radeng_assets.readiness.reports.assessment import Assessment, Issue, Table
from radeng_assets.readiness.reports.document_faults import broken_links, faults, is_external, issue
from radeng_assets.readiness.reports.material import Material
from radeng_assets.readiness.reports.terms import RequiredDocument
from radeng_assets.readiness.reports.whole import unexplained

DOCUMENTATION = "documentation"
DOCUMENTS = "documents"
"""The report, and the role of the documents' bytes."""

Told = list[tuple[State, str]]


def assess(material: Material) -> Assessment:
    """Look at each required document, and at every block of any document that is marked to be run.

    ``measured`` is how many of the required documents have no fault, ``threshold`` how many are required.
    """
    library = _Library.of(material)
    required = material.policy.reports.documentation.required
    told: Told = [*library.told, unexplained(material)]
    if not required:
        told.append(("missing", "readiness.yaml requires no document"))
    looked = [_look(demand, material, library) for demand in required]
    told.extend(("missing", words) for one in looked for words in one.unread)
    speaking = [*(found for one in looked for found in one.issues), *_runs(material, library, told)]
    return Assessment(
        report=DOCUMENTATION,
        state=combine(state for state, _ in told),
        reason="; ".join(dict.fromkeys(words for _, words in told if words)),
        measured=float(sum(not one.issues and not one.unread for one in looked)),
        threshold=float(len(required)),
        issues=tuple({one.digest: one for one in speaking}.values()),
        tables=(
            Table(
                title="Required documents",
                columns=("document", "headings", "links", "of them external, not checked", "faults"),
                rows=tuple(row for one in looked for row in one.rows),
            ),
        ),
    )


@dataclass(slots=True)
class _Looked:
    """What became of one demand: faults, what could not be read, a row of the table for each document."""

    issues: list[Issue] = field(default_factory=list[Issue])
    unread: list[str] = field(default_factory=list[str])
    rows: list[tuple[str, int, int, int, int]] = field(default_factory=list[tuple[str, int, int, int, int]])


def _look(demand: RequiredDocument, material: Material, library: _Library) -> _Looked:
    looked = _Looked()
    paths = sorted(path for path in material.tree if covers(demand.path, path))
    if not paths:
        message = f"{demand.path} is not in the commit"
        looked.issues.append(issue("document-missing", demand.path, "high", message, demand.path))
    for path in paths:
        prose = library.read(path)
        if prose is None:
            looked.unread.append(f"{path} was not collected: {_why(path)}")
            continue
        found = [*faults(path, prose, demand), *broken_links(path, prose, library.paths, library.folders, library.read)]
        looked.issues += found
        outside = sum(is_external(link.target) for link in prose.links)
        looked.rows.append((path, len(prose.headings), len(prose.links), outside, len(found)))
    return looked


@dataclass(slots=True)
class _Library:
    """The documents as they were collected, each parsed once, and the commit's paths."""

    data: dict[str, bytes]
    paths: frozenset[str]
    folders: frozenset[str]
    told: Told
    _parsed: dict[str, Prose] = field(default_factory=dict[str, Prose])

    @classmethod
    def of(cls, material: Material) -> _Library:
        """Take the documents of a measurement; bytes that are not the commit's are told and left out."""
        data: dict[str, bytes] = {}
        told: Told = []
        for file in material.files(DOCUMENTS):
            blob = material.tree.get(file.path)
            if blob is None or blob != _blob(file.data, blob):
                told.append(("stale", f"{file.path} is not as the commit has it: it was collected of another"))
            else:
                data[file.path] = file.data
        paths = frozenset(material.tree)
        return cls(data, paths, frozenset(_folders(paths)), told)

    def read(self, path: str) -> Prose | None:
        """A document; ``None`` where it was not collected."""
        if path not in self._parsed:
            if path not in self.data:
                return None
            self._parsed[path] = read_prose(self.data[path], path)
        return self._parsed[path]

    def marked(self) -> Iterator[tuple[str, Block]]:
        """Every block that is marked to be run, with its document."""
        for path in self.data:
            prose = self.read(path)
            yield from ((path, block) for block in (prose.blocks if prose else ()) if block.marked)


def _runs(material: Material, library: _Library, told: Told) -> Iterator[Issue]:
    """What the marked blocks did. One that did not run, or of which another text ran, is unknown."""
    ran = {file.path: file.data for file in material.files(RUNS)}
    for path, block in library.marked():
        name = run_name(path, block.line)
        try:
            run = BlockRun.model_validate_json(ran.get(name, b""))
        except ValidationError:
            told.append(("missing", f"{name} is marked to be run, and was not"))
            continue
        if run.text != block.text.rstrip("\n") or (run.path, run.line) != (path, block.line):
            told.append(("failed", f"what was run for {name} is not what stands there"))
        elif run.state == "failed" and run.exit_code is not None:
            yield issue("document-command", path, "high", f"the commands at {name} {run.reason}", block.text)
        elif run.state != "passed" or run.exit_code != 0:
            told.append((run.state if run.state != "passed" else "failed", f"the commands at {name}: {run.reason}"))


def _why(path: str) -> str:
    return "it is too large, or there are too many" if is_document(path) else "it is of no kind that is read"


def _blob(data: bytes, like: str) -> str:
    """Git's id for a file's content, by the algorithm that ``like`` is of."""
    algorithm = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return algorithm(b"blob %d\0" % len(data) + data).hexdigest()


def _folders(paths: frozenset[str]) -> Iterator[str]:
    for path in paths:
        while path := posixpath.dirname(path):
            yield path
