"""The broker's process: takes its charge on standard input, serves on a Unix socket, ends when nobody needs it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import uvicorn

from radeng_assets.execution.agent_policy import AgentPolicy
from radeng_assets.execution.broker.audit import audit_of
from radeng_assets.execution.broker.books import Books
from radeng_assets.execution.broker.owners import Owner, Owners
from radeng_assets.execution.broker.relay import Relay
from radeng_assets.execution.broker.server import Server
from radeng_assets.execution.stop import StopSwitch
from radeng_assets.record import Record

WATCH_S = 0.2
"""How often the kill switch is looked at."""

DRAIN_S = 1.5
"""Seconds in which what is under way must have come in after a signal; what has not is charged."""


class Charge(Record):
    """What a broker is told when it starts. The key comes this way so that no command line or file ever has it."""

    home: Path
    socket: Path
    admin: str
    identity: str
    key: str
    base_url: str
    idle_s: float
    owner: Owner
    policy: AgentPolicy


async def serve(charge: Charge) -> None:
    """Serve until nobody needs it, until the home is gone, or until a signal."""
    switch = StopSwitch(charge.home / "STOP")
    with Books(charge.home / "broker" / "books.sqlite") as books:
        relay = Relay(charge.key, charge.base_url, charge.policy, books, lambda: switch.pulled)
        audit = audit_of(charge.home)
        owners = Owners((charge.owner,))
        server = Server(relay, books, audit, charge.admin, charge.identity, owners, last_call=time.monotonic())
        config = uvicorn.Config(
            server.app(),
            uds=str(charge.socket),
            log_level="error",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        web = uvicorn.Server(config)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, relay.halt)
        serving = asyncio.ensure_future(_serve_quietly(web))
        while not web.should_exit and not serving.done():
            await asyncio.sleep(WATCH_S)
            idle = not (server.in_flight or relay.under_way) and time.monotonic() - server.last_call > charge.idle_s
            idle = idle and not owners.left()
            if relay.ending or idle or not charge.home.is_dir():
                relay.halt()
                deadline = time.monotonic() + DRAIN_S
                while (server.in_flight or relay.under_way) and time.monotonic() < deadline:
                    await asyncio.sleep(0.02)
                web.should_exit = True
            elif switch.pulled is not None:
                relay.pause()
            else:
                relay.resume()
        await serving
        await relay.close()


async def _serve_quietly(web: uvicorn.Server) -> None:
    """Uvicorn's own signal handlers would end it before what is in flight is settled."""
    web.capture_signals = contextlib.nullcontext  # pyright: ignore[reportAttributeAccessIssue]
    await web.serve()


def main() -> None:
    """Read the charge and serve."""
    charge = Charge.model_validate_json(sys.stdin.buffer.read())
    if os.fork():
        os._exit(0)  # whoever started it waits for this process, and not for the broker
    (charge.socket.parent / "pid").write_text(str(os.getpid()), encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    asyncio.run(serve(charge))


if __name__ == "__main__":
    main()
