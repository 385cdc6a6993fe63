"""The inventory of code: what surely runs, and nothing that honest tools do not list."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radeng_assets.execution.branches import Branches
from radeng_assets.execution.git import TargetRepository
from radeng_assets.execution.measuring.sources import CODE, Sources, is_code, measure, read_source
from radeng_assets.execution.measuring.statements import statements
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.names import shown
from radeng_assets_tests.evidence.formats.goldens import FOLDER, coverage
from radeng_assets_tests.execution.measuring.scenes import scene_of
from radeng_assets_tests.folders import commit, git

PYTHON = '''"""A docstring."""
from __future__ import annotations
import os
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import sys
x: int
y: int = 1
def f(
    a,
):
    """Another."""
    ...
    pass
    if a:
        return (
            a
        )
    for _ in a:
        g(); h()
    class C:
        z = 1
'''


TYPESCRIPT = """'use strict';
interface A {
  a: string;
}
export const f = (a: A) => {
  if (a) {
    return g(
      a,
    );
  }
  throw a;
};
"""


def test_statements_of_python() -> None:
    assert statements("a.py", PYTHON.encode()) == (3, 4, 8, 15, 16, 19, 20, 22)


def test_statements_of_typescript() -> None:
    assert statements("a.ts", TYPESCRIPT.encode()) == (5, 6, 7, 11)
    assert statements("a.tsx", TYPESCRIPT.encode()) == (5, 6, 7, 11)


@pytest.mark.parametrize(
    ("report", "folder"),
    [("coverage_py.json", "python"), ("nyc.istanbul.json", "js"), ("c8.istanbul.json", "js")],
)
def test_a_real_tool_lists_every_one_but_what_it_is_told_not_to(report: str, folder: str) -> None:
    checked = 0
    for file in coverage(report).files:
        path = file.path.rpartition("/js/")[2]
        place = FOLDER / "sample" / folder / path
        place = place if place.exists() else place.with_name(place.name + ".txt")
        text = place.read_bytes()
        found = statements(path, text)
        assert found is not None
        lines = text.decode().splitlines()
        hidden = [line for line in found if line not in file.hits]
        assert hidden == ([16] if path == "tools/export.py" else []), [lines[line - 1] for line in hidden]
        checked += len(found)
    assert checked > 5


def test_a_name_for_type_checkers_hides_nothing_but_imports() -> None:
    text = b"TYPE_CHECKING = True\nif TYPE_CHECKING:\n    import a\n    print(1)\nelse:\n    print(2)\n"
    assert statements("a.py", text) == (1, 4, 6)


def test_a_lone_carriage_return_ends_a_comment() -> None:
    file = read_source("a.py", "b", b"# nothing\rprint(1)\r\nprint(2)\n")
    assert (file.lines, file.runs) == (3, (2, 3))


def test_what_istanbul_counts_beside_statements() -> None:
    text = b"export const a =\n  1;\nexport const f = (x) =>\n  g(x);\nlet none;\nexport const h = (y) => {\n};\n"
    assert statements("a.js", text) == (2, 3, 4, 6)


@pytest.mark.parametrize("suffix", [".py", ".ts"])
def test_what_no_grammar_reads_is_counted_by_lines(suffix: str) -> None:
    file = read_source(f"a{suffix}", "b", b"def f(:\n  pass }\n")
    assert not file.certain
    assert len(file.runs) == file.lines


def test_lines_that_are_no_comment() -> None:
    file = read_source("a.go", "b", b"// one\n\nf()\n/* two\n * three\n */\n\tg() // four\n")
    assert (file.certain, file.lines, file.runs) == (False, 7, (3, 7))


@pytest.mark.parametrize(
    "mark",
    [
        *("# pragma: no cover", "# pragma:no cover", "/* istanbul ignore next */", "/* c8 ignore start */"),
        *("// LCOV_EXCL_LINE", "# :nocov:", "[ExcludeFromCodeCoverage]", "@Generated", "/* v8 ignore next */"),
    ],
)
def test_marks(mark: str) -> None:
    assert read_source("a.rb", "b", f"f()\n  {mark}\n".encode()).marks == (mark,)
    assert read_source("a.rb", "b", b"# covered\n").marks == ()


def test_code() -> None:
    assert all(is_code(f"src/a{suffix}") for suffix in CODE)
    assert not any(map(is_code, ("README.md", "a.d.ts", "a.h", "Makefile", "py", "a.py/b.css")))


@given(st.binary(max_size=300), st.sampled_from(sorted(CODE)))
def test_any_bytes_are_a_file(data: bytes, suffix: str) -> None:
    file = read_source(f"a{suffix}", "b", data)
    assert all(1 <= line <= file.lines for line in file.runs)


def test_the_inventory_is_of_the_commit_and_not_of_what_commands_made_of_the_worktree(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    git(target, "init", "--quiet", "--initial-branch=main")
    (target / "a.py").write_text("print(1)\nprint(2)\n", encoding="utf-8")
    (target / "same.py").write_text("print(1)\nprint(2)\n", encoding="utf-8")
    (target / "empty.py").write_text("", encoding="utf-8")
    (target / "odd\nname.js").write_text("f();\n", encoding="utf-8")
    (target / "link.py").symlink_to("a.py")
    (target / "README.md").write_text("Hello\n", encoding="utf-8")
    (target / os.fsdecode(b"\xff.py")).write_text("print(1)\n", encoding="utf-8")
    commit(target, "Begin")
    home = tmp_path / "home"
    home.mkdir()
    mirror = Mirror(home, TargetRepository.open(target))
    mirror.prepare()
    (target / "a.py").write_text("", encoding="utf-8")
    taken = measure(scene_of(target, mirror.target.head(), mirror, Branches("plan")))
    assert taken.state == "passed"
    files = Sources.model_validate_json(taken.files["sources", "sources.json"]).files
    assert {path: (file.lines, file.runs) for path, file in files.items()} == {
        "a.py": (2, (1, 2)),
        "same.py": (2, (1, 2)),
        "empty.py": (0, ()),
        r"odd\nname.js": (1, (1,)),
        "link.py": (0, ()),
        "\\xff.py": (1, (1,)),
    }
    blobs = mirror.blobs(mirror.target.head().commit)
    assert {shown(path): blob for path, blob in blobs.items() if is_code(path)} == {p: f.blob for p, f in files.items()}
