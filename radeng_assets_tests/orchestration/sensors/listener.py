"""A web server on loopback that keeps what it is told and answers as a test wants."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Heard:
    path: str
    document: dict[str, Any]


class Listener:
    """``answer`` and ``status`` are what everybody gets; ``silent`` keeps everybody waiting until the end."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.status, self.answer, self.silent = 200, b"ok", False
        self.over = threading.Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append(Heard(self.path, json.loads(body)))
                if listener.silent:
                    listener.over.wait(30)
                    return
                self.send_response(listener.status)
                if listener.status == 302:
                    self.send_header("Location", f"{listener.url}/elsewhere")
                self.send_header("Content-Length", str(len(listener.answer)))
                self.end_headers()
                self.wfile.write(listener.answer)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nothing on the stderr of tests."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
