"""Inside a sandbox: an address on loopback that leads to the broker's socket, for a command that speaks HTTP over TCP.

``python forward.py SOCKET -- COMMAND...`` runs the command with ``ANTHROPIC_BASE_URL`` set and ends with its exit code.
It stands alone (standard library only), because a sandbox shows this one file and not our package.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading


def _copy(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way until one side ends."""
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _serve(listener: socket.socket, path: str) -> None:
    while True:
        caller, _ = listener.accept()
        broker = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            broker.connect(path)
        except OSError:
            caller.close()
            continue
        for one, other in ((caller, broker), (broker, caller)):
            threading.Thread(target=_copy, args=(one, other), daemon=True).start()


def main() -> int:
    """Listen, run the command, and give its exit code back."""
    path, command = sys.argv[1], sys.argv[3:]
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, path), daemon=True).start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return subprocess.run(command, env={**os.environ, "ANTHROPIC_BASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
