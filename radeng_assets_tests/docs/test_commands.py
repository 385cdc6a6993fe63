"""Every command of the documentation is run, or says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from radeng_assets_tests.conftest import ROOT
from radeng_assets_tests.docs.conftest import Shell
from radeng_assets_tests.docs.fences import RUN, Fence, fences, pages, read_fences, script, surprises

REASONS = {
    "needs an API key": "`cli/test_agents.py` and `cli/test_load.py` run it on a stand-in of the Messages API",
    "needs a network": "a package index or a code host",
    "takes minutes": "the suite runs them on less, or CI does",
    "serves until it is ended": "`web/` starts it and looks at it in a browser",
    "of the tools' own makers": "programs of others; the text says when they were run",
    "needs Postgres's own programs": "`cli/test_backup.py` runs it with those of the wheel",
    "targets of make": "CI and the suite run what is behind them, and that they are there is tested here",
    "of one commit": "an answer about another commit than the one that is tested",
}
"""Why a block is not run, and what stands in for that."""

ALL = [fence for page in pages() for fence in fences(page)]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in pages() if any(fence.runs for fence in fences(page))], ids=name)
def test_its_commands_do_what_the_page_says(page: Path, desk: Shell) -> None:
    for fence in fences(page):
        if fence.runs:
            check(fence, desk)


def check(fence: Fence, desk: Shell) -> None:
    done = desk.run("bash", "-c", script(fence))
    assert done.returncode == 0, f"{fence.place} ended with {done.returncode}:\n{script(fence)}\n{done.stdout}"
    assert not surprises(fence, done.stdout), f"{fence.place} prints:\n{done.stdout}"


def test_a_block_that_is_not_run_says_one_of_these_reasons() -> None:
    said = {fence.reason: fence.place for fence in ALL if fence.reason}
    assert set(said) <= set(REASONS), said
    assert set(REASONS) <= set(said), "a reason that no block has"


def test_a_block_of_commands_is_marked_as_one() -> None:
    assert [fence.place for fence in ALL if fence.language in ("bash", "shell", "shell-session")] == []
    unmarked = [fence.place for fence in ALL if not fence.language and fence.looks_like_commands]
    assert unmarked == [], "say sh or console"
    known = [fence for fence in ALL if fence.language in RUN]
    assert [fence.place for fence in known if fence.words and not fence.reason] == []


def test_what_make_is_asked_for_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = {line.partition(":")[0] for line in makefile.splitlines() if "##" in line}
    lines = [line.removeprefix("$ ") for fence in ALL if fence.language in RUN for line in fence.text.splitlines()]
    asked = {line.split()[1] for line in lines if line.startswith("make ")}
    assert {"run", "test"} <= asked <= targets


class TestTheseRules:
    """A check that cannot fail would be none."""

    def fence(self, text: str, language: str = "sh") -> Fence:
        (fence,) = read_fences(f"```{language}\n{text}\n```\n", "page.md")
        return fence

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("false", "sh"),
            ("false\ntrue", "sh"),
            ("radeng audit --plan nowhere", "sh"),
            ("true   # exit 3 unless READY", "sh"),
            ("sh -c 'exit 2'  # exit 3", "sh"),
            ("$ echo one\ntwo", "console"),
            ("$ echo one", "console"),
            ("$ echo one\n$ echo two\none\ntwo", "console"),
            ("$ printf 'one\\ntwo\\n'\none …\n…", "console"),
        ],
    )
    def test_fail_where_a_page_is_wrong(self, text: str, language: str, shell: Shell) -> None:
        with pytest.raises(AssertionError):
            check(self.fence(text, language), shell)

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("radeng audit --plan nowhere  # exit 2: nothing usable", "sh"),
            ("sh -c 'exit 3'  # exit 3 unless READY\ntrue", "sh"),
            ("$ printf 'one 1\\ntwo\\nthree\\n'\none …\n…\nthree\n$ true", "console"),
        ],
    )
    def test_hold_where_it_is_right(self, text: str, language: str, shell: Shell) -> None:
        check(self.fence(text, language), shell)

    def test_a_reason_keeps_a_block_from_being_run(self) -> None:
        fence = self.fence("false", "sh no-run: takes minutes")
        assert not fence.runs
        assert fence.reason == "takes minutes"
