"""A real Redis, as a process of the test on a socket of its own; no service of the machine's."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

WITHIN_S = 60.0
"""How long a server may take to answer."""


@contextmanager
def redis(folder: Path) -> Generator[str]:
    """The URL of a Redis that keeps nothing. It listens on a socket in the folder, on no port."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is missing: .ci/run installs it (apt-get install redis-server)")
    folder.mkdir()
    socket = folder / "redis.sock"
    options = ("--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder))
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + WITHIN_S
        while not _answers(socket):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"redis+socket://{socket}"
    finally:
        process.terminate()
        process.wait()


def _answers(socket: Path) -> bool:
    try:
        return bool(Redis(unix_socket_path=str(socket)).ping())
    except RedisError:
        return False
