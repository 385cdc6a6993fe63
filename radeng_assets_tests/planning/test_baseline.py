"""Accepting findings: by content, with reason, person and an end."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from benchmarks.plans import write_plan
from radeng_assets.planning.audit import Audit, audit
from radeng_assets.planning.baseline import entry_lines
from radeng_assets.planning.folder import BASELINE, read_sources

TODAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Consistent, but for 13 stories claimed in the README."""
    path = write_plan(tmp_path / "plan", 12)
    readme = path / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("**12 stories**", "**13 stories**"), encoding="utf-8")
    return path


def audited(folder: Path, today: date = TODAY) -> Audit:
    return audit(read_sources(folder), today)


def errors(result: Audit) -> list[str]:
    return [finding.rule for finding in result.findings if finding.severity != "info"]


def digest_of(result: Audit, rule: str) -> str:
    pairs = zip(result.findings, result.digests, strict=True)
    return next(digest for finding, digest in pairs if finding.rule == rule)


def accept(folder: Path, digest: str, expires: str = "2026-12-31", **more: str) -> None:
    entry = {"finding": digest, "reason": "Known", "by": "A. Person", "expires": expires, **more}
    text = yaml.safe_dump({"accepted": [{key: value for key, value in entry.items() if value}]})
    (folder / BASELINE).write_text(text, encoding="utf-8")


def test_an_accepted_finding_is_told_apart(folder: Path) -> None:
    before = audited(folder)
    assert errors(before) == ["story-count-differs"]
    digest = digest_of(before, "story-count-differs")
    accept(folder, digest)
    after = audited(folder)
    assert errors(after) == []
    (accepted,) = after.accepted
    assert (accepted.digest, accepted.by, accepted.reason) == (digest, "A. Person", "Known")
    assert accepted.finding.rule == "story-count-differs"
    assert after.refusal() == ""
    assert "story-count-differs" in before.refusal()


def test_lines_that_move_keep_an_acceptance_and_a_line_that_changes_ends_it(folder: Path) -> None:
    accept(folder, digest_of(audited(folder), "story-count-differs"))
    readme = folder / "README.md"
    text = readme.read_text("utf-8")
    readme.write_text(text.replace("## Documents\n", "## Documents\n\n\n"), encoding="utf-8")
    assert errors(audited(folder)) == []
    readme.write_text(text.replace("**13 stories**", "**14 stories**"), encoding="utf-8")
    assert errors(audited(folder)) == ["story-count-differs", "baseline-unmatched"]


def test_an_acceptance_holds_to_its_last_day(folder: Path) -> None:
    accept(folder, digest_of(audited(folder), "story-count-differs"), expires="2026-11-23")
    assert errors(audited(folder, date(2026, 11, 23))) == []
    late = audited(folder, date(2026, 11, 24))
    assert errors(late) == ["story-count-differs", "baseline-expired"]
    (finding,) = [finding for finding in late.findings if finding.rule == "baseline-expired"]
    assert (finding.at[0].file, finding.severity) == (BASELINE, "warning")
    assert finding.at[0].line


@pytest.mark.parametrize("missing", ["finding", "reason", "by", "expires"])
def test_an_entry_without_one_of_its_parts_accepts_nothing(folder: Path, missing: str) -> None:
    accept(folder, digest_of(audited(folder), "story-count-differs"), **{missing: ""})
    result = audited(folder)
    assert not result.accepted
    assert "missing-key" in errors(result)


def test_a_date_that_is_none_accepts_nothing(folder: Path) -> None:
    accept(folder, digest_of(audited(folder), "story-count-differs"), expires="soon")
    result = audited(folder)
    assert not result.accepted
    assert errors(result).count("wrong-value") == 1


def test_the_printed_entries_are_read_back(folder: Path) -> None:
    result = audited(folder)
    pairs = zip(result.findings, result.digests, strict=True)
    lines = "".join(entry_lines(finding, digest) for finding, digest in pairs if finding.severity == "error")
    filled = lines.replace("reason: ", "reason: Known").replace("by: ", "by: Me")
    filled = filled.replace("expires: ", "expires: 2027-01-01")
    (folder / BASELINE).write_text(f"accepted:\n{filled}", encoding="utf-8")
    assert errors(audited(folder)) == []


def test_the_same_folder_elsewhere_has_the_same_digests(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert audited(folder).digests == audited(tmp_path / "elsewhere").digests
