"""Running one command: bounded in time and output, alone in its environment, and nothing outlives it."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import cast

import psutil

from radeng_assets.evidence.envelope import Tool, timestamp
from radeng_assets.evidence.states import State
from radeng_assets.record import Record

ALLOWED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR")
"""The only variables of ours that a command sees (and ``LC_*``). A list of what is secret would miss the next one."""

MARKER = "COMMAND_ID_OF_RADENG"
"""Set in every command's environment, so that its descendants are found even after they left its session."""

_SHELL = re.compile(r"[|&;<>()$`\\*?\[\]{}~#!\n]|^\s*\w+=")
_CHUNK = 65_536


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
    command: str,
    cwd: Path,
    *,
    timeout_s: float,
    output_limit: int,
    env: Mapping[str, str] | None = None,
) -> CommandRun:
    """Run a command to its end, or for ``timeout_s`` seconds, and end everything that it started.

    Never raises for what the command does: a program that is not there is ``no_runner``, one that does not end
    ``timeout``, one that fails or is killed ``failed``; only exit code 0 is ``passed``.
    """
    argv = argv_of(command)
    environment = {**command_environment(env), MARKER: uuid.uuid4().hex}
    tool = Tool(name=argv[0], path=shutil.which(argv[0], path=environment.get("PATH")))
    started = timestamp()
    capture = _Capture(output_limit)

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

    if not command.strip() or command.lstrip().startswith("#"):
        # To a shell nothing is a success; to us nothing has shown nothing.
        return ended("no_runner", f"`{command}` is no command", None)
    try:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return ended("no_runner", f"`{command}` did not start: {argv[0]}: {why}", None)
    pipe = cast("BufferedReader", process.stdout)  # because stdout=PIPE, in bytes, buffered
    reader = threading.Thread(target=capture.drain, args=(pipe,), daemon=True)
    reader.start()
    late = False
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        late = True
    finally:
        _end_family(process, environment[MARKER])
    # The family is dead, so the pipe is closed; a process that hid from us must not hang us.
    reader.join(10)
    if not reader.is_alive():
        pipe.close()
    code = process.returncode
    if late:
        return ended("timeout", f"`{command}` did not end within {timeout_s:g} s", None)
    return ended(*_judge(command, code), code)


def _judge(command: str, code: int) -> tuple[State, str]:
    if code == 0:
        return "passed", ""
    if code in (126, 127):  # POSIX shell: found but not executable, not found
        return "no_runner", f"`{command}`: a program was not found or is not executable"
    if code < 0:
        return "failed", f"`{command}` was killed by {signal.Signals(-code).name}"
    return "failed", f"`{command}` ended with exit code {code}"


def _end_family(process: subprocess.Popen[bytes], marker: str) -> None:
    """Kill the process group, and every descendant that carries the marker, until none is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(20):  # a fork bomb loses members faster than it gains them, or the loop ends
        members = [found for found in psutil.process_iter() if _carries(found, marker)]
        if not members:
            return
        for member in members:
            try:
                member.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(members, timeout=1)


def _carries(process: psutil.Process, marker: str) -> bool:
    try:
        return process.environ().get(MARKER) == marker and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False


class _Capture:
    """The first and the last bytes of a stream of any length, in bounded memory."""

    def __init__(self, limit: int) -> None:
        self._half = max(limit // 2, 1)
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self.total = 0

    def drain(self, stream: BufferedReader) -> None:
        """Read to the end of the stream."""
        while chunk := stream.read1(_CHUNK):
            self._take(chunk)

    def _take(self, chunk: bytes) -> None:
        self.total += len(chunk)
        room = self._half - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        if chunk:
            self._tail.append(chunk)
            self._tail_size += len(chunk)
            while self._tail_size - len(self._tail[0]) >= self._half:
                self._tail_size -= len(self._tail.popleft())

    def output(self) -> bytes:
        """What was kept, with a line that says how much was cut."""
        tail = b"".join(self._tail)[-self._half :]
        cut = self.total - len(self._head) - len(tail)
        if cut <= 0:
            return bytes(self._head) + tail
        return bytes(self._head) + f"\n[… {cut} bytes cut …]\n".encode() + tail
