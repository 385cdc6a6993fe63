"""The product changes after it was shown."""

from __future__ import annotations

import shutil

from radeng_assets_tests.folders import commit, git
from radeng_assets_tests.truth.state import State
from radeng_assets_tests.truth.trial import Fault

LETTER = "postbox/core/letter.py"


def _reverted(state: State) -> None:
    story = state.git("rev-parse", "radeng/ready-example/W1-S1").strip()
    state.git("revert", "--no-edit", story)


def _unexecutable(state: State) -> None:
    (state.target / LETTER).chmod(0o755)
    commit(state.target, "Make it a program")


def _another(state: State) -> None:
    shutil.rmtree(state.target)
    state.target.mkdir()
    git(state.target, "init", "--quiet", "--initial-branch=main")
    (state.target / "README.md").write_text("Another product.\n", encoding="utf-8")
    commit(state.target, "Begin")


def _moved(state: State) -> None:
    state.git("mv", "docs/guide.md", "docs/manual.md")
    commit(state.target, "Call it a manual")


def _merged(state: State) -> None:
    """Work that nobody proved, merged on top."""
    state.git("switch", "--quiet", "--create", "unproven", "HEAD~1")
    state.change("postbox/extra.py", _extra)
    state.git("switch", "--quiet", "main")
    state.git("merge", "--no-ff", "--no-edit", "unproven")


def _another_commit_shown(state: State) -> None:
    """Whoever checks HEAD out gets other files than those of its commit."""
    state.git("replace", "HEAD", "HEAD~1")
    state.all_sign()


def _another_file_shown(state: State) -> None:
    (state.folder / "other").write_text("# Not what was shown.\n", encoding="utf-8")
    other = state.git("hash-object", "-w", str(state.folder / "other")).strip()
    state.git("replace", f"HEAD:{LETTER}", other)
    state.all_sign()


def _another_branch(state: State) -> None:
    state.git("switch", "--quiet", "--create", "stable", "HEAD~2")


def _back(state: State) -> None:
    state.git("reset", "--quiet", "--hard", "HEAD~1")


def _amended(state: State) -> None:
    state.git("commit", "--amend", "-m", "Mine")


FAULTS = (
    Fault("unproven work is merged", "stories_completed", "extra.py", _merged),
    Fault("git replaces the commit", "stories_completed", "changed", _another_commit_shown),
    Fault("git replaces a file", "stories_completed", "letter.py", _another_file_shown),
    Fault("HEAD goes back, after agents", "stakeholder_signoff", "HEAD is", _back, agent="command"),
    Fault("another branch, after agents", "stakeholder_signoff", "HEAD is", _another_branch, agent="command"),
    Fault("amended, after agents", "stakeholder_signoff", "HEAD is", _amended, agent="command"),
    Fault("one byte of the product", "stories_completed", "letter.py", lambda s: s.change(LETTER, lambda b: b + b"\n")),
    Fault("one byte of a test", "test_coverage", "test_letter", lambda s: s.change("tests/core/test_letter.py", _more)),
    Fault("one byte of a document", "documentation", "guide.md", lambda s: s.change("docs/guide.md", _more)),
    Fault("one byte of the load test", "load_test", "fleet.py", lambda s: s.change("load/fleet.py", _more)),
    Fault("one byte of the page", "ui_integration", "page.py", lambda s: s.change("postbox/service/page.py", _more)),
    Fault(
        "a dependency is added", "security_audit", "requirements.txt", lambda s: s.change("requirements.txt", _needs)
    ),
    Fault(
        "the runner's settings change", "stories_completed", "pyproject", lambda s: s.change("pyproject.toml", _more)
    ),
    Fault("a new file in the package", "ess_integration", "extra.py", lambda s: s.change("postbox/extra.py", _extra)),
    Fault("a mode of a file changes", "stories_completed", "letter.py", _unexecutable),
    Fault("a file gets another name", "documentation", "(guide|manual).md", _moved),
    Fault("a story is reverted after its proof", "stories_completed", "journal", _reverted),
    Fault("HEAD goes back", "stories_completed", "shown on", _back),
    Fault("another product in its place", "stories_completed", "shown on", _another),
    Fault("the commit is amended", "stakeholder_signoff", "VOID", _amended),
    Fault(
        "an empty commit on top", "stakeholder_signoff", "VOID", lambda s: s.git("commit", "--allow-empty", "-m", "-")
    ),
)


def _more(data: bytes) -> bytes:
    return data + b"\n"


def _needs(data: bytes) -> bytes:
    return data + b"requests==2.0\n"


def _extra(_: bytes) -> bytes:
    return b'"""More."""\n'
