"""JavaScript and TypeScript tests: jest, vitest, mocha, bun, node:test, playwright."""

from __future__ import annotations

from radeng_assets.execution.inspection.languages.scanner import scanner

SUFFIXES = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts")


def failing(sibling: str) -> str:
    """A file that fails in any runner: it throws when it is loaded."""
    del sibling
    return 'throw new Error("a control: this must fail");\n'


read = scanner(
    test=r"\b(?:it|test|specify)(?:\.\w+)*\s*\(\s*[\"'`](.*?)[\"'`]\s*,",
    assertion=r"\bexpect\w*\s*[(.]|\bassert\w*\s*[(.]|\.should\b|\bt\.(?:is|true|deepEqual|throws)\b",
    skip=r"\bx(?:it|test|describe|specify)\s*\(|\.(?:skip|skipIf|only|todo|failing|fixme)\b\s*\(?|\bthis\.skip\("
    r"|\bif\s*\(\s*(?:false|0|!1|null)\b|\.each\(\s*\[\s*\]|^\s*return;?\s*$",
)
