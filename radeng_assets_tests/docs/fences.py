"""Code blocks of the documentation as scripts. CONTRIBUTING.md says the rules.

``sh`` and ``console`` blocks are run, from top to bottom of a page, in one folder. ``# exit N`` behind a command says
with what it ends, else 0. In a ``console`` block lines behind ``$ `` are commands, and the others what they print;
``…`` stands for anything in a line, and alone for any lines. ``no-run: REASON`` behind the language keeps a block from
being run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from radeng_assets_tests.conftest import ROOT

RUN = ("sh", "console")
NO_RUN = "no-run: "

_EXIT = re.compile(r"\s#\s.*\bexit (\d+)\b.*$")
_COMMAND_LIKE = re.compile(r"^(\$ |(\S*/)?radeng |make |export |git |pip )", re.MULTILINE)
_BREAK = "\036"


@dataclass(frozen=True)
class Fence:
    """A fenced block. ``words`` is what stands behind the language."""

    page: str
    line: int
    language: str
    words: str
    text: str

    @property
    def reason(self) -> str:
        """Why it is not run; empty where nothing says so."""
        return self.words.removeprefix(NO_RUN) if self.words.startswith(NO_RUN) else ""

    @property
    def runs(self) -> bool:
        return self.language in RUN and not self.reason

    @property
    def looks_like_commands(self) -> bool:
        return bool(_COMMAND_LIKE.search(self.text))

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Every page that people are sent to."""
    named = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    found = [path for folder in ("docs", "deploy", "examples/ci") for path in (ROOT / folder).rglob("*.md")]
    return named + sorted(found)


def fences(page: Path) -> list[Fence]:
    """The fenced blocks of a page, in order."""
    name = page.relative_to(ROOT).as_posix()
    return read_fences(page.read_text("utf-8"), name)


def read_fences(text: str, name: str) -> list[Fence]:
    found: list[Fence] = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and token.map:
            language, _, words = token.info.strip().partition(" ")
            found.append(Fence(name, token.map[0] + 1, language, words.strip(), token.content))
    return found


def commands(fence: Fence) -> list[tuple[str, str]]:
    """(command, what it is said to print). An ``sh`` block is one command, of which nothing is said."""
    if fence.language == "sh":
        return [("\n".join(_ending(line) for line in fence.text.splitlines()), "…\n")]
    found: list[tuple[str, str]] = []
    for line in fence.text.splitlines():
        if line.startswith("$ "):
            found.append((_ending(line[2:]), ""))
        else:
            assert found, f"{fence.place}: the block does not begin with a command"
            command, said = found[-1]
            found[-1] = (command, f"{said}{line}\n")
    return found


def script(fence: Fence) -> str:
    """A bash script that ends at the first command that does not do as it is said to."""
    between = f"\nprintf '{_BREAK}'\n"
    return "set -eu\n" + between.join(command for command, _ in commands(fence)) + "\n"


def surprises(fence: Fence, output: str) -> list[str]:
    """What of the output of ``script`` is another than the block says."""
    parts = output.split(_BREAK)
    said = [expected for _, expected in commands(fence)]
    assert len(parts) == len(said), (fence.place, parts)
    return [part for part, expected in zip(parts, said, strict=True) if not _pattern(expected).fullmatch(_trim(part))]


def _ending(line: str) -> str:
    """A command that must end with another code than 0, as one that must end with 0."""
    found = _EXIT.search(line)
    if found is None or found[1] == "0":
        return line
    return f"code=0; {line[: found.start()]} || code=$?; test $code -eq {found[1]}"


def _pattern(said: str) -> re.Pattern[str]:
    lines = said.splitlines()
    return re.compile("".join(r"(?:.*\n)*?" if line == "…" else f"{_any(line)}\n" for line in lines))


def _any(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.rstrip().split("…"))


def _trim(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
