"""``radeng report``: a page from a home alone, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from radeng_assets_tests.cli.conftest import Judged
from radeng_assets_tests.folders import commit, git
from radeng_assets_tests.processes import radeng
from radeng_assets_tests.readiness.page.markup import parsed


def report(judged: Judged, out: Path, *args: str | Path) -> str:
    done = radeng("report", "--home", judged.home, "--out", out, *args, cwd=judged.home)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return out.read_text(encoding="utf-8")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    return tmp_path / "pages"


def test_it_knows_plan_target_and_verdict_by_the_home_alone(judged: Judged, pages: Path) -> None:
    document = report(judged, pages / "report.html")
    text = parsed(document).all("body")[0].text
    verdict = judged.verdict
    assert git(judged.target, "rev-parse", "HEAD").strip() in text
    assert verdict["plan"]["digest"] in text
    assert "3 of 3 stories are shown to be done" in text
    assert "1 measurement as a table" in text
    assert "Veracity of the code index by commit" in text
    for story in (story for wave in verdict["waves"] for story in wave["stories"]):
        assert story["id"] in text
    for item in verdict["criteria"]:
        for digest in item["evidence"]:
            assert f"evidence/{digest.removeprefix('sha256:')}" in document
    assert stat.S_IMODE((pages / "report.html").stat().st_mode) == 0o666 & ~_umask()
    assert [one.name for one in pages.iterdir()] == ["report.html"]


def test_it_judges_anew_once_the_target_has_moved_on(judged: Judged, pages: Path, tmp_path: Path) -> None:
    target = Path(shutil.copytree(judged.target, tmp_path / "target"))
    (target / "counter.py").write_text("def count(n):\n    return n + 2\n", encoding="utf-8")
    moved = commit(target, "Count by twos")
    text = parsed(report(judged, pages / "report.html", "--target", target)).all("body")[0].text
    assert moved in text
    assert "0 of 3 stories are shown to be done" in text
    assert "counter.py changed" in text
    # What was measured once stays a point of the trend.
    assert "1 measurement as a table" in text


def test_it_leaves_the_page_before_it_alone_where_it_fails(judged: Judged, pages: Path) -> None:
    out = pages / "report.html"
    out.write_text("the page before", encoding="utf-8")
    gone = ("--target", pages / "nowhere", "--agent", "none")
    done = radeng("report", "--home", judged.home, "--out", out, *gone, cwd=pages)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert out.read_text(encoding="utf-8") == "the page before"
    done = radeng("report", "--home", judged.home, "--out", pages, cwd=pages)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert [one.name for one in pages.iterdir()] == ["report.html"]


def test_the_note_about_the_run_holds_no_setting_that_may_be_secret(judged: Judged) -> None:
    note = json.loads((judged.home / "last-run.json").read_text(encoding="utf-8"))
    assert note == {"plan_dir": str(judged.plan), "target_repo": str(judged.target), "agent": "none"}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_without_a_run_there_is_a_hint_and_no_file(tmp_path: Path) -> None:
    done = radeng("report", "--home", tmp_path / "home", "--out", tmp_path / "report.html", cwd=tmp_path)
    assert done.returncode == 2
    assert "radeng run" in done.stderr
    assert not (tmp_path / "report.html").exists()
    assert not (tmp_path / "home").exists()
