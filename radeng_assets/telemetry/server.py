"""``/metrics``, ``/health`` and ``/ready`` over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from radeng_assets.evidence.envelope import Producer
from radeng_assets.telemetry.exposition import CONTENT_TYPE, exposition
from radeng_assets.telemetry.probes import Probes, Readiness
from radeng_assets.telemetry.watch import Watch

HOLDS_S = 2.0
"""For how long (s) an answer of the checks is given again: many who ask at once cost one look."""


@dataclass
class Telemetry:
    """The answers. Looking takes turns: two looks at once would read everything twice."""

    watch: Watch
    probes: Probes
    holds_s: float = HOLDS_S
    _last: tuple[float, Readiness] | None = None
    _look: asyncio.Lock = field(default_factory=asyncio.Lock)

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route("/metrics", self.metrics),
                Route("/health", self.health),
                Route("/ready", self.ready),
            ]
        )

    async def health(self, request: Request) -> Response:
        """That this process is up, and nothing else: whoever restarts it on a failure must not do so for a plan."""
        del request
        return JSONResponse({"schema": "radeng/health/v1", "status": "up", "version": Producer().version})

    async def ready(self, request: Request) -> Response:
        """200 where everything holds, else 503; the reasons in either case."""
        del request
        async with self._look:
            readiness = await self._readiness()
        return JSONResponse(readiness.document(), 200 if readiness.ready else 503)

    async def metrics(self, request: Request) -> Response:
        """Every metric; 503 with a reason where the record cannot be read: no count is better than a false one."""
        del request
        async with self._look:
            readiness = await self._readiness()
            try:
                samples = await asyncio.to_thread(self.watch.samples, readiness)
            except (OSError, sqlite3.Error) as error:
                return Response(f"the record cannot be read: {error}\n", 503, media_type="text/plain")
        return Response(exposition(samples), headers={"content-type": CONTENT_TYPE})

    async def _readiness(self) -> Readiness:
        if self._last is None or time.monotonic() - self._last[0] >= self.holds_s:
            self._last = (time.monotonic(), await asyncio.to_thread(self.probes.look))
        return self._last[1]
