"""Links between pages lead somewhere."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from radeng_assets.evidence.formats.prose import Prose, read_prose
from radeng_assets.readiness.reports.document_faults import broken_links
from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.docs.fences import pages


@pytest.fixture(scope="module")
def tree() -> frozenset[str]:
    """What a clone has, and what is about to be committed."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(done.stdout.splitlines())


def read(path: str) -> Prose:
    return read_prose((ROOT / path).read_bytes(), path)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_leads_nowhere(page: Path, tree: frozenset[str]) -> None:
    name = page.relative_to(ROOT).as_posix()
    folders = {parent.as_posix() for path in tree for parent in PurePosixPath(path).parents}
    assert [issue.message for issue in broken_links(name, read(name), tree, folders, read)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in reached or not name.endswith(".md"):
            continue
        reached.add(name)
        for link in read(name).links:
            target = (ROOT / name).parent / link.target.partition("#")[0]
            if "://" not in link.target and target.is_file():
                waiting.append(target.resolve().relative_to(ROOT.resolve()).as_posix())
            elif "://" not in link.target and target.is_dir():
                waiting += [path.relative_to(ROOT).as_posix() for path in target.resolve().glob("*.md")]
    assert {page.relative_to(ROOT).as_posix() for page in pages()} <= reached
