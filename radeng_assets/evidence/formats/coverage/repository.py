"""Which file of a repository a report's path means. What none of them is, is said and does not count.

A report that was made in another folder has that folder before every path. It is taken to be *one* folder: the one
under which most files of the report are found. A path that lies elsewhere (``/usr/lib/python3/os.py``) is then
not mistaken for a file of the repository that ends alike.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from radeng_assets.evidence.formats.coverage.lines import CoverageReport, FileLines, one_each
from radeng_assets.evidence.formats.notes import Notes
from radeng_assets.planning.findings import Finding

_DRIVE = re.compile(r"[A-Za-z]:/")

_MEND = "Run the coverage tool in a checkout of this commit."


def match_tree(
    report: CoverageReport, tree: Iterable[str], file: str
) -> tuple[CoverageReport | None, tuple[Finding, ...]]:
    """The report with the repository's own paths; ``None`` where none of its files is in the repository.

    ``tree`` are the repository's files, from its top; ``file`` is the report's name in findings. A path is taken, in
    this order, from the report's roots, as it stands, and, if it names a folder at all, as the end of exactly one path
    of the repository (JaCoCo's packages below ``src/main/java``, a package of a monorepo). Files that are not there are
    warnings; a path that may be several files, and a report of nothing but other files, are errors.
    """
    notes = Notes(file)
    matcher = _Matcher(report, frozenset(tree))
    found: list[FileLines] = []
    for lines in report.files:
        paths = matcher.paths(lines.path)
        if len(paths) == 1:
            found.append(lines.model_copy(update={"path": paths.pop()}))
        elif lines.hits:  # a file without lines says nothing, wherever it lies
            _unmatched(lines.path, paths, notes)
    if any(lines.hits for lines in found):
        return report.model_copy(update={"files": one_each(found), "roots": ()}), notes.findings()
    message = f"{file} covers {len(report.files)} files, and none of them is in the repository."
    notes.error("coverage-other-files", file, message, _MEND)
    return None, notes.findings()


def _unmatched(path: str, paths: set[str], notes: Notes) -> None:
    if paths:
        message = f"{path[:200]} may be any of {', '.join(sorted(paths)[:5])}; it does not count."
        notes.error("coverage-path-ambiguous", path, message, "Report each package with its own full paths.")
    else:
        message = f"{path[:200]} is not in the repository; it does not count."
        notes.warning("coverage-path-unknown", path, message, _MEND)


class _Matcher:
    """The paths of one report against the files of one repository."""

    def __init__(self, report: CoverageReport, tree: frozenset[str]) -> None:
        self._tree = tree
        self._roots = tuple(_clean(root) for root in report.roots)
        self._ends: dict[str, list[str]] = {}
        for path in tree:
            self._ends.setdefault(posixpath.basename(path), []).append(path)
        self._prefix = self._worktree(report)

    def paths(self, path: str) -> set[str]:
        """Every file of the repository that a path may mean."""
        if path in self._tree and not self._roots:
            return {path}  # before anything else: a name may hold a backslash
        for candidates in (self._rooted(path), [_clean(path)]):
            found = {known for one in candidates if (known := self._inside(one)) is not None}
            if found:
                return found
        return self._ending(_clean(path))

    def _rooted(self, path: str) -> list[str]:
        cleaned = _clean(path)
        return [] if _is_absolute(cleaned) else [posixpath.normpath(f"{root}/{cleaned}") for root in self._roots]

    def _inside(self, path: str) -> str | None:
        if _is_absolute(path):
            path = path.removeprefix(f"{self._prefix}/") if self._prefix is not None else path
        return path if path in self._tree else None

    def _ending(self, path: str) -> set[str]:
        if _is_absolute(path) or "/" not in path:
            return set()
        return {known for known in self._ends.get(posixpath.basename(path), ()) if known.endswith(f"/{path}")}

    def _worktree(self, report: CoverageReport) -> str | None:
        """The folder that stands before most absolute paths; of several the shortest, that takes least away."""
        votes = Counter(
            prefix
            for file in report.files
            for prefix in {
                prefix for path in (*self._rooted(file.path), _clean(file.path)) for prefix in self._prefixes(path)
            }
        )
        return max(votes, key=lambda prefix: (votes[prefix], -len(prefix), prefix)) if votes else None

    def _prefixes(self, path: str) -> Iterator[str]:
        if not _is_absolute(path):
            return
        parts = path.split("/")
        for cut in range(1, len(parts)):
            if "/".join(parts[cut:]) in self._tree:
                yield "/".join(parts[:cut])


def _clean(path: str) -> str:
    """A path with forward slashes and without ``.`` and ``..`` in it."""
    return posixpath.normpath(path.removeprefix("file://").replace("\\", "/"))


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or _DRIVE.match(path) is not None
