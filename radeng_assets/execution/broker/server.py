"""The broker's HTTP face on a Unix socket: the Messages API for agents, and a few calls of our own."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from radeng_assets.evidence.rotation import RotatedLedger
from radeng_assets.execution.agent_policy import SpendingLimits
from radeng_assets.execution.broker.audit import line_of
from radeng_assets.execution.broker.books import Books
from radeng_assets.execution.broker.line import TURN_HEADER, Health, Refusal, Scope
from radeng_assets.execution.broker.owners import Owner, Owners
from radeng_assets.execution.broker.relay import PASSED_ON, Outcome, Refused, Relay, Turn

MOST_TOKENS = 128_000
"""What ``max_tokens`` may be: more than any model of the table writes in one reply."""


@dataclass
class Server:
    """The calls. ``admin`` is the secret of whoever may grant capabilities; ``identity`` tells brokers apart.

    ``owners`` are the processes that it stays for.
    """

    relay: Relay
    books: Books
    audit: RotatedLedger
    admin: str
    identity: str
    owners: Owners
    last_call: float = 0.0
    in_flight: int = 0

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route("/v1/messages", self.messages, methods=["POST"]),
                Route("/v1/messages/count_tokens", self.count, methods=["POST"]),
                Route("/radeng/health", self.health),
                Route("/radeng/keep", self.keep, methods=["POST"]),
                Route("/radeng/grant", self.grant, methods=["POST"]),
                Route("/radeng/revoke", self.revoke, methods=["POST"]),
                Route("/radeng/spent", self.spent, methods=["POST"]),
                Route("/radeng/holds-secret", self.holds_secret, methods=["POST"]),
            ]
        )

    async def messages(self, request: Request) -> Response:
        """One turn."""
        self.last_call = time.monotonic()
        known = self._capability(request)
        if known is None:
            return _refuse("radeng_unknown_capability", "this capability is unknown or has ended", 401)
        body = await request.body()
        asked = _object(body)
        model, most = asked.get("model"), asked.get("max_tokens")
        if not isinstance(model, str) or not isinstance(most, int) or not 0 < most <= MOST_TOKENS:
            return _refuse("radeng_upstream", f"a request names a model and max_tokens from 1 to {MOST_TOKENS}", 400)
        scope, limits = known
        turn = Turn(
            scope=scope,
            limits=limits,
            name=request.headers.get(TURN_HEADER, ""),
            digest=hashlib.sha256(body).hexdigest(),
            headers={name: request.headers[name] for name in PASSED_ON if name in request.headers},
            body=body,
            model=model,
            max_tokens=most,
        )
        self.in_flight += 1
        try:
            return await self._carried(turn)
        finally:
            self.in_flight -= 1

    async def _carried(self, turn: Turn) -> Response:
        outcome, began = Outcome(), time.monotonic()
        try:
            paid = await self.relay.carry(turn, outcome)
        except Refused as refused:
            outcome.what = refused.kind
            return _refuse(refused.kind, str(refused), refused.status)
        finally:
            self.last_call = time.monotonic()
            # In a thread: while this line waits for the disk, other turns go on.
            await asyncio.to_thread(self.audit.append, "turn", line_of(turn, outcome, began))
        return Response(paid.body, paid.status, media_type=paid.kind)

    async def count(self, request: Request) -> Response:
        """Pass a token count on: it is free."""
        if self._capability(request) is None:
            return _refuse("radeng_unknown_capability", "this capability is unknown or has ended", 401)
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        try:
            paid = await self.relay.count(await request.body(), headers)
        except Refused as refused:
            return _refuse(refused.kind, str(refused), refused.status)
        return Response(paid.body, paid.status, media_type=paid.kind)

    async def health(self, request: Request) -> Response:
        """That it is there, and which it is."""
        del request
        health = Health(identity=self.identity, in_flight=self.in_flight, circuit_open=self.relay.breaker.is_open)
        return JSONResponse(health.model_dump())

    async def keep(self, request: Request) -> Response:
        """Stay for one more process."""
        asked = await self._admin(request)
        if asked is None:
            return _refuse("radeng_unknown_capability", "not yours to ask", 403)
        self.owners.add(Owner.model_validate(asked))
        return JSONResponse({})

    async def grant(self, request: Request) -> Response:
        """A new capability for a scope."""
        asked = await self._admin(request)
        if asked is None:
            return _refuse("radeng_unknown_capability", "not yours to ask", 403)
        token = str(asked["token"])
        limits = SpendingLimits.model_validate(asked["limits"])
        self.books.grant(digest_of_token(token), Scope.model_validate(asked["scope"]), limits)
        return JSONResponse({})

    async def revoke(self, request: Request) -> Response:
        """End a scope's capabilities."""
        asked = await self._admin(request)
        if asked is None:
            return _refuse("radeng_unknown_capability", "not yours to ask", 403)
        self.books.revoke(Scope.model_validate(asked["scope"]))
        return JSONResponse({})

    async def spent(self, request: Request) -> Response:
        """What the turns of some scopes consumed."""
        asked = await self._admin(request)
        if asked is None:
            return _refuse("radeng_unknown_capability", "not yours to ask", 403)
        where = {name: value for name, value in asked.items() if isinstance(value, str | int)}
        return JSONResponse(self.books.spent(**where)[0].model_dump())

    async def holds_secret(self, request: Request) -> Response:
        """Whether a text holds the key in any disguise, asked by whoever does not know it."""
        asked = await self._admin(request)
        if asked is None:
            return _refuse("radeng_unknown_capability", "not yours to ask", 403)
        text = str(asked.get("text", ""))
        return JSONResponse({"holds": any(form in text for form in key_forms(self.relay.key))})

    def _capability(self, request: Request) -> tuple[Scope, SpendingLimits] | None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = request.headers.get("x-api-key") or bearer
        return self.books.capability(digest_of_token(token)) if token else None

    async def _admin(self, request: Request) -> dict[str, JsonValue] | None:
        if not hmac.compare_digest(request.headers.get("x-radeng-admin", "").encode(), self.admin.encode()):
            return None
        return _object(await request.body())


def digest_of_token(token: str) -> str:
    """What the books keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_forms(key: str) -> tuple[str, ...]:
    """The forms in which the key may stand in a text."""
    if not key:
        return ()
    data = key.encode()
    forms = {key, key[::-1], data.hex(), quote(key, safe="")}
    forms |= {base64.b64encode(b"\0" * offset + data).decode()[4 if offset else 0 : -4] for offset in range(3)}
    return tuple(form for form in forms if len(form) >= 8)


def _object(body: bytes) -> dict[str, JsonValue]:
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, JsonValue]", value) if isinstance(value, dict) else {}


def _refuse(kind: Refusal, message: str, status: int) -> Response:
    return JSONResponse({"type": "error", "error": {"type": kind, "message": message}}, status)
