"""What kind of file a path is, by the conventions of its language and tools."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Set
from pathlib import PurePosixPath

_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "specs", "e2e"})
_TEST_NAME = re.compile(
    r"(?:test_.*|.*_test|tests?)\.(?:py|go|rs|rb|c|cc|cpp)|.*[._-](?:test|spec|tests)\.[cm]?[jt]sx?|.*Tests?\.(?:java|kt|cs)",
    re.DOTALL,
)

_ELSEWHERE = re.compile(
    r".*_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|netbsd|openbsd|plan9|solaris|wasip1|windows"
    r"|386|arm|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm)(?:_\w+)?_test\.go",
    re.DOTALL,
)

TOOLS = frozenset(
    {
        *("pytest", "_pytest", "pluggy", "coverage", "nose", "nose2", "hypothesis", "tox", "playwright"),
        *("mypy", "ruff", "flake8", "pylint", "bandit", "pip_audit"),
    }
)
"""Python modules of runners and checkers: one of the same name in the worktree is imported in their place."""

SETTINGS = frozenset(
    {
        *("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "noxfile.py", ".coveragerc", "pytest.ini", "mypy.ini"),
        *("ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pyrightconfig.json", "conftest.py"),
        *(
            "package.json",
            "tsconfig.json",
            "bunfig.toml",
            "biome.json",
            "biome.jsonc",
            ".npmrc",
            ".mocharc.json",
            ".nycrc",
        ),
        *("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "Taskfile.yml", "build.gradle", "pom.xml"),
        *(".pytest.ini", "pytest.toml", ".pytest.toml", ".python-version", ".tool-versions", "pip.conf", "uv.toml"),
        *(
            ".env",
            ".envrc",
            ".yarnrc",
            ".yarnrc.yml",
            ".pnpmfile.cjs",
            "pnpm-workspace.yaml",
            "deno.json",
            "deno.jsonc",
        ),
        *("go.work", "rust-toolchain.toml", "clippy.toml", "gradle.properties", ".rspec", "Rakefile", "phpunit.xml"),
        *("turbo.json", "nx.json", "lerna.json", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"),
        *("codecov.yml", ".codecov.yml", "sonar-project.properties", "Cargo.toml", "go.mod", ".golangci.yml"),
    }
)
"""Files by which runners, linters, type checkers and coverage tools are steered."""

_SETTINGS_NAME = re.compile(
    r"(?:jest|vitest|vite|playwright|cypress|eslint|karma|wdio|babel|ava|rollup|webpack)\.config\..+"
    r"|vitest\.workspace\..+|\.(?:eslintrc|babelrc|swcrc|mocharc|nycrc|c8rc|taprc).*|tsconfig\..+\.json|\.env\..+"
)


def is_test(path: str) -> bool:
    """Whether a path is a test's, or something that lies beside tests. ``conftest.py`` steers all tests: it is not."""
    name = PurePosixPath(path)
    if is_settings(path):
        return False
    return bool(_TEST_FOLDERS & set(name.parts[:-1])) or is_test_name(path)


def is_test_name(path: str) -> bool:
    """Whether runners take a file for a test by its name alone, wherever it lies."""
    return _TEST_NAME.fullmatch(PurePosixPath(path).name) is not None


def is_run(path: str) -> bool:
    """Whether a runner can be expected to run a test file: by its name, and not for another system (Go).

    Of JavaScript, jest also runs whatever lies in ``__tests__``.
    """
    name = PurePosixPath(path)
    return "__tests__" in name.parts or (is_test_name(path) and _ELSEWHERE.fullmatch(name.name) is None)


def is_settings(path: str) -> bool:
    """Whether a file steers the tools that prove things."""
    name = PurePosixPath(path).name
    return name in SETTINGS or path.endswith(".cargo/config.toml") or _SETTINGS_NAME.fullmatch(name) is not None


def words_of(command: str) -> tuple[str, ...]:
    """The words of a command, quotes gone; a text that no shell could split is split at spaces."""
    try:
        return tuple(shlex.split(command, comments=False))
    except ValueError:
        return tuple(command.split())


def named_files(commands: Iterable[str], paths: Set[str]) -> frozenset[str]:
    """The files among ``paths`` that commands name: a path, ``-m a.b``, or the Makefile behind ``make``."""
    found: set[str] = set()
    for command in commands:
        words = words_of(command)
        for index, word in enumerate(words):
            plain = word.removeprefix("./")
            found |= {plain} & paths
            found |= {part for part in re.split(r"[\s;|&()'\"=]+", word) if part in paths}
            if index and words[index - 1] == "-m":
                module = word.replace(".", "/")
                found |= {f"{module}.py", f"{module}/__main__.py", f"{module}/__init__.py"} & paths
            if PurePosixPath(word).name in ("make", "gmake"):
                found |= {"Makefile", "makefile", "GNUmakefile"} & paths
            if word == "just":
                found |= {"justfile", "Justfile"} & paths
    return frozenset(found)
