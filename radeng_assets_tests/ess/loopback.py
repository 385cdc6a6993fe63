"""A gateway on loopback that speaks the real one's contract, its refusals and every way of breaking off."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

KEY = "-".join(("ess", "canary", "4b1d", "9f03"))


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Wait:
    """Send nothing more until the server ends."""


@dataclass(frozen=True, slots=True)
class Reset:
    """End the connection with a TCP reset."""


Answer = Sequence[bytes | Wait | Reset]
"""What is sent, piece by piece; then the connection is closed."""

Script = Callable[[Request], Answer]


def http(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """A whole reply with a JSON body (bytes go out as they are)."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Answer", "content-type: application/json", f"content-length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ["\r\n".join([*lines, "", ""]).encode() + data]


def match(source: str, *lines: int, score: float = 0.9, **more: Any) -> dict[str, Any]:
    """A semantic match at ``lines`` (start and end, or none)."""
    span = dict(zip(("lineStart", "lineEnd"), lines, strict=False))
    return {"content": "…", "score": score, "source": source, "type": "code", **span, **more}


def reply(*matches: Mapping[str, Any], status: str = "success", **more: Any) -> dict[str, Any]:
    """The body of ``POST /query``, with fields that this project does not know."""
    return {
        "requestId": "869bc77d-8000-4add-9ddd-f4795069610c",
        "status": status,
        "timestamp": "2026-01-13T04:35:36.194Z",
        "queryType": "both",
        "results": {
            "semantic": {"summary": f"Found {len(matches)}", "matches": list(matches)},
            "structural": {
                "summary": "One",
                "relationships": [{"source": "a", "target": "b", "type": "CALLS", "path": ["a", "b"]}],
            },
            "insights": {"summary": "of a later version"},
        },
        "meta": {
            "qdrantQueried": True,
            "neo4jQueried": True,
            "qdrantLatency": 7,
            "neo4jLatency": 17.5,
            "totalLatency": 25,
            "cacheHit": False,
        },
        **more,
    }


def health(status: str = "healthy", **services: str) -> dict[str, Any]:
    """The body of ``GET /health``; ``services`` that are not ok."""
    states = {name: services.get(name, "ok") for name in ("neo4j", "qdrant", "redis", "ollama")}
    return {
        "status": status,
        "timestamp": "2026-01-13T04:35:36.194Z",
        "services": {name: {"status": state, "latency": 7} for name, state in states.items()},
        "uptime": 5,
    }


def speaking(query: Answer, healthy: Answer | None = None) -> Script:
    """The script of a gateway that answers every query and every health check in the same way."""
    good = http(200, health()) if healthy is None else healthy

    def script(request: Request) -> Answer:
        return good if request.path == "/health" else query

    return script


@dataclass
class LoopbackGateway:
    """A gateway on 127.0.0.1 for as long as the context lasts. ``requests`` are what came, in order.

    With a ``key`` it demands it as the real one does: 401 for none, 403 for another; ``/health`` is open to all.
    """

    script: Script
    key: str = ""
    requests: list[Request] = field(default_factory=list[Request])

    def __enter__(self) -> Self:
        gateway = self
        self._ending = threading.Event()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                request = _read(self.rfile)
                if request is not None:
                    gateway.requests.append(request)
                    gateway._send(gateway._answer(request), self.connection)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        """Method and path of every request."""
        return [f"{request.method} {request.path}" for request in self.requests]

    def _answer(self, request: Request) -> Answer:
        if self.key and request.path != "/health":
            given = request.headers.get("authorization", "").removeprefix("Bearer ") or request.headers.get("x-api-key")
            if not given:
                return http(401, {"error": "Unauthorized"})
            if given != self.key:
                return http(403, {"error": "Forbidden", "message": f"Invalid API key {given}"})
        if request.path == "/query" and not json.loads(request.body).get("query"):
            return http(400, {"error": "Missing required field: query"})
        return self.script(request)

    def _send(self, answer: Answer, connection: socket.socket) -> None:
        try:
            for piece in answer:
                if isinstance(piece, Wait):
                    self._ending.wait(30)
                elif isinstance(piece, Reset):
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    connection.sendall(piece)
        except OSError:
            pass  # the client has gone, which is what some scripts are about
        if any(isinstance(piece, Reset) for piece in answer):
            connection.close()


def _read(stream: Any) -> Request | None:
    first = stream.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(first[0], first[1], headers, stream.read(int(headers.get("content-length", "0"))))
