"""``radeng report``: a page from a home alone, whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from radeng_assets_tests.ess.targets import sound_target
from radeng_assets_tests.folders import commit, git, write_folder
from radeng_assets_tests.processes import radeng, radeng_json
from radeng_assets_tests.readiness.page.markup import parsed


class TestOnATarget:
    """One run on a real repository, and what can be asked of its home afterwards."""

    @pytest.fixture(scope="class")
    @classmethod
    def root(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        root = tmp_path_factory.mktemp("root")
        plan, target = write_folder(root / "plan"), sound_target(root / "target")
        done = radeng("run", "--plan", plan, "--target", target, "--agent", "none", "--home", root / "home", cwd=root)
        assert done.returncode == 0, done.stderr
        return root

    def report(self, root: Path, out: Path) -> str:
        done = radeng("report", "--home", root / "home", "--out", out, cwd=root)
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        return out.read_text(encoding="utf-8")

    def test_knows_plan_target_and_verdict_by_the_home_alone(self, root: Path, tmp_path: Path) -> None:
        document = self.report(root, tmp_path / "report.html")
        text = parsed(document).all("body")[0].text
        head = git(root / "target", "rev-parse", "HEAD").strip()
        _, verdict = radeng_json("verdict", "--home", root / "home", cwd=root)
        assert head in text
        assert verdict["plan"]["digest"] in text
        assert "3 of 3 stories are shown to be done" in text
        assert "1 measurement as a table" in text
        assert "Veracity of the code index by commit" in text
        for story in (story for wave in verdict["waves"] for story in wave["stories"]):
            assert story["id"] in text
        for item in verdict["criteria"]:
            for digest in item["evidence"]:
                assert f"evidence/{digest.removeprefix('sha256:')}" in document
        assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o666 & ~_umask()
        assert [one.name for one in tmp_path.iterdir()] == ["report.html"]

    def test_judges_anew_once_the_target_has_moved_on(self, root: Path, tmp_path: Path) -> None:
        (root / "target" / "counter.py").write_text("def count(n):\n    return n + 2\n", encoding="utf-8")
        moved = commit(root / "target", "Count by twos")
        text = parsed(self.report(root, tmp_path / "report.html")).all("body")[0].text
        assert moved in text
        assert "0 of 3 stories are shown to be done" in text
        assert "counter.py changed" in text
        # What was measured once stays a point of the trend.
        assert "1 measurement as a table" in text

    def test_leaves_the_page_before_it_alone_where_it_fails(self, root: Path, tmp_path: Path) -> None:
        out = tmp_path / "report.html"
        out.write_text("the page before", encoding="utf-8")
        done = radeng(
            "report",
            "--home",
            root / "home",
            "--out",
            out,
            "--target",
            tmp_path / "nowhere",
            "--agent",
            "none",
            cwd=root,
        )
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert out.read_text(encoding="utf-8") == "the page before"
        done = radeng("report", "--home", root / "home", "--out", tmp_path, cwd=root)
        assert done.returncode == 2
        assert "cannot be written" in done.stderr
        assert [one.name for one in tmp_path.iterdir()] == ["report.html"]

    def test_the_note_about_the_run_holds_no_setting_that_may_be_secret(self, root: Path) -> None:
        note = json.loads((root / "home" / "last-run.json").read_text(encoding="utf-8"))
        assert note == {"plan_dir": str(root / "plan"), "target_repo": str(root / "target"), "agent": "none"}


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
