"""Edits of the scripts that gates and proofs run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import cast

from radeng_assets.execution.globs import covered
from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.kinds import named_files
from radeng_assets.execution.inspection.text import text_of

_MANAGER = re.compile(r"\b(?:npm|pnpm|yarn|bun|npx|lerna|turbo|nx|concurrently|run-[sp]|npm-run-all)\b")
_WORD = re.compile(r"[\w:.-]+")
_INSTALLING = frozenset({"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"})
"""Scripts that a package manager runs when it installs."""


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    named = named_files(terms.commands, change.base_paths)
    managed = [command for command in terms.commands if _MANAGER.search(command)]
    for file in change.files:
        if file.path in named and not covered(file.path, terms.scope):
            yield file.path, 0, "a gate or a proof runs it"
        if file.path.endswith("package.json") and file.before is not None:
            before, after = _scripts(text_of(file.before)), _scripts(text_of(file.after))
            for name in sorted(_reached(managed, before, after)):
                if before.get(name) != after.get(name):
                    yield file.path, 0, f"its script {name!r}, which a gate runs, was changed"


def _reached(commands: Sequence[str], before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The scripts that commands come to run: those that they name, those that these name, and their hooks."""
    known = before.keys() | after.keys()
    reached = set(_INSTALLING & known) if commands else set[str]()
    waiting = list(commands)
    while waiting:
        words = {match.group() for match in _WORD.finditer(waiting.pop())} | {"test"}
        found = {f"{when}{word}" for word in words for when in ("", "pre", "post")} & known - reached
        reached |= found
        waiting += [scripts[name] for name in found for scripts in (before, after) if name in scripts]
    return reached


def _scripts(text: str) -> dict[str, str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    scripts = cast("dict[str, object]", document).get("scripts") if isinstance(document, dict) else None
    found = cast("dict[str, object]", scripts) if isinstance(scripts, dict) else {}
    return {name: str(value) for name, value in found.items()}


INSPECTION = Inspection(
    "gates",
    "Who may rewrite the judge wins every case. Scripts that gates and proofs run stay as the base has them.",
    _find,
)
