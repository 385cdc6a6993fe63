"""What the gateway says, typed: fields that nobody knows pass by, and a reply that lacks one of these is no reply.

The source is the gateway's own contract (github.com/usorama/engg-support-system, gateway/src/types/agent-contracts.ts
and server.ts). Names on the wire are camelCase.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        strict=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
    )


class ServiceHealth(_Part):
    """One store behind the gateway; ``latency`` in milliseconds."""

    status: Literal["ok", "error", "unknown"]
    latency: float | None = None
    error: str | None = None


class Health(_Part):
    """The body of ``GET /health``. ``services`` by name: neo4j, qdrant, redis, ollama."""

    status: Literal["healthy", "degraded", "unhealthy"]
    timestamp: str
    services: dict[str, ServiceHealth]


class Match(_Part):
    """A place found by meaning. Without lines it is about the whole file; ``name`` is a symbol's, if there is one."""

    content: str
    score: float
    source: str
    type: str
    line_start: int | None = None
    line_end: int | None = None
    name: str = ""


class Semantic(_Part):
    """What was found by meaning."""

    summary: str
    matches: tuple[Match, ...]


class Relationship(_Part):
    """An edge of the gateway's graph, and the way that led to it."""

    source: str
    target: str
    type: str
    path: tuple[str, ...]
    explanation: str | None = None


class Structural(_Part):
    """What was found in the graph."""

    summary: str
    relationships: tuple[Relationship, ...]


class Results(_Part):
    """Both searches' results."""

    semantic: Semantic
    structural: Structural


class Meta(_Part):
    """How the reply came about; latencies in milliseconds."""

    cache_hit: bool
    total_latency: float | None = None


class QueryReply(_Part):
    """The body of ``POST /query``. ``unavailable`` comes with HTTP status 200, and is not an answer."""

    request_id: str
    status: Literal["success", "partial", "unavailable"]
    timestamp: str
    query_type: str
    results: Results
    meta: Meta
    warnings: tuple[str, ...] = ()
    fallback_message: str | None = None
