"""Which declared files are there: globs that stay in their folder, and paths that may not escape."""

from __future__ import annotations

import pytest

from radeng_assets.execution.proof import missing_files

FILES = ("package.json", "src/a.ts", "src/deep/b.ts", "test/sdk/x.test.ts", "we[i]rd.txt", "docs/a b.md")


@pytest.mark.parametrize(
    "pattern",
    [
        "package.json",
        "./package.json",
        "src/*.ts",
        "src/**/*.ts",
        "**/b.ts",
        "test/sdk/*.test.ts",
        "test/**",
        "src/",
        "src",
        "we[i]rd.txt",
        "docs/a b.md",
        "src/?.ts",
    ],
)
def test_there(pattern: str) -> None:
    assert missing_files([pattern], FILES) == ()


@pytest.mark.parametrize(
    "pattern",
    [
        "package",
        "*.ts",
        "src/b.ts",
        "sr",
        "/package.json",
        "../package.json",
        "src/../package.json",
        "test/*/y.test.ts",
        "",
    ],
)
def test_not_there(pattern: str) -> None:
    assert missing_files([pattern], FILES) == (pattern,)
