"""Running one command: bounded in time and output, alone in its environment, and nothing outlives it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import cast

from radeng_assets.evidence.envelope import Tool, timestamp
from radeng_assets.evidence.states import State
from radeng_assets.execution import keeper
from radeng_assets.execution.agent_policy import MachineLimits
from radeng_assets.execution.capture import Capture
from radeng_assets.execution.family import MARKER, end_family, excess
from radeng_assets.execution.sandbox import Sandbox
from radeng_assets.record import Record

ALLOWED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR")
"""The only variables of ours that a command sees (and ``LC_*``). A list of what is secret would miss the next one."""

POLL_S = 0.1
"""How often a running command's limits and the kill switch are looked at."""

_SHELL = re.compile(r"[|&;<>()$`\\*?\[\]{}~#!\n]|^\s*\w+=")


class CommandRun(Record):
    """What one command did.

    ``output`` is stdout and stderr as they came, its middle cut out where it was longer than the limit;
    ``total_bytes`` is how long it was.
    """

    argv: tuple[str, ...]
    state: State
    reason: str
    exit_code: int | None
    started: str
    ended: str
    output: bytes
    total_bytes: int
    tool: Tool


def command_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A command's whole environment: the allow-list, ``CI=true``, and what the caller adds."""
    base = {name: value for name, value in os.environ.items() if name in ALLOWED or name.startswith("LC_")}
    return {**base, "CI": "true", **(extra or {})}


def argv_of(command: str) -> tuple[str, ...]:
    """The argument vector of a command text: split where no shell is needed, else ``/bin/sh -c``."""
    if not _SHELL.search(command):
        try:
            words = shlex.split(command)
        except ValueError:  # an unclosed quote: the shell says it better
            words = []
        if words:
            return tuple(words)
    return ("/bin/sh", "-c", command)


def run_command(
    command: str | Sequence[str],
    cwd: Path,
    *,
    timeout_s: float,
    output_limit: int,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    sandbox: Sandbox | None = None,
    limits: MachineLimits | None = None,
    stopping: Callable[[], bool] | None = None,
) -> CommandRun:
    """Run a command to its end, or for ``timeout_s`` seconds, and end everything that it started.

    ``command`` is a text (a shell's where it needs one) or an argument vector. In a ``sandbox``, ``cwd`` is the one
    folder that it can change. It is ended as well when it takes more than ``limits`` (``failed``) and when ``stopping``
    says so (``skipped``). Never raises for what the command does: a program that is not there is ``no_runner``, one
    that does not end ``timeout``, one that fails or is killed ``failed``; only exit code 0 is ``passed``.
    """
    argv = argv_of(command) if isinstance(command, str) else tuple(command)
    text = command if isinstance(command, str) else shlex.join(argv)
    environment = {**command_environment(env), MARKER: uuid.uuid4().hex}
    tool = Tool(name=argv[0], path=shutil.which(argv[0], path=environment.get("PATH")))
    started = timestamp()
    capture = Capture(output_limit)

    def ended(state: State, reason: str, code: int | None) -> CommandRun:
        return CommandRun(
            argv=argv,
            state=state,
            reason=reason,
            exit_code=code,
            started=started,
            ended=timestamp(),
            output=capture.output(),
            total_bytes=capture.total,
            tool=tool,
        )

    if not text.strip() or text.lstrip().startswith("#"):
        # To a shell nothing is a success; to us nothing has shown nothing.
        return ended("no_runner", f"`{text}` is no command", None)
    wrapped = _limited(argv, limits) if sandbox or limits else argv
    try:
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(
                sandbox.wrap(wrapped, cwd) if sandbox else _kept(wrapped),
                cwd=cwd,
                env=environment,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return ended("no_runner", f"`{text}` did not start: {argv[0]}: {why}", None)
    pipe = cast("BufferedReader", process.stdout)  # because stdout=PIPE, in bytes, buffered
    reader = threading.Thread(target=capture.drain, args=(pipe,), daemon=True)
    reader.start()
    cut: tuple[State, str] | None = None
    try:
        cut = _watch(process, cwd, timeout_s, limits, stopping)
    finally:
        end_family(process, environment[MARKER])
    # The family is dead, so the pipe is closed; a process that hid from us must not hang us.
    reader.join(10)
    if not reader.is_alive():
        pipe.close()
    if cut is not None:
        return ended(cut[0], f"`{text}` {cut[1]}", None)
    return ended(*_judge(text, process.returncode), process.returncode)


def _kept(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command behind a keeper, where the system has what a keeper needs."""
    if sys.platform != "linux":
        return argv
    return (sys.executable, "-I", "-S", keeper.__file__, *argv)


def _limited(argv: tuple[str, ...], limits: MachineLimits | None) -> tuple[str, ...]:
    """The command behind a shell that bounds the size of files. A missing program is then 127, in a sandbox as well."""
    # POSIX counts `ulimit -f` in blocks of 512 bytes.
    bound = f"ulimit -f {limits.command_file // 512}; " if limits else ""
    return ("/bin/sh", "-c", f'{bound}exec "$@"', "sh", *argv)


def _watch(
    process: subprocess.Popen[bytes],
    cwd: Path,
    timeout_s: float,
    limits: MachineLimits | None,
    stopping: Callable[[], bool] | None,
) -> tuple[State, str] | None:
    """Wait until the command ends by itself (``None``), or say why it must be ended."""
    deadline = time.monotonic() + timeout_s
    while True:
        left = deadline - time.monotonic()
        watched = limits is not None or stopping is not None
        try:
            process.wait(max(0.0, min(left, POLL_S)) if watched else max(0.0, left))
        except subprocess.TimeoutExpired:
            pass
        else:
            return None
        if time.monotonic() >= deadline:
            return "timeout", f"did not end within {timeout_s:g} s"
        if stopping is not None and stopping():
            return "skipped", "was stopped: everything is to halt"
        over = excess(process.pid, cwd, limits) if limits is not None else ""
        if over:
            return "failed", f"{over} and was ended"


def _judge(command: str, code: int) -> tuple[State, str]:
    if code == 0:
        return "passed", ""
    if code in (126, 127):  # POSIX shell: found but not executable, not found
        return "no_runner", f"`{command}`: a program was not found or is not executable"
    if code < 0:
        return "failed", f"`{command}` was killed by {signal.Signals(-code).name}"
    return "failed", f"`{command}` ended with exit code {code}"
