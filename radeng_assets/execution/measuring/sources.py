"""``radeng:sources``: the code that a commit holds, by our own count.

A coverage report lists what its tool was told to look at. A file that it leaves out, a ``# pragma: no cover`` and a
setting that excludes half of the code all make a share larger; against this inventory they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal

from radeng_assets.canonical import canonical
from radeng_assets.execution.git import git_bytes
from radeng_assets.execution.measuring.scene import Scene, Taken
from radeng_assets.execution.measuring.statements import statements
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.names import shown
from radeng_assets.record import Record

ROLE = "sources"

CODE = frozenset(
    {
        *(".py", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"),
        *(".java", ".kt", ".kts", ".scala", ".groovy", ".go", ".rs", ".rb", ".php", ".cs", ".fs", ".swift", ".dart"),
        *(".c", ".cc", ".cpp", ".cxx", ".m", ".mm", ".ex", ".exs", ".erl", ".clj", ".hs", ".lua", ".pl", ".pm", ".jl"),
    }
)
"""Suffixes of languages that coverage tools measure. Headers and declarations (``.h``, ``.d.ts``) hold no such code."""

_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_COMMENT = re.compile(rb"\s*(?://|/?\*|#|--|;|%|\Z)")
_MARK = re.compile(
    r"pragma:\s*no\s*cover|(?:istanbul|c8|v8) ignore|node:coverage (?:ignore|disable)|(?:LCOV|GCOVR?)_EXCL"
    r"|coverage:ignore|:nocov:|@codeCoverageIgnore|ExcludeFromCodeCoverage|tarpaulin_include|coverage\(off\)|@Generated\b",
    re.IGNORECASE,
)

_LONGEST_MARK = 200
"""Characters of a marked line that are kept."""


class SourceFile(Record):
    """One file of code: its blob id, its number of lines, and those (from 1) that a coverage report ought to list.

    ``certain``: a grammar read it, and ``runs`` are lines on which a statement surely begins. Otherwise ``runs`` are
    all lines that are neither blank nor a comment. ``marks`` are the lines that ask coverage tools to look away.
    """

    blob: str
    lines: int
    certain: bool
    runs: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()


class Sources(Record):
    """The artifact (``radeng/sources/v1``): the commit's files of code, by path (``names.shown``), tests among them."""

    format: Literal["radeng/sources/v1"] = "radeng/sources/v1"
    files: dict[str, SourceFile]


def measure(scene: Scene) -> Taken:
    """The inventory of the scene's commit, from its objects: commands may have changed the worktree."""
    entries = {path: entry for path, entry in _entries(scene.mirror, scene.commit.commit) if is_code(path)}
    wanted = sorted({blob for is_file, blob in entries.values() if is_file})
    contents = dict(_contents(scene.mirror, wanted))
    found = {
        shown(path): read_source(path, blob, contents.get(blob, b"") if is_file else b"")
        for path, (is_file, blob) in entries.items()
    }
    said = f"{len(found)} files of code, {sum(len(file.runs) for file in found.values())} lines to cover\n"
    return Taken("passed", output=said, files={(ROLE, "sources.json"): canonical(Sources(files=found))})


def is_code(path: str) -> bool:
    """Whether a file is in a language that coverage tools measure."""
    return PurePosixPath(path).suffix.lower() in CODE and not path.lower().endswith(_DECLARATIONS)


def read_source(path: str, blob: str, data: bytes) -> SourceFile:
    """What one file holds."""
    # As compilers see lines: a lone carriage return ends one, and a comment on it.
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = data.split(b"\n")
    found = statements(path, data)
    code = tuple(number for number, line in enumerate(lines, start=1) if not _COMMENT.match(line))
    texts = [line.decode(errors="replace").strip()[:_LONGEST_MARK] for line in lines]
    return SourceFile(
        blob=blob,
        lines=len(lines) - (not lines[-1]),
        certain=found is not None,
        runs=code if found is None else found,
        marks=tuple(text for text in texts if _MARK.search(text)),
    )


def _entries(mirror: Mirror, commit: str) -> Iterator[tuple[str, tuple[bool, str]]]:
    """Path → (whether it is a plain file, id). A link and a submodule hold no code of their own."""
    for line in mirror.git("ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        head, _, path = line.partition("\t")
        if path:
            mode, _, blob = head.split(" ")
            yield path, (mode.startswith("100"), blob)


def _contents(mirror: Mirror, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
    """(id, bytes) of each blob, by one process however many they are. Raises ``GitError``."""
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    told = git_bytes("--git-dir", str(mirror.path), "cat-file", "--batch", cwd=mirror.path, stdin=asked)
    at = 0
    for blob in blobs:
        start = told.index(b"\n", at) + 1
        size = int(told[at : start - 1].split(b" ")[2])
        yield blob, told[start : start + size]
        at = start + size + 1
