"""How well questions find their files: recall and reciprocal rank, over this repository's own code.

The files are committed to a repository of their own, without the questions: an index that had read those would find
them. The yardstick is SQLite's FTS5 as it comes, over the same text and questions.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import yaml

from radeng_assets.ess.index.code_index import CodeIndex
from radeng_assets_tests.folders import commit, git

ROOT = Path(__file__).resolve().parents[3]
QUESTIONS = Path(__file__).with_name("questions.yaml")
FOLDERS = ("radeng_assets", "radeng_assets_tests", "benchmarks", "docs", "plans")
FILES = ("README.md", "CONTRIBUTING.md", "pyproject.toml", "Makefile", "dagster.yaml")
HIT = 5
"""Within so many results a file counts as found."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the files of which any answers it."""

    text: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Share of questions with an answer among the first ``HIT``; mean of 1/rank (0 below the tenth)."""

    recall: float
    mrr: float
    missed: tuple[str, ...]


def questions() -> tuple[Question, ...]:
    loaded = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    return tuple(Question(one["ask"], tuple(one["paths"])) for one in loaded)


def own_files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and QUESTIONS.parent not in path.parents:
                yield path
    yield from (ROOT / name for name in FILES)


def own_repository(folder: Path) -> Path:
    """A git repository of this project's files."""
    git_folder = folder / "own"
    git_folder.mkdir(parents=True)
    git(git_folder, "init", "--quiet", "--initial-branch=main")
    for path in own_files():
        copy = git_folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    commit(git_folder, "As it is")
    return git_folder


def quality(ask: Callable[[str], Sequence[str]], asked: Sequence[Question]) -> Quality:
    """The quality of anything that answers a question with paths, best first."""
    ranks: list[int | None] = []
    for question in asked:
        found = ask(question.text)
        ranks.append(next((rank for rank, path in enumerate(found, 1) if path in question.paths), None))
    return Quality(
        recall=sum(rank is not None and rank <= HIT for rank in ranks) / len(asked),
        mrr=sum(1 / rank for rank in ranks if rank is not None) / len(asked),
        missed=tuple(q.text for q, rank in zip(asked, ranks, strict=True) if rank is None or rank > HIT),
    )


def paths_of(index: CodeIndex) -> Callable[[str], list[str]]:
    """The index as something that answers with paths."""
    return lambda text: [hit.path for hit in index.search(text, 10)]


def plain_fts5(folder: Path) -> Callable[[str], list[str]]:
    """FTS5 with its default tokenizer over path and text, no weights: what a first attempt would be."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE plain USING fts5 (path, body)")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".git" not in path.relative_to(folder).parts:
            text = path.read_bytes().decode(errors="replace")
            database.execute("INSERT INTO plain VALUES (?, ?)", (str(path.relative_to(folder)), text))

    def ask(text: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        with closing(database.cursor()) as cursor:
            found = cursor.execute("SELECT path FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 10", (match,))
            return [path for (path,) in found]

    return ask
