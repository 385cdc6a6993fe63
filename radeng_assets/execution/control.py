"""Controls: a proof that cannot fail proves nothing, so it is asked once more where it must fail.

A test that fails is put beside the tests of the base, and code that a proof gives to an interpreter (``python -c``)
gets an end that fails. Product code that ends the runner with exit code 0, a test runner that was patched from inside,
settings that no longer collect the tests: whatever makes a command say yes to everything is seen by that.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from radeng_assets.canonical import digest_of
from radeng_assets.evidence.outcomes import Ticket
from radeng_assets.execution.gates import on_commit
from radeng_assets.execution.git import Commit
from radeng_assets.execution.inspection.kinds import is_test_name
from radeng_assets.execution.inspection.languages.facts import failing_test_of
from radeng_assets.execution.mirror import Mirror
from radeng_assets.execution.proof import Examiner, Part
from radeng_assets.planning.documents.execution_plan import Story

_ENDS = (
    (re.compile(r"python[\d.]*"), ("-c",), "raise SystemExit(97)"),
    (re.compile(r"node|bun|tsx"), ("-e", "--eval", "-p"), "process.exit(97)"),
    (re.compile(r"ruby"), ("-e",), "exit 97"),
)
"""Interpreter, its option for code, and a last line that fails."""

_PUNCTUATION = frozenset("();<>|&")


@dataclass(frozen=True, slots=True)
class Control:
    """Asks the commands of a proof about commits on which they must fail."""

    mirror: Mirror
    examiner: Examiner

    def unfailing(self, story: Story, ticket: Ticket, result: Commit, base: Commit, at: str) -> tuple[Part, ...]:
        """What passes on a proven result although it must not; empty where every command can fail.

        A command of the gate is held to that where it passes on the base and fails there with the same test put in.
        """
        there = on_commit(ticket, self._spoiled(result, base, at))
        asked = {f"! {command}": command for command in self.examiner.gates.commands("post_story")}
        asked |= {f"! {code}": code for code in self._made_to_fail(story)}
        tests = frozenset(self.examiner.gates.commands("post_story"))
        while asked:
            shown = self.examiner.prover.show("control", story.id.value, tuple(asked), there)
            if shown.state == "passed":
                return ()
            last = self.examiner.prover.store.get_envelope(shown.evidence[-1]) if shown.evidence else None
            if last is None or shown.state != "failed" or last.command not in asked:
                return (Part(what="control", state=shown.state, reason=shown.reason, evidence=shown.evidence),)
            command = asked.pop(last.command)
            if command not in tests or self._can_fail(story, ticket, command, base, at):
                what = "a test put in that fails" if command in tests else "an end that fails"
                reason = f"`{command}` passes with {what}: it says yes to everything"
                return (Part(what="control", state="failed", reason=reason, evidence=shown.evidence),)
        return ()

    def _can_fail(self, story: Story, ticket: Ticket, command: str, base: Commit, at: str) -> bool:
        spoiled = self._spoiled(base, base, at)
        show, about = self.examiner.prover.show, story.id.value
        return (
            spoiled != base
            and show("control", about, (command,), on_commit(ticket, base)).state == "passed"
            and show("control", about, (f"! {command}",), on_commit(ticket, spoiled)).state == "passed"
        )

    def _spoiled(self, commit: Commit, base: Commit, at: str) -> Commit:
        """A commit with one failing test for each language of the base's tests, where most of them are."""
        files = {path: self._text(base, beside) for path, beside in self._places(commit, base)}
        if not files:
            return commit
        tree = self.mirror.with_new_files(commit.tree, files)
        return self.mirror.commit(tree, commit.commit, "A control: this must fail", at)

    def _places(self, commit: Commit, base: Commit) -> Iterator[tuple[str, str]]:
        """(path of the failing test, an existing test beside it)."""
        tests = [path for path in self.mirror.files(base.commit) if is_test_name(path) and failing_test_of(path)]
        for suffix in sorted({PurePosixPath(path).suffix for path in tests}):
            of_it = [path for path in tests if path.endswith(suffix)]
            folder, _ = Counter(PurePosixPath(path).parent for path in of_it).most_common(1)[0]
            beside = min(path for path in of_it if PurePosixPath(path).parent == folder)
            # An agent cannot name what depends on all that it wrote.
            word = "c" + digest_of([commit.tree]).removeprefix("sha256:")[:12]
            yield str(folder / _named_like(PurePosixPath(beside).name, word)), beside

    def _text(self, base: Commit, beside: str) -> bytes:
        failing = failing_test_of(beside)
        sibling = self.mirror.git("cat-file", "blob", f"{base.commit}:{beside}")
        return failing(sibling).encode(errors="surrogateescape") if failing else b""

    def _made_to_fail(self, story: Story) -> Iterator[str]:
        for number in range(1, len(story.criteria) + 1):
            for proof in self.examiner.proofs(story, number):
                failing = made_to_fail(proof)
                if failing:
                    yield failing


def made_to_fail(command: str) -> str:
    """A command whose last word is code for an interpreter, with an end that fails; empty for any other command."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError:
        return ""
    if len(words) < 3 or any(set(word) <= _PUNCTUATION for word in words) or "$" in command or "`" in command:
        return ""
    for program, options, end in _ENDS:
        if program.fullmatch(PurePosixPath(words[0]).name) and words[-2] in options:
            return shlex.join([*words[:-1], f"{words[-1]}\n{end}"])
    return ""


def _named_like(name: str, word: str) -> str:
    """A file name that a runner takes for a test as it does ``name``: ``test_x.py``, ``x.test.ts``, ``x_test.go``."""
    if name.startswith("test"):
        return f"test_{word}{PurePosixPath(name).suffix}"
    mark = re.search(r"[._-](?:test|spec|tests)\.", name)
    return f"{word}{name[mark.start() :]}" if mark else f"{word}{name}"
