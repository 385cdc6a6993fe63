"""Lock files that fetch from a place that no lock file named before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from radeng_assets.execution.inspection.change import Change, Terms
from radeng_assets.execution.inspection.inspection import Inspection
from radeng_assets.execution.inspection.text import added_lines, text_of
from radeng_assets.execution.setup import LOCK_FILES

_SOURCE = re.compile(
    r"\b((?:git\+)?(?:https?|ssh|git|file)://(?:[^\s/\"'@]*@)?[^\s/\"')]*|git@[\w.-]+|file:\.{0,2}/\S*)"
)
_KNOWN = frozenset(
    f"https://{host}"
    for host in (
        *("registry.npmjs.org", "registry.yarnpkg.com", "pypi.org", "files.pythonhosted.org", "static.crates.io"),
        *("index.crates.io", "rubygems.org", "repo.packagist.org", "api.github.com", "repo.hex.pm", "jsr.io"),
    )
)
"""The public registries' own hosts."""

_LINES = {
    "package-lock.json": re.compile(r'"(?:resolved|version)"'),
    "npm-shrinkwrap.json": re.compile(r'"(?:resolved|version)"'),
    "composer.lock": re.compile(r'"url": "(?!https://github\.com/)'),
}
_ANY = re.compile(r"^(?!\s*deprecated:)")
"""Lines that say where something comes from; others carry addresses of home pages and funds."""


def _find(change: Change, terms: Terms) -> Iterator[tuple[str, int, str]]:
    del terms
    for file in change.files:
        if file.after is None or PurePosixPath(file.path).name not in LOCK_FILES:
            continue
        wanted = _LINES.get(PurePosixPath(file.path).name, _ANY)
        before = set(_SOURCE.findall(text_of(file.before)))
        for number, line in added_lines(file):
            for source in _SOURCE.findall(line) if wanted.search(line) else ():
                if source not in before and source not in _KNOWN:
                    yield file.path, number, f"it fetches from {source[:120]}, which it did not before"


INSPECTION = Inspection(
    "lock-sources",
    "Any story may change lock files, and a setup runs what they name, with the network. So they may name the public "
    "registries and what they named before.",
    _find,
)
