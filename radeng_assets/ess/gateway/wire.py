"""One HTTP request to the gateway: bounded in time and size, no redirect followed, no proxy asked."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import httpx2
from pydantic import JsonValue, SecretStr

from radeng_assets.ess.gateway.exchange import Outcome

MAX_BYTES = 4 * 1024 * 1024
"""Largest body that is read. Ten matches of 2,000 characters make about 30 kB."""


class NoReply(Exception):  # noqa: N818  # named for what was found
    """No whole reply came; ``outcome`` says how, the message says it in words."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        self.outcome: Outcome = outcome
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. The key, should the gateway repeat it, is blotted out of ``body``."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def fetch(
    url: str, seconds: float, *, question: Mapping[str, JsonValue] | None = None, key: SecretStr | None = None
) -> Reply:
    """``POST`` a question as JSON, or ``GET`` without one. Raises ``NoReply``; ``seconds`` bound everything."""
    # What is not compressed cannot unfold to more than it says.
    headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "radeng-assets"}
    secret = key.get_secret_value() if key else ""
    if secret:
        headers["authorization"] = f"Bearer {secret}"
    until = time.monotonic() + seconds
    method = "GET" if question is None else "POST"
    try:
        async with (
            asyncio.timeout(seconds),
            httpx2.AsyncClient(verify=_trusted(), trust_env=False, timeout=seconds) as client,
            client.stream(method, url, headers=headers, json=question) as answer,
        ):
            body = await _body(answer, until)
            return Reply(
                answer.status_code, answer.headers, body.replace(secret.encode(), b"[key]") if secret else body
            )
    except (TimeoutError, httpx2.TimeoutException):
        raise NoReply("timeout", f"no whole reply within {seconds:.1f} s") from None
    except httpx2.ConnectError:
        raise NoReply("unreachable", "nothing answers at its address") from None
    except (httpx2.InvalidURL, UnicodeError):
        raise NoReply("unreachable", "its address is no URL") from None
    except httpx2.HTTPError as error:
        raise NoReply("cut", f"the reply broke off, or is no HTTP ({type(error).__name__})") from None


async def _body(answer: httpx2.Response, until: float) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise NoReply("garbage", "the reply is compressed, which nobody asked for")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > MAX_BYTES:
            raise NoReply("too_large", f"the reply has more than {MAX_BYTES:,} bytes")
        if time.monotonic() > until:  # pieces that are there already never let the event loop look at its clock
            raise TimeoutError
    return bytes(body)


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's own certificate authorities (and those of ``SSL_CERT_FILE``). Loading them takes 50 ms."""
    return ssl.create_default_context()
