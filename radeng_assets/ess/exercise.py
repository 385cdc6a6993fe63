"""Both branches of the code index, tried: service up and service down. A fallback never exercised is a claim."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

from radeng_assets.ess.gateway.client import Gateway
from radeng_assets.ess.service import EssService
from radeng_assets.ess.trials import BranchTrial, Exercise


def exercise(service: EssService, query: str, clock: Callable[[], float] = time.monotonic) -> Exercise:
    """Ask ``query`` with the service up, if one is configured, and with it down. ``clock`` gives seconds.

    The cache takes no part: what the gateway said before shows neither branch.
    """
    bare = replace(service, cache=None)
    return Exercise(
        query=query,
        commit=service.index.commit,
        index=service.index.digest,
        up=_up(bare, query, clock),
        down=_down(bare, query, clock),
    )


def _up(service: EssService, query: str, clock: Callable[[], float]) -> BranchTrial:
    if service.gateway is None:
        reason = "no gateway is configured (RADENG_ESS_URL)"
        return BranchTrial(branch="service_up", demanded=False, state="missing", reason=reason)
    health = service.gateway.health()
    if health.state != "healthy":
        return BranchTrial(
            branch="service_up", demanded=True, state="failed", reason=health.reason, health=health.state
        )
    begun = clock()
    asked = service.ask(query)
    elapsed = clock() - begun
    if asked.branch == "gateway" and asked.outcome == "answered":
        state, reason = "passed", f"the gateway named {len(asked.answer.results)} places that exist at this commit"
    else:
        state = "timeout" if asked.outcome == "timeout" else "failed"
        reason = f"the gateway is healthy, and gave no whole answer: {asked.why}"
    return BranchTrial(
        branch="service_up",
        demanded=True,
        state=state,
        reason=reason,
        health=health.state,
        outcome=asked.outcome,
        source=asked.answer.source,
        results=len(asked.answer.results),
        elapsed_s=elapsed,
    )


def _down(service: EssService, query: str, clock: Callable[[], float]) -> BranchTrial:
    """The same question, with a gateway in front at whose address nobody listens."""
    with _closed_port() as port:
        away = replace(service, gateway=Gateway(f"http://127.0.0.1:{port}", service.terms.gateway))
        begun = clock()
        asked = away.ask(query)
        elapsed = clock() - begun
    most = service.terms.fallback_deadline_s
    found = len(asked.answer.results)
    if asked.branch != "embedded" or asked.outcome != "unreachable":
        state, reason = "failed", f"the gateway was not away: {asked.outcome}"
    elif not found:
        state, reason = "failed", "the embedded index names no place for the query"
    elif elapsed > most:
        state, reason = "timeout", f"the embedded index answered after {elapsed:.1f} s, over {most:g} s"
    else:
        state, reason = "passed", f"the embedded index named {found} places within {most:g} s"
    return BranchTrial(
        branch="service_down",
        demanded=True,
        state=state,
        reason=reason,
        outcome=asked.outcome,
        source=asked.answer.source,
        results=found,
        elapsed_s=elapsed,
    )


@contextmanager
def _closed_port() -> Generator[int]:
    """A loopback port that refuses connections for as long as this lasts: ours, and never listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
