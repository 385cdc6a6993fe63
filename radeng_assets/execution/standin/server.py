"""The stand-in's server: plain asyncio, so that it can break off, reset and stall exactly where a script says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from radeng_assets.execution.standin.reply import Fault, Reply, events, message

PING_S = 0.2
"""Seconds between the pings of a stalled stream."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it came. ``number`` counts calls of ``/v1/messages`` from 1."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


Script = Callable[[Request], Reply]
"""Who decides what is answered. Called from the server's thread."""


@dataclass
class StandIn:
    """A Messages API on 127.0.0.1, for as long as the context lasts.

    ``key`` is the one that is let in (any, where it is empty). ``requests`` and ``replies`` are what came and went, in
    order; ``counts_tokens`` whether the token-count endpoint is there,
    ``says`` the message of its HTTP errors.
    """

    script: Script
    key: str = ""
    port: int = 0
    counts_tokens: bool = True
    says: str = "a fault of the stand-in"
    requests: list[Request] = field(default_factory=list[Request])
    replies: list[Reply] = field(default_factory=list[Reply])

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}"

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=64 * 2**20, backlog=1024)

    async def _stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(ConnectionError, RuntimeError):
                writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection can carry another."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        _, path, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        data = await reader.readexactly(int(headers.get("content-length", "0")))
        body: dict[str, Any] = json.loads(data) if data else {}
        if self.key and self.key not in (
            headers.get("x-api-key"),
            headers.get("authorization", "").removeprefix("Bearer "),
        ):
            return await _error(writer, 401, "authentication_error", "invalid x-api-key", {})
        if path.startswith("/v1/messages/count_tokens"):
            if not self.counts_tokens:
                return await _error(writer, 404, "not_found_error", "no such endpoint", {})
            return await _json(writer, 200, {"input_tokens": len(data) // 4}, {})
        if not path.startswith("/v1/messages"):
            return await _error(writer, 404, "not_found_error", "no such endpoint", {})
        request = Request(len(self.requests) + 1, path, headers, body)
        self.requests.append(request)
        reply = self.script(request)
        self.replies.append(reply)
        await asyncio.sleep(reply.delay_s)
        return await self._answer(reply, request, writer)

    async def _answer(self, reply: Reply, request: Request, writer: asyncio.StreamWriter) -> bool:
        fault = reply.fault
        if fault is not None and fault.kind == "status":
            kinds = {
                429: "rate_limit_error",
                529: "overloaded_error",
                401: "authentication_error",
                400: "invalid_request_error",
            }
            kind = kinds.get(fault.status, "api_error")
            return await _error(writer, fault.status, kind, self.says, fault.headers)
        if fault is not None and fault.kind == "silence":
            await asyncio.sleep(3600)
        if fault is not None and fault.kind == "reset" and fault.at == 0:
            return _reset(writer)
        model = str(request.body.get("model", ""))
        if not request.body.get("stream"):
            return await _json(writer, 200, message(reply, request.number, model), {})
        return await self._stream(reply, request.number, model, writer)

    async def _stream(self, reply: Reply, number: int, model: str, writer: asyncio.StreamWriter) -> bool:
        fault = reply.fault or Fault("status", at=10**9)
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
            b"request-id: req_standin\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        for place, (name, data) in enumerate(events(reply, number, model)):
            if place == fault.at and fault.kind in ("cut", "reset", "stall", "error_event", "garbage"):
                if fault.kind == "reset":
                    await writer.drain()
                    return _reset(writer)
                while fault.kind == "stall":
                    await _chunk(writer, _event("ping", {"type": "ping"}))
                    await asyncio.sleep(PING_S)
                if fault.kind == "garbage":
                    await _chunk(writer, b"event: \xff\xfe\ndata: \xff\xfe\xfa\n\n")
                if fault.kind == "error_event":
                    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
                    await _chunk(writer, _event("error", error))
                break
            writer.write(_chunked(_event(name, data)))
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _chunked(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(_chunked(data))
    await writer.drain()


async def _error(writer: asyncio.StreamWriter, status: int, kind: str, text: str, headers: Mapping[str, str]) -> bool:
    return await _json(writer, status, {"type": "error", "error": {"type": kind, "message": text}}, headers)


async def _json(writer: asyncio.StreamWriter, status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    data = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Answer", "content-type: application/json", f"content-length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + data)
    await writer.drain()
    return True


def _reset(writer: asyncio.StreamWriter) -> bool:
    """End the connection with a TCP reset: what is not sent yet is dropped."""
    sock: socket.socket | None = writer.get_extra_info("socket")
    if sock is not None:
        # The socket is asyncio's; a duplicate shares its options, and lets them be set.
        with socket.socket(fileno=socket.dup(sock.fileno())) as own:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False
