"""Commands that cannot fail. Whatever they are run on they end with 0, so that they ended with 0 shows nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePosixPath

_IDLE = frozenset({"true", ":", "echo", "printf", "sleep", "exit 0", "exit", "return 0", "[ 1 ]", "test 1", "! false"})
"""Programs, or whole commands, that end with 0 whatever they are given."""

_PASSING_ON = frozenset({"tee", "cat", "head", "tail"})
"""Programs that end with 0 behind a pipe, whatever came before them: ``sh`` has no ``pipefail``."""

_WRAPPERS = frozenset({"env", "command", "exec", "nohup", "time", "nice"})
_SHELLS = re.compile(r"(?:ba|da|z|k)?sh")
_PYTHON = re.compile(r"python[\d.]*")
_ASSIGNMENT = re.compile(r"\w+=.*", re.DOTALL)
_NOTHING = frozenset({"", "pass", "exit()", "exit(0)", "quit()"})
"""Programs in Python that do nothing."""

_ENDS = frozenset({";", "&", "\n", ";;"})
_JOINTS = frozenset({"&&", "||"})
_LEAVING = frozenset({"exit", "set", "return"})
"""What may end the shell before its last command."""


def can_fail(command: str) -> bool:
    """Whether a command, as ``/bin/sh`` reads it, may end with another exit code than 0.

    In doubt it may: this finds ``true``, ``echo done`` and ``pytest || true``, not every program that says yes.
    """
    if "pipefail" in command:
        return True
    lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|()\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    try:
        words = [word for word in lexer if word not in ("(", ")")]
    except ValueError:
        return True
    lists = _split(words, _ENDS)
    if not lists:
        return False
    # What lists come to is what the last one comes to, unless the shell is told to leave before that.
    if any(_LEAVING & set(words) for words in lists[:-1]):
        return True
    return words[-1] != "&" and _chain_can_fail(lists[-1])


def none_can_fail(commands: Sequence[str]) -> bool:
    """Whether there are commands, and none of them can fail."""
    return bool(commands) and not any(can_fail(command) for command in commands)


def _chain_can_fail(words: list[str]) -> bool:
    """``a && b`` fails with either, ``a || b`` only with both; they bind alike, from left to right."""
    first, *rest = [list(group) for _, group in groupby(words, key=lambda word: word in _JOINTS)]
    parts = [(["&&"], first), *zip(rest[::2], rest[1::2], strict=False)]
    fails = False
    for joint, part in parts:
        now = _pipe_can_fail(part)
        if now and part[0] in _LEAVING:
            return True  # `exit 1` ends the shell, whatever comes after it
        fails = fails or now if joint == ["&&"] else fails and now
    return fails


def _pipe_can_fail(words: list[str]) -> bool:
    parts = _split(words, frozenset({"|"}))
    if len(parts) > 1 and PurePosixPath(parts[-1][0]).name in _PASSING_ON:
        return False
    return bool(parts) and _program_can_fail(parts[-1])


def _program_can_fail(words: list[str]) -> bool:
    rest = list(words)
    while rest and (_ASSIGNMENT.fullmatch(rest[0]) or rest[0] in _WRAPPERS):
        rest.pop(0)
    if not rest:
        return False
    name, given = PurePosixPath(rest[0]).name, rest[1:]
    if name in _IDLE or " ".join([name, *given]) in _IDLE:
        # ``exit 1`` fails; ``echo anything`` does not.
        return name == "exit" and given not in ([], ["0"])
    if len(given) == 2 and given[0] == "-c" and _SHELLS.fullmatch(name):
        return can_fail(given[1])
    return not (len(given) == 2 and given[0] == "-c" and _PYTHON.fullmatch(name) and given[1].strip() in _NOTHING)


def _split(words: list[str], ends: frozenset[str]) -> list[list[str]]:
    return [list(group) for ended, group in groupby(words, key=lambda word: word in ends) if not ended]
