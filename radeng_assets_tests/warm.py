"""``radeng`` for scripts of tests: a program on PATH whose every call is a fork of one process that is warm.

A process of its own takes seconds to import what one verb needs. Here a call has its own working directory,
environment, standard streams and exit code all the same: it is the product, only started sooner.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from radeng_assets_tests.processes import environment

GONE = 70
"""What a call ends with whose process was killed."""

_CALLER = """\
#!{python} -IS
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [len(call).to_bytes(8, "big")], [0, 1, 2])
    line.sendall(call)
    answer = line.recv(1)
sys.exit(answer[0] if answer else {gone})
"""


@contextmanager
def warm_radeng(folder: Path) -> Generator[Path]:
    """A folder for PATH with a ``radeng`` in it, for as long as the context is open."""
    bin_folder, address = folder / "bin", folder / "line"
    bin_folder.mkdir(parents=True)
    program = bin_folder / "radeng"
    program.write_text(_CALLER.format(python=sys.executable, address=str(address), gone=GONE), encoding="utf-8")
    program.chmod(0o755)
    command = [sys.executable, "-m", "radeng_assets_tests.warm", str(address)]
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"warm\n"
        # Leaving closes its standard input, at which it ends; so does the end of this process, however it comes.
        yield bin_folder


def _serve(address: str) -> None:
    from radeng_assets.cli.app import app

    assert app
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        sys.stdout.write("warm\n")
        sys.stdout.flush()
        while sys.stdin not in (ready := select.select([server, sys.stdin], [], [], 1.0)[0]):
            _bury()
            if server in ready:
                with server.accept()[0] as line:
                    if os.fork() == 0:
                        server.close()
                        _answer(line)


def _bury() -> None:
    """Take note of calls that are over."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return


def _answer(line: socket.socket) -> NoReturn:
    """Be one call: with the caller's streams, folder and environment."""
    code = GONE
    try:
        size, streams, _, _ = socket.recv_fds(line, 8, 3)
        with line.makefile("rb") as reader:
            arguments, folder, variables = json.loads(reader.read(int.from_bytes(size, "big")))
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        code = _call(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        line.sendall(bytes([code]))
        os._exit(code)


def _call(arguments: list[str]) -> int:
    from radeng_assets.cli.app import main

    sys.argv = ["radeng", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
